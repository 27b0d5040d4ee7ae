"""How far times with speculative decoding are from published ones, and whether it is a gain.

Run with `python tests/accuracy/score_speculation.py PERF.csv`. Rows flagged `mtp` are scored that
run prefill and decode together. Their tables do not say how much of a draft is accepted. So one
constant for the model stands for it: the chance that a drafted token is accepted if the one before
was. It is the one that makes the median row right, of all groups, and of all but the group that is
scored. A pair is a row beside one without speculation that is alike in all else.
"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import evolve, frozen
from launches import drafting
from numpy.typing import NDArray
from published import LEFT_OUT, Row, engine_of, point, unfit
from score_perf import HEAD, line

from sizer.estimate import estimate
from sizer.load.points import read_points
from sizer.resolve.points import Placed, placed, scenario_of_points
from sizer.schema.scenario import Draft
from sizer.structure.files.csv_document import CsvTable

Logs = NDArray[np.float64]
FLAG = "mtp"
OTHERS = tuple(flag for flag in LEFT_OUT if flag != FLAG)
CHANCES = np.linspace(0.3, 0.95, 66)
ALIKE = (
    "model_hf_id",
    "gpu",
    "gpu_count",
    "tp",
    "pp",
    "ep",
    "dp",
    "weight_dtype",
    "engine",
    "isl",
    "osl",
    "concurrency",
)
EVEN = 0.02  # of a pair's pace; what repeats within days move (perf.md: 0.6 %) decides nothing


@frozen
class Measured:
    """A published row with its point."""

    row: Row
    point: Placed

    @property
    def tokens(self) -> int:
        """Tokens drafted for each step, 0 where none are."""
        return self.point.deployment.drafted_tokens

    @property
    def itl_ms(self) -> float:
        """The measured pace."""
        return float(self.row["itl_ms"])

    def accepting(self, chance: float) -> Placed:
        """Return the point with so much of its drafts accepted, and without drafts for 0 tokens."""
        if not self.tokens:
            return self.point
        length = sum(chance**each for each in range(self.tokens + 1))
        draft = Draft("mtp", self.tokens, acceptance_length=length)
        return evolve(self.point, deployment=evolve(self.point.deployment, draft=draft))


def measured(path: Path, left_out: Counter[str]) -> list[Measured]:
    """Return every row of good quality with a pace; rows that have no place are counted."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["itl_ms"]]
    kept = [row for row in rows if FLAG in row["flags"] and _reason(row, left_out) is None]
    drafted = [(row, said) for row in kept if (said := drafting(row, engine_of(row)))]
    left_out["drafted tokens unknown"] += len(kept) - len(drafted)
    wanted = {_key(row) for row, _ in drafted}
    plain: list[tuple[Row, Mapping[str, str]]] = [
        (row, {}) for row in rows if _key(row) in wanted and unfit(row) is None
    ]
    return [Measured(row, _placed(row, said)) for row, said in [*drafted, *plain]]


def _reason(row: Row, left_out: Counter[str]) -> str | None:
    others = "|".join(flag for flag in row["flags"].split("|") if flag != FLAG)
    reason = unfit({**row, "flags": others})
    if reason is not None:
        left_out[reason] += 1
    return reason


def _key(row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in ALIKE)


def _placed(row: Row, drafts: Mapping[str, str]) -> Placed:
    said = {**point(row), **drafts}
    names = tuple(said)
    table = CsvTable("row", names, (tuple(said[name] for name in names),))
    [place] = placed([each.point for each in read_points(table)])
    if not isinstance(place, Placed):
        raise TypeError(f"{row['id']}: {place}")
    return place


def logs_of(rows: Sequence[Measured], chance: float) -> Logs:
    """Return the logarithm of estimated over measured pace of each row."""
    scenario = scenario_of_points([each.accepting(chance) for each in rows])
    found = estimate(scenario, ("itl_ms",))["itl_ms"].values
    logs: Logs = np.log(found / np.array([each.itl_ms for each in rows]))
    return logs


def fitted(rows: Sequence[Measured]) -> Mapping[str, float]:
    """Return the chance with which the median row of all groups but one is right, by that group."""
    logs = np.array([logs_of(rows, chance) for chance in CHANCES])
    groups = np.array([each.row["group"] for each in rows])
    found = {}
    for left in ("", *np.unique(groups)):
        if (groups == left).all():
            continue
        bias = np.abs(np.median(logs[:, groups != left], axis=1))
        found[str(left)] = float(CHANCES[np.argmin(bias)])
    return found


def unseen(rows: Sequence[Measured], chances: Mapping[str, float]) -> Logs:
    """Return the logarithms of each row with the chance that its group had no part in."""
    by = {name: logs_of(rows, chance) for name, chance in chances.items()}
    named = [name if name in by else "" for name in (each.row["group"] for each in rows)]
    return np.array([by[name][number] for number, name in enumerate(named)])


