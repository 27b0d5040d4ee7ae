"""What is known of the candidates that were judged: the best of them, and counts of all."""

from __future__ import annotations

from functools import reduce

from attrs import frozen

from sizer.judge.tally import Tally
from sizer.select import Best, Funnel, Lead


@frozen(eq=False)
class ModelBest:
    """Candidates of one model that may still be shown.

    `misses` is the one that breaks the fewest conditions, while none survives; `per_gpu`,
    `per_load` and `per_model` are the best of each accelerator, load point and, across models,
    model; `lead` is that of all survivors.
    """

    survivors: Best = Best()
    misses: Best = Best()
    per_gpu: Best = Best()
    per_load: Best = Best()
    per_model: Best = Best()
    lead: Lead = Lead()

    def __len__(self) -> int:
        """Return how many are kept."""
        parts = self.survivors, self.misses, self.per_gpu, self.per_load, self.per_model
        return sum(map(len, parts))

    def joined(self, *others: ModelBest) -> ModelBest:
        """Return the best of all."""
        return ModelBest(
            self.survivors.joined(*(each.survivors for each in others)),
            self.misses.joined(*(each.misses for each in others)),
            self.per_gpu.joined(*(each.per_gpu for each in others)),
            self.per_load.joined(*(each.per_load for each in others)),
            self.per_model.joined(*(each.per_model for each in others)),
            reduce(Lead.joined, (each.lead for each in others), self.lead),
        )


@frozen(eq=False)
class Kept:
    """What is known of some candidates: the best by model, counts of all and of waivers.

    Partial results join in any order, and however the candidates were split.
    """

    funnel: Funnel
    tally: Tally
    models: tuple[ModelBest, ...]

    @classmethod
    def nothing(cls, models: int) -> Kept:
        """Return what is known of no candidates."""
        return cls(Funnel.nothing(models), Tally(), tuple(ModelBest() for _ in range(models)))

    def __len__(self) -> int:
        """Return how many candidates are kept."""
        return sum(map(len, self.models))

    def joined(self, *others: Kept) -> Kept:
        """Return what is known of all."""
        models = zip(self.models, *(each.models for each in others), strict=True)
        return Kept(
            reduce(Funnel.joined, (each.funnel for each in others), self.funnel),
            reduce(Tally.joined, (each.tally for each in others), self.tally),
            tuple(one.joined(*more) for one, *more in models),
        )
