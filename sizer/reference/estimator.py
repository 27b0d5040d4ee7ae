"""The reference system's estimator: settings of a run, and one accelerator's performance."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from attrs import field, frozen

from sizer.catalog.hub import Hub
from sizer.diagnostic import problem
from sizer.reference.architecture import GPUSpec, ModelArchitecture, given, token_key
from sizer.reference.judgement import tried
from sizer.reference.lengths import Lengths
from sizer.reference.request import Item, Request, named
from sizer.resolve.facts import Catalog, Facts
from sizer.schema.answered.recommendation import Performance

FORMATS: Mapping[float, str] = {4: "fp32", 2: "fp16", 1: "int8", 0.5: "int4"}


@frozen
class SyntheticBenchmarkEstimator:
    """The estimator's settings: a weight format, how many requests run together, their lengths.

    Lengths are in tokens; of `sequence_length` alone a quarter is the answer. `precision_bytes`
    is taken for the weight format of so many bytes, with a warning; `memory_overhead_factor`
    changes nothing, with a warning, as memory is estimated part by part.
    """

    precision: str = "fp16"
    batch_size: int = 1
    input_length: int | None = field(default=None, kw_only=True)
    output_length: int | None = field(default=None, kw_only=True)
    sequence_length: int | None = field(default=None, kw_only=True)
    precision_bytes: float | None = field(default=None, kw_only=True)
    memory_overhead_factor: float | None = field(default=None, kw_only=True)

    def __attrs_post_init__(self) -> None:
        """Warn of what is replaced by something else. Raises Problem for bytes of no format."""
        if self.precision_bytes is not None:
            _warn(f"precision_bytes = {self.precision_bytes} is precision = {self.weights!r}")
        if self.memory_overhead_factor is not None:
            _warn("memory_overhead_factor has no effect: every part of the memory is estimated")

    @property
    def weights(self) -> str:
        """Return the weight format."""
        if self.precision_bytes is None:
            return self.precision
        found = FORMATS.get(float(self.precision_bytes))
        if found is None:
            said = f"precision_bytes = {self.precision_bytes} is of no weight format"
            raise problem("SZ104", said, hint="name one: precision='fp8'")
        return found

    @property
    def lengths(self) -> Lengths:
        """Return the lengths of a request."""
        return Lengths(self.input_length, self.output_length, self.sequence_length)

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
            batch_size=self.batch_size,
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


def facts_of(models: list[ModelArchitecture]) -> Facts:
    """Return the facts of today; a model's own token is used for that model alone."""
    tokens = {token_key(each.name): each.hf_token for each in models if each.hf_token}
    return Catalog(Hub(tokens=tokens))


def _warn(said: str) -> None:
    warnings.warn(said, FutureWarning, stacklevel=4)
