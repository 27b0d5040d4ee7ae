"""Which published points differ in one choice alone: accelerator, split, formats or engine.

All else must be equal: model, formats or split, lengths, concurrency or rate, engine with its
version and settings, scenario and source. Where a source names no version, both must be of one
month. Two engines have versions and settings of their own. Names are those of the catalog, so that
two spellings of an accelerator are no choice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations

from attrs import asdict, evolve, frozen

from sizer.resolve.points import Placed

CHOICES = ("accelerator", "split", "format", "engine")
OWN = {"engine": "software"}  # what differs with a choice
MONTH = len("2025-10")
Pair = tuple[int, int]


@frozen
class Setting:
    """What was chosen at a point, and all that has to be equal for a choice to be the only one."""

    accelerator: str
    split: tuple[int, ...]
    format: tuple[str, str]
    engine: str
    software: tuple[Hashable, ...]
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
        engine=point.engine.name,
        software=(point.engine, software),
        rest=(run.model.name, load, row["scenario"], row["source"]),
    )


def pairs(choice: str, settings: Sequence[Setting]) -> Iterator[Pair]:
    """Yield the numbers of each two settings that differ in one choice alone."""
    alike: dict[tuple[Hashable, ...], list[int]] = defaultdict(list)
    for number, each in enumerate(settings):
        fields = asdict(each, recurse=False)
        others = (fields[name] for name in fields if name not in {choice, OWN.get(choice)})
        alike[tuple(others)].append(number)
    for members in alike.values():
        for one, other in combinations(members, 2):
            if getattr(settings[one], choice) != getattr(settings[other], choice):
                yield one, other
