"""Hashes: of texts, of facts, of a report, and of the code and constants that made it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from sizer.catalog.calibration import found_calibration, held_constants, power_calibration
from sizer.catalog.engines import engine_defaults, engines
from sizer.load import Question
from sizer.schema.answered.lock import LockedCalibration, LockedEstimator
from sizer.structure.facts import write_facts

DISTRIBUTION = "fleet-sizer"
DECIDES = ("estimate", "expr", "judge", "pipeline", "resolve", "select")
DIGITS = 6  # the last bit of a float differs between processors; a digit of these hardly ever does
_PACKAGE = Path(__file__).resolve().parents[1]


def text_sha256(text: str) -> str:
    """Return the hash of a text in UTF-8; line ends are LF, as a Document has them."""
    return hashlib.sha256(text.encode()).hexdigest()


def facts_sha256(facts: object) -> str:
    """Return the hash of facts as their TOML."""
    return text_sha256(write_facts(facts))


def data_sha256(data: Any) -> str:
    """Return the hash of plain data, its numbers rounded."""
    return text_sha256(json.dumps(_rounded(data), sort_keys=True))


def rounded(value: float) -> float:
    """Return a number with DIGITS significant digits."""
    return float(f"{value:.{DIGITS}g}")


@cache
def estimator() -> LockedEstimator:
    """Return the release and the hash of the modules that decide an answer, in any installation."""
    digest = hashlib.sha256()
    for name, text in _sources():
        digest.update(f"{name}\0{text}\0".encode())
    try:
        release = version(DISTRIBUTION)
    except PackageNotFoundError:
        release = "(not installed)"
    return LockedEstimator(release, digest.hexdigest())


def calibrated(question: Question) -> LockedCalibration:
    """Return which constants a profile uses; the hash is of memory's, power's and defaults too."""
    used = found_calibration(question.profile.estimator.calibration, question.folder)
    parts = (used, held_constants(), power_calibration(), *map(engine_defaults, engines()))
    text = "".join(map(write_facts, parts))
    return LockedCalibration(used.name, used.version, text_sha256(text))


def named(source: LockedEstimator | LockedCalibration | None) -> str:
    """Return what an estimator or calibration is called, with the start of its hash."""
    return "unknown" if source is None else source.label


def _sources() -> Iterator[tuple[str, str]]:
    for package in DECIDES:
        for path in sorted((_PACKAGE / package).rglob("*.py")):
            yield path.relative_to(_PACKAGE).as_posix(), path.read_text("utf-8")
    for name in ("formats.toml", "acceptance/curves.toml"):
        yield name, (_PACKAGE / "catalog" / name).read_text("utf-8")


def _rounded(data: Any) -> Any:
    if isinstance(data, float):
        return rounded(data)
    if isinstance(data, dict):
        return {name: _rounded(each) for name, each in data.items()}
    return [_rounded(each) for each in data] if isinstance(data, list) else data
