"""Reference curves of acceptance: tokens that a step yields, by how many were drafted for it.

Comes in: a curve's name, or a model and who drafts for it. Goes out: what one benchmark measured.
It never carries a curve over to another model, another draft, or more tokens than were measured.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from attrs import frozen

from sizer.catalog.lookup import Unknown
from sizer.schema.asked.serving import SpeculativeMethod
from sizer.structure.facts import read_facts
from sizer.structure.nearest import did_you_mean

FORMATS = ("-fp8", "-nvfp4", "-fp4", "-mxfp4")  # endings of a name that leave the draft alone


@frozen
class Curve:
    """Mean tokens of a step by drafted tokens, from 1 on: `lengths[0]` with one drafted.

    `measured_on` is what ran, `dataset` the text that it wrote.
    """

    name: str
    model: str
    method: SpeculativeMethod
    measured_on: str
    dataset: str
    source: str
    lengths: tuple[float, ...]

    def at(self, tokens: int) -> float | None:
        """Return the acceptance length with so many tokens drafted; None beyond the curve."""
        if not tokens:
            return 1.0
        return self.lengths[tokens - 1] if tokens <= len(self.lengths) else None


@frozen
class Curves:
    """What the file holds."""

    curve: tuple[Curve, ...]


@cache
def curves() -> Mapping[str, Curve]:
    """Return every reference curve by its name."""
    text = Path(__file__).with_name("curves.toml").read_text("utf-8")
    return {each.name: each for each in read_facts(text, Curves).curve}


def find_curve(name: str) -> Curve:
    """Return the curve of a name. Raises Unknown where there is none."""
    if name not in curves():
        help_ = did_you_mean(name, curves()) or f"one of {', '.join(curves())}"
        raise Unknown(f"no reference curve {name!r}", help=help_)
    return curves()[name]


def curve_of(model: str, method: SpeculativeMethod) -> Curve | None:
    """Return the curve of a model and who drafts for it: of several the one that accepts least."""
    own = [
        each
        for each in curves().values()
        if each.method == method and _plain(each.model) == _plain(model)
    ]
    return min(own, key=lambda each: each.lengths, default=None)


def _plain(model: str) -> str:
    """Return a model's name without who published it and in which format."""
    name = model.rpartition("/")[2].lower()
    return next((name.removesuffix(form) for form in FORMATS if name.endswith(form)), name)