def pairs(rows: Sequence[Measured], plain: Sequence[Measured]) -> Iterator[tuple[int, int]]:
    """Yield each row beside the one without drafts that is nearest in time."""
    for number, each in enumerate(rows):
        alike = [other for other, one in enumerate(plain) if _key(one.row) == _key(each.row)]
        day = each.row["date"]
        near = sorted(alike, key=lambda one: (abs(_day(plain[one].row["date"]) - _day(day)), one))
        if near:
            yield number, near[0]


def _day(date: str) -> float:
    return float(np.datetime64(date, "D").astype(int))


def report(rows: Sequence[Measured], chances: Mapping[str, float]) -> Iterator[str]:
    """Yield the errors, and how often the direction is right."""
    drafts = [each for each in rows if each.tokens]
    plain = [each for each in rows if not each.tokens]
    groups = np.array([each.row["group"] for each in drafts])
    fit = logs_of(drafts, chances[""])
    left = unseen(drafts, chances)
    without = logs_of([evolve(each, point=_plainly(each)) for each in drafts], 0.0)
    bare = logs_of(plain, 0.0)
    yield f"A drafted token is accepted after an accepted one with the chance {chances['']:.2f};"
    yield ", ".join(f"{one:.2f} without {name}" for name, one in chances.items() if name) + ".\n"
    yield HEAD
    yield "|---|---|--:|--:|--:|--:|--:|--:|"
    yield line("itl_ms | speculative, one chance", fit, groups)
    yield line("itl_ms | speculative, group left out", left, groups)
    yield line("itl_ms | speculative, as if nobody drafted", without, groups)
    yield line("itl_ms | without speculation, same settings", bare, _groups(plain))
    for name, of in _kinds(drafts).items():
        yield line(f"itl_ms | {name}", left[of], groups[of])
    yield ""
    yield from _directions(drafts, plain, left, bare)


def _plainly(each: Measured) -> Placed:
    point = each.point
    engine = point.engine.drafting(0)
    return evolve(point, deployment=evolve(point.deployment, draft=None), engine=engine)


def _groups(rows: Sequence[Measured]) -> NDArray[np.str_]:
    return np.array([each.row["group"] for each in rows])


def _kinds(rows: Sequence[Measured]) -> dict[str, NDArray[np.bool_]]:
    kinds: dict[str, Callable[[Measured], str]] = {
        "engine": lambda each: each.point.engine.name,
        "accelerator": lambda each: each.row["gpu"],
        "tokens": lambda each: f"{each.tokens} drafted",
        "load": lambda each: _load(float(each.row["concurrency"])),
    }
    found: dict[str, NDArray[np.bool_]] = {}
    for kind in kinds.values():
        names = np.array([kind(each) for each in rows])
        found |= {str(name): names == name for name in np.unique(names)}
    return found


def _load(users: float) -> str:
    low, high = next(each for each in ((1, 8), (9, 32), (33, 128), (129, 1024)) if users <= each[1])
    return f"{low} to {high} users"


def _directions(
    rows: Sequence[Measured], plain: Sequence[Measured], logs: Logs, bare: Logs
) -> Iterator[str]:
    yield "| users | pairs | gain measured | gain estimated | direction right |"
    yield "|---|--:|--:|--:|--:|"
    found = [
        (
            _load(float(rows[one].row["concurrency"])),
            np.log(plain[other].itl_ms / rows[one].itl_ms),
            np.log(plain[other].itl_ms / rows[one].itl_ms) + bare[other] - logs[one],
        )
        for one, other in pairs(rows, plain)
    ]
    for load in ("all", *dict.fromkeys(each[0] for each in sorted(found))):
        mine = [each for each in found if load in {"all", each[0]}]
        truth, said = (np.array([each[side] for each in mine]) for side in (1, 2))
        clear = np.abs(truth) > EVEN
        right = np.mean(np.sign(truth[clear]) == np.sign(said[clear])) if clear.any() else np.nan
        gains = f"{np.exp(np.median(truth)):.2f}x | {np.exp(np.median(said)):.2f}x"
        yield f"| {load} | {len(mine)} | {gains} | {right:.1%} of {clear.sum()} |"


def main() -> None:
    """Print the tables."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("measured", type=Path, metavar="PERF.csv")
    left_out = Counter[str]()
    rows = measured(parser.parse_args().measured, left_out)
    print("\n".join(report(rows, fitted([each for each in rows if each.tokens]))))
    print("\nleft out: " + ", ".join(f"{count} {why}" for why, count in left_out.most_common()))


if __name__ == "__main__":
    main()
