"""The reference recommender's names over the one pipeline: no second estimator.

`precision` is a weight format, `batch_size` a concurrency, the latency bound a condition on
`itl_ms`. Memory is in 1e9 bytes on one accelerator, as the reference system counts it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from attrs import asdict, field, frozen

from sizer.diagnostic import problem
from sizer.load import Question, load_document
from sizer.pipeline import size
from sizer.render.look import Look
from sizer.render.reference import performance, recommendation, render
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.answered.report import Answer, Choice, Report
from sizer.schema.asked.profile import Profile
from sizer.structure.files.json_document import read_json_list
from sizer.structure.toml.document import parse_document
from sizer.structure.write import data_text

ANSWER_SHARE = 4  # of a sequence length that is given whole, a quarter is the answer


@frozen
class ModelArchitecture:
    """A model by name; the other fields serve a model that no catalog knows.

    `num_parameters` is in 1e9.
    """

    name: str
    num_parameters: float | None = None
    num_layers: int | None = None
    hidden_size: int | None = None
    num_attention_heads: int | None = None
    num_kv_heads: int | None = None
    vocab_size: int | None = None
    max_sequence_length: int | None = None


@frozen
class GPUSpec:
    """An accelerator: 1e9 bytes, 1e9 bytes a second, dense 1e12 FLOP/s, US dollars."""

    name: str
    memory_gb: float
    memory_bandwidth_gb_s: float
    tflops_fp16: float
    tflops_fp32: float | None = None
    cost_per_hour: float | None = None


@frozen
class Performance:
    """What an accelerator does with a model; None is unknown."""

    tokens_per_second: float | None
    intertoken_latency_ms: float | None
    memory_required_gb: float | None
    memory_weights_gb: float | None
    memory_kv_cache_gb: float | None
    fits_in_memory: bool | None
    compute_bound: bool | None
    tensor_parallel_size: int

    @property
    def latency_ms_per_token(self) -> float | None:
        """Return the time between output tokens, in milliseconds."""
        return self.intertoken_latency_ms


@frozen
class Recommendation:
    """The answer for one model; `recommended_gpu` is None when no accelerator qualifies."""

    model_name: str
    recommended_gpu: str | None
    performance: Performance | None
    reasoning: str
    all_compatible_gpus: tuple[Mapping[str, Any], ...]


@frozen
class SyntheticBenchmarkEstimator:
    """The estimator's settings: a weight format and how many requests run together."""

    precision: str = "fp16"
    batch_size: int = 1

    def estimate_performance(
        self,
        model: ModelArchitecture,
        gpu: GPUSpec,
        sequence_length: int | None = None,
        tensor_parallel_size: int = 1,
    ) -> Performance:
        """Return one accelerator's performance, whether the model fits or not.

        Raises Problem when the model cannot be split so.
        """
        fleet = {"custom": [_given(gpu)], "max_gpus_per_replica": tensor_parallel_size}
        data = {
            "models": [{**_given(model), "weights": self.precision}],
            "fleet": fleet,
            "workload": _workload(self.batch_size, sequence_length),
            "select": {"where": []},
        }
        (answer,) = size(_question(data, "estimate_performance"), everything=True).answers
        choices = [*([answer.chosen] if answer.chosen else []), *answer.others]
        for choice in choices:
            if choice.metrics["tp"] == tensor_parallel_size:
                return _performance(choice)
        said = f"{model.name} cannot be split over {tensor_parallel_size} accelerators"
        raise problem("SZ705", said, hint="heads and widths must divide by it")


@frozen
class GPURecommender:
    """Chooses what fits within the latency bound: the fastest, then the cheapest."""

    latency_bound_ms: float | None = None
    estimator: SyntheticBenchmarkEstimator = field(factory=SyntheticBenchmarkEstimator)

    def recommend_gpu(self, model: ModelArchitecture, gpus: Sequence[GPUSpec]) -> Recommendation:
        """Return the best accelerator for a model.

        Raises Problem for a model or value that cannot be.
        """
        return self.recommend_for_models([model], gpus)[0]

    def recommend_for_models(
        self, models: Sequence[ModelArchitecture], gpus: Sequence[GPUSpec]
    ) -> list[Recommendation]:
        """Return the best accelerator for each model, in their order."""
        question = _asked(
            [_given(model) for model in models],
            [_given(gpu) for gpu in gpus],
            self.latency_bound_ms,
            self.estimator,
            "recommend_for_models",
        )
        return [_recommendation(each) for each in size(question).answers]


def import_profile(
    models: Path,
    gpus: Path,
    *,
    latency_bound_ms: float | None = None,
    precision: str = "fp16",
    batch_size: int = 1,
) -> Profile:
    """Return the profile that two JSON files and the reference command's flags ask.

    Raises Problem with every fault of the files.
    """
    estimator = SyntheticBenchmarkEstimator(precision, batch_size)
    name = f"profile of {models} and {gpus}"
    listed = (read_json_list(models), read_json_list(gpus))
    return _asked(*listed, latency_bound_ms, estimator, name).profile


def recommend_json(
    models: Path,
    gpus: Path,
    *,
    latency_bound_ms: float | None = None,
    precision: str = "fp16",
    batch_size: int = 1,
    facts: Facts = CATALOG,
) -> tuple[str, bool]:
    """Return the reference command's answer as JSON, and whether every model has one."""
    report = recommend(
        models,
        gpus,
        facts,
        latency_bound_ms=latency_bound_ms,
        precision=precision,
        batch_size=batch_size,
    )
    return render(report, Look()), report.answered


def recommend(models: Path, gpus: Path, facts: Facts = CATALOG, **flags: Any) -> Report:
    """Return the report on what two JSON files and the reference command's flags ask."""
    return size(import_profile(models, gpus, **flags), facts=facts)


def _asked(
    models: list[dict[str, Any]],
    gpus: list[dict[str, Any]],
    bound_ms: float | None,
    estimator: SyntheticBenchmarkEstimator,
    name: str,
) -> Question:
    where = ["fits"] if bound_ms is None else ["fits", f"itl_ms <= {bound_ms!r}"]
    data = {
        "models": [{**model, "weights": estimator.precision} for model in models],
        "fleet": {"custom": gpus},
        "workload": _workload(estimator.batch_size, None),
        "select": {"where": where},
    }
    return _question(data, name)


def _question(data: dict[str, Any], name: str) -> Question:
    return load_document(parse_document(data_text({"dsl": 1, **data}), name), Path())


def _workload(batch_size: int, sequence_length: int | None) -> dict[str, Any]:
    if sequence_length is None:
        return {"concurrency": batch_size}
    answer = max(sequence_length // ANSWER_SHARE, 1)
    prompt = max(sequence_length - answer, 1)
    return {"concurrency": batch_size, "input_tokens": prompt, "output_tokens": answer}


def _given(value: ModelArchitecture | GPUSpec) -> dict[str, Any]:
    return {name: each for name, each in asdict(value).items() if each is not None}


def _performance(choice: Choice) -> Performance:
    return Performance(**performance(choice))  # type: ignore[arg-type]


def _recommendation(answer: Answer) -> Recommendation:
    shown = recommendation(answer)
    return Recommendation(
        model_name=shown["model_name"],
        recommended_gpu=shown["recommended_gpu"],
        performance=None if answer.chosen is None else _performance(answer.chosen),
        reasoning=shown["reasoning"],
        all_compatible_gpus=tuple(shown["all_compatible_gpus"]),
    )
