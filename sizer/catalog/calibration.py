"""Reader of the estimator's constants."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import chain
from math import log
from pathlib import Path

from sizer.diagnostic import Place, problem
from sizer.schema.facts.calibration import Calibration, is_share, odds
from sizer.schema.facts.engine_constants import Held, Released, Releases
from sizer.structure.facts import Unreadable, parse_facts, read_facts
from sizer.structure.files.text_file import decoded, read_bytes
from sizer.structure.nearest import did_you_mean

FOLDER = Path(__file__).with_name("calibration")
SHIPPED = ("default", "priors")
UNKNOWN = "SZ707"
MOST_APART = 1000.0  # times what is expected: beyond any hardware, far below overflow


def calibration(name: str = "default") -> Calibration:
    """Return a shipped set of constants, read once.

    Raises FileNotFoundError when no set has this name.
    """
    return _shipped(name)


@cache
def _shipped(name: str) -> Calibration:
    text = FOLDER.joinpath(f"{name}.toml").read_text("utf-8")
    return read_facts(text, Calibration)


def found_calibration(name: str, folder: Path, place: Place | None = None) -> Calibration:
    """Return a calibration; a relative path starts at `folder`.

    Raises Problem: SZ001 and SZ002 for a file that cannot be read, SZ707 for a name that is neither
    shipped nor a file, and for a file that is no calibration or lacks constants.
    """
    if name in SHIPPED:
        return calibration(name)
    path = folder / name
    if path.suffix != ".toml":
        hint = did_you_mean(name, SHIPPED) or "name a file that `sizer calibrate` wrote"
        raise problem(UNKNOWN, f"no calibration is called {name!r}", place, hint)
    file = str(path)
    try:
        found = parse_facts(decoded(read_bytes(path), file), Calibration)
    except Unreadable as fault:
        raise problem(UNKNOWN, f"no calibration: {fault}", Place(file)) from None
    missing = calibration("priors").constants.keys() - found.constants.keys()
    wrong = f"it lacks {', '.join(sorted(missing))}" if missing else next(_implausible(found), None)
    if wrong:
        said = f"no calibration of this estimator: {wrong}"
        raise problem(UNKNOWN, said, Place(file), "write it anew with `sizer calibrate`")
    return found


def _implausible(found: Calibration) -> Iterator[str]:
    """Yield numbers that no measurement gives, with which estimates would overflow or be none."""
    for name, prior in calibration("priors").constants.items():
        constant = found.constants[name]
        if is_share(name) and not 0.0 < constant.value < 1.0:
            yield f"{name} is {constant.value:.6g}, and a share is between 0 and 1"
            continue
        plain = constant.value / prior.value
        apart = odds(constant.value) / odds(prior.value) if is_share(name) else plain
        for what, factor in {name: apart, **constant.by}.items():
            if not 1 / MOST_APART <= factor <= MOST_APART:
                about = name if what == name else f"{name} of {what}"
                yield f"{about} is {factor:.6g} times what is expected"
    for name, each in chain(found.intervals.items(), found.rate_intervals.items()):
        ends = [end for seen in (True, False) for end in each.ends(seen=seen)]
        if max(map(abs, ends)) > log(MOST_APART):
            yield f"the interval of {name} is from {min(ends):.6g} to {max(ends):.6g}"


@cache
def held_constants() -> Held:
    """Return the constants of what an engine holds beside weights and cache."""
    text = FOLDER.joinpath("memory.toml").read_text("utf-8")
    return read_facts(text, Held)


def power_calibration() -> Calibration:
    """Return the constants of power, shares of an accelerator's TDP."""
    return _shipped("power")


def power_priors() -> Calibration:
    """Return what is expected of the constants of power before any measurement."""
    return _shipped("power_priors")


def released(engine: str, release: str) -> str | None:
    """Return the day on which a release such as `0.20` came out; None if nobody says so."""
    known = releases().get(engine)
    return None if known is None else known.days.get(release)


@cache
def releases() -> dict[str, Releases]:
    """Return the releases of each engine."""
    text = FOLDER.joinpath("releases.toml").read_text("utf-8")
    return read_facts(text, Released).engines
