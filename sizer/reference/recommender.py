"""The reference system's recommender: for each model the best accelerator in its smallest split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import asdict, field, frozen

from sizer.reference.architecture import GPUSpec, ModelArchitecture, facts_of
from sizer.reference.estimator import (
    SyntheticBenchmarkEstimator,
    gpu_items,
    model_items,
)
from sizer.reference.judgement import judged
from sizer.reference.lengths import Lengths
from sizer.reference.request import Request, bound_of
from sizer.render.report import performance, recommendation
from sizer.schema.answered.recommendation import Outcome, Performance


@frozen
class Recommendation:
    """The answer for one model; `recommended_gpu` is None when no accelerator qualifies.

    `all_compatible_gpus` has every split that qualifies, the recommended one first;
    `incompatible_gpus` has every other accelerator with its `reason`.
    """

    model_name: str
    recommended_gpu: str | None
    performance: Performance | None
    reasoning: str
    all_compatible_gpus: tuple[Mapping[str, Any], ...]
    incompatible_gpus: tuple[Mapping[str, Any], ...] = ()
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return what the reference command writes of one model; unknown and infinite are None."""
        found = asdict(self)
        lists = {name: list(each) for name, each in found.items() if isinstance(each, tuple)}
        shown = None if self.performance is None else performance(self.performance)
        return {**found, **lists, "performance": shown}


@frozen
class GPURecommender:
    """Chooses among accelerators, each in its smallest split that fits and meets the bound.

    The fastest is recommended, then the cheapest. No bound is None or infinity.
    """

    estimator: SyntheticBenchmarkEstimator = field(factory=SyntheticBenchmarkEstimator)
    latency_bound_ms: float | None = field(default=None, converter=bound_of)

    def recommend_gpu(
        self,
        model: ModelArchitecture,
        available_gpus: Sequence[GPUSpec],
        *,
        sequence_length: int | None = None,
        input_length: int | None = None,
        output_length: int | None = None,
    ) -> Recommendation:
        """Return the best accelerator for a model.

        Lengths are in tokens, and the estimator's unless given.
        Raises Problem, which is a ValueError, for a model or value that cannot be.
        """
        return self.recommend_for_models(
            [model],
            available_gpus,
            sequence_length=sequence_length,
            input_length=input_length,
            output_length=output_length,
        )[0]

    def recommend_for_models(
        self,
        models: Sequence[ModelArchitecture],
        available_gpus: Sequence[GPUSpec],
        *,
        sequence_length: int | None = None,
        input_length: int | None = None,
        output_length: int | None = None,
    ) -> list[Recommendation]:
        """Return the best accelerator for each model, in their order.

        Lengths are in tokens, and the estimator's unless given; what a model's context does not
        hold is shortened for that model, and its `notes` say so.
        Raises Problem, which is a ValueError, for a model or value that cannot be.
        """
        if not models:
            return []
        lengths = Lengths(input_length, output_length, sequence_length)
        asked = Request(
            models=model_items(list(models)),
            library=(),
            custom=gpu_items(list(available_gpus)),
            precision=self.estimator.weights,
            batch_size=self.estimator.concurrent_users,
            latency_bound_ms=self.latency_bound_ms,
            lengths=self.estimator.lengths if lengths == Lengths() else lengths,
        )
        return [_public(each) for each in judged(asked, facts_of(list(models))).outcomes]


def _public(outcome: Outcome) -> Recommendation:
    shown = recommendation(outcome)
    best = outcome.qualified[0].performance if outcome.qualified else None
    lists = {name: tuple(each) for name, each in shown.items() if isinstance(each, list)}
    return Recommendation(**{**shown, **lists, "performance": best})
