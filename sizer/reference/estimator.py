"""The reference system's estimator: settings of a run, and one accelerator's performance."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from attrs import Factory, asdict, field, frozen

from sizer.catalog.formats import find_weight_format
from sizer.diagnostic import problem
from sizer.reference.architecture import PRECISION, GPUSpec, ModelArchitecture, facts_of, given
from sizer.reference.judgement import tried
from sizer.reference.lengths import Lengths
from sizer.reference.memory import memory_of
from sizer.reference.request import Item, Request, named
from sizer.schema.answered.recommendation import Performance

FORMATS: Mapping[float, str] = {4: "fp32", 2: "fp16", 1: "int8", 0.5: "int4"}


@frozen
class SyntheticBenchmarkEstimator:
    """The estimator's settings: a weight format, how many requests run together, their lengths.

    Lengths are in tokens; of `sequence_length` alone a quarter is the answer. `precision_bytes`
    is taken for the weight format of so many bytes, with a warning; read, it is the bytes of the
    format. `concurrent_users` is another name of `batch_size`. `memory_overhead_factor` changes
    nothing, with a warning, as memory is estimated part by part.
    """

    precision: str = PRECISION
    batch_size: int = 1
    input_length: int | None = field(default=None, kw_only=True)
    output_length: int | None = field(default=None, kw_only=True)
    sequence_length: int | None = field(default=None, kw_only=True)
    concurrent_users: int = field(
        default=Factory(lambda self: self.batch_size, takes_self=True), kw_only=True
    )
    _given_bytes: float | None = field(default=None, kw_only=True, alias="precision_bytes")
    memory_overhead_factor: float | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Warn of what is replaced by something else. Raises Problem for bytes of no format."""
        if self._given_bytes is not None:
            _warn(f"precision_bytes = {self._given_bytes} is precision = {self.weights!r}")
        if self.batch_size not in {1, self.concurrent_users}:
            said = f"batch_size = {self.batch_size} and concurrent_users = {self.concurrent_users}"
            raise problem("SZ104", said, hint="they are one number: name one of them")
        if self.memory_overhead_factor is not None:
            _warn("memory_overhead_factor has no effect: every part of the memory is estimated")

    @property
    def precision_bytes(self) -> float:
        """Return the bytes of a weight, its share of the scales included."""
        if self._given_bytes is not None:
            return self._given_bytes
        return find_weight_format(self.precision).linear_bytes

    @property
    def weights(self) -> str:
        """Return the weight format."""
        if self._given_bytes is None:
            return self.precision
        found = FORMATS.get(float(self._given_bytes))
        if found is None:
            said = f"precision_bytes = {self._given_bytes} is of no weight format"
            raise problem("SZ104", said, hint="name one: precision='fp8'")
        return found

    @property
    def lengths(self) -> Lengths:
        """Return the lengths of a request."""
        return Lengths(self.input_length, self.output_length, self.sequence_length)

    def estimate_memory_weights(self, model: ModelArchitecture) -> float:
        """Return what the weights take, in 1e9 bytes. Raises Problem."""
        return self.estimate_total_memory(model)["weights_gb"]

    def estimate_memory_kv_cache(
        self, model: ModelArchitecture, sequence_length: int | None = None
    ) -> float:
        """Return what the cache takes of all sequences that run together, in 1e9 bytes.

        Each has `sequence_length` tokens, else the estimator's lengths, else the model's longest.
        Raises Problem.
        """
        return self.estimate_total_memory(model, sequence_length)["kv_cache_gb"]

    def estimate_memory_activations(
        self, model: ModelArchitecture, sequence_length: int | None = None
    ) -> float:
        """Return what the engine sets aside for activations, in 1e9 bytes. Raises Problem."""
        return self.estimate_total_memory(model, sequence_length)["activations_gb"]

    def estimate_total_memory(
        self,
        model: ModelArchitecture,
        sequence_length: int | None = None,
        gpu: GPUSpec | None = None,
    ) -> dict[str, float]:
        """Return what a model takes of one accelerator, part by part and in all, in 1e9 bytes.

        The keys are `weights_gb`, `kv_cache_gb`, `activations_gb`, `overhead_gb` and `total_gb`.
        Activations and overhead are an engine's on `gpu`, or on an H100. Nothing needs to fit.
        Raises Problem.
        """
        found = memory_of(
            given(model),
            facts_of([model]),
            precision=self.weights,
            batch_size=self.concurrent_users,
            lengths=self._lengths_of(model, sequence_length),
            gpu=None if gpu is None else given(gpu),
        )
        return asdict(found)

    def _lengths_of(self, model: ModelArchitecture, sequence_length: int | None) -> Lengths:
        if sequence_length is not None:
            return Lengths(sequence_length=sequence_length)
        if self.lengths != Lengths():
            return self.lengths
        return Lengths(sequence_length=model.get_max_sequence_length())

    def estimate_performance(
        self,
        model: ModelArchitecture,
        gpu: GPUSpec,
        sequence_length: int | None = None,
        tensor_parallel_size: int = 1,
        *,
        input_length: int | None = None,
        output_length: int | None = None,
    ) -> Performance:
        """Return one accelerator's performance; what does not fit has rate 0, infinite times.

        A load beyond the model's context is shortened, with a warning.
        Raises Problem when the model cannot be split so.
        """
        lengths = Lengths(input_length, output_length, sequence_length)
        asked = Request(
            models=model_items([model]),
            library=(),
            custom=gpu_items([gpu]),
            precision=self.weights,
            batch_size=self.concurrent_users,
            lengths=self.lengths if lengths == Lengths() else lengths,
            most_gpus=tensor_parallel_size,
        )
        verdicts, notes = tried(asked, facts_of([model]))
        for note in notes:
            warnings.warn(f"{model.name}: {note}", UserWarning, stacklevel=2)
        for each in verdicts:
            found = each.performance
            if found is not None and found.tensor_parallel_size == tensor_parallel_size:
                return found
        said = f"{model.name} cannot be split over {tensor_parallel_size} accelerators"
        raise problem("SZ705", said, hint="heads and widths must divide by it")


def model_items(models: list[ModelArchitecture]) -> list[Item]:
    """Return models as items of a request, by their index."""
    return [Item(given(each), named(f"models[{at}]")) for at, each in enumerate(models)]


def gpu_items(gpus: list[GPUSpec]) -> list[Item]:
    """Return accelerators as items of a request, by their index."""
    return [Item(given(each), named(f"gpus[{at}]")) for at, each in enumerate(gpus)]


def _warn(said: str) -> None:
    warnings.warn(said, FutureWarning, stacklevel=4)
