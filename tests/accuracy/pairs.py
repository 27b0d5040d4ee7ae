"""Which published points differ in one choice alone: the accelerator, the split or the formats.

All else must be equal: model, formats or split, lengths, concurrency or rate, engine with its
version and settings, scenario and source. Where a source names no version, both must be of one
month. Names are those of the catalog, so that two spellings of an accelerator are no choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations

from attrs import asdict, evolve, frozen

from sizer.resolve.points import Placed

CHOICES = ("accelerator", "split", "format")
MONTH = len("2025-10")
Pair = tuple[int, int]


@frozen
class Setting:
    """What was chosen at a point, and all that has to be equal for a choice to be the only one."""

    accelerator: str
    split: tuple[int, ...]
    format: tuple[str, str]
    rest: tuple[Hashable, ...]


def setting(point: Placed, row: Mapping[str, str]) -> Setting:
    """Return the setting of a point; `row` says where it is from and whether it named a load."""
    run = point.deployment
    load = point.load if row["concurrency"] else evolve(point.load, concurrency=None)
    software = row["engine_version"] or row["date"][:MONTH]
    return Setting(
        accelerator=point.gpu.name,
        split=(run.tp, run.pp, run.ep, run.dp, run.replicas),
        format=(run.weights.name, run.kv_format.name),
        rest=(run.model.name, load, point.engine, software, row["scenario"], row["source"]),
    )


def pairs(choice: str, settings: Sequence[Setting]) -> Iterator[Pair]:
    """Yield the numbers of each two settings that differ in one choice alone."""
    alike: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for number, each in enumerate(settings):
        others = (value for name, value in asdict(each, recurse=False).items() if name != choice)
        alike[tuple(others)].append(number)
    for members in alike.values():
        for one, other in combinations(members, 2):
            if getattr(settings[one], choice) != getattr(settings[other], choice):
                yield one, other
