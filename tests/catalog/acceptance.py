"""Writes the reference curves of the catalog from a table of them, a row for each point.

Run with `python tests/catalog/acceptance.py ACCEPTANCE.csv`. Columns are model, method, mode,
draft_tokens, acceptance_length, measured_on, dataset and ref. A curve is named after the file that
`ref` ends in, and after its mode.
"""

from __future__ import annotations

import csv
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from sizer.catalog import acceptance
from sizer.catalog.acceptance import Curve, Curves
from sizer.structure.facts import write_facts

HERE = Path(acceptance.__file__).with_name("curves.toml")
HEAD = (
    "# Tokens that a step yields in the mean, by how many were drafted for it: 1, 2, ...\n"
    "# Written by tests/catalog/acceptance.py. All texts are code: others are accepted less.\n"
)
Key = tuple[str, ...]


def curves(table: Path) -> Iterator[Curve]:
    """Yield the curve of each file and mode."""
    found: dict[Key, dict[int, float]] = defaultdict(dict)
    with table.open(newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            about = ("ref", "mode", "model", "method", "measured_on", "dataset")
            points = found[tuple(row[name] for name in about)]
            points[int(row["draft_tokens"])] = float(row["acceptance_length"])
    for (ref, mode, model, method, measured_on, dataset), points in found.items():
        yield Curve(
            name=f"{Path(ref).stem} {mode}",
            model=model,
            method=method.lower(),  # type: ignore[arg-type]  # read back by its class
            measured_on=measured_on,
            dataset=dataset,
            source=ref,
            lengths=tuple(points[number] for number in range(1, len(points) + 1)),
        )


def main() -> None:
    """Write the file."""
    found = Curves(tuple(curves(Path(sys.argv[1]))))
    HERE.write_text(HEAD + "\n" + write_facts(found), "utf-8")


if __name__ == "__main__":
    main()
