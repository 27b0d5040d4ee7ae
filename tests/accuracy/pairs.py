"""How often the estimator orders two measurements as they came out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations

from attrs import frozen

CLEAR = 0.15  # pairs that differ by less are a matter of noise
SAME = (
    "model",
    "gpu",
    "gpus",
    "tp",
    "pp",
    "ep",
    "dp",
    "weights",
    "kv_format",
    "engine",
    "input_tokens",
    "output_tokens",
    "concurrency",
    "source",
    "scenario",
)
CHOICES = {
    "accelerator": ("gpu",),
    "split": ("tp", "gpus"),
    "format": ("weights", "kv_format"),
}


@frozen
class Ordered:
    """Pairs that differ in one choice alone; `clear` ones differ by more than CLEAR."""

    metric: str
    choice: str
    pairs: int
    right: int
    clear: int
    clear_right: int

    @property
    def tau(self) -> float:
        """Return Kendall's tau over all pairs: right less wrong, over all."""
        return (2 * self.right - self.pairs) / self.pairs


def ordered(
    metric: str, rows: Sequence[Mapping[str, str]], truth: Sequence[float], said: Sequence[float]
) -> Iterator[Ordered]:
    """Yield, for each choice, how many pairs of rows are ordered as measured."""
    for choice, free in CHOICES.items():
        groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            groups[tuple(row[name] for name in SAME if name not in free)].append(number)
        pairs = [
            (truth[a] / truth[b], said[a] / said[b])
            for members in groups.values()
            for a, b in combinations(members, 2)
            if any(rows[a][name] != rows[b][name] for name in free) and truth[a] != truth[b]
        ]
        if pairs:
            yield _counted(metric, choice, pairs)


def _counted(metric: str, choice: str, pairs: Sequence[tuple[float, float]]) -> Ordered:
    right = [(true > 1) == (said > 1) for true, said in pairs]
    clear = [max(true, 1 / true) > 1 + CLEAR for true, _ in pairs]
    both = sum(r and c for r, c in zip(right, clear, strict=True))
    return Ordered(metric, choice, len(pairs), sum(right), sum(clear), both)
