"""What an estimate of memory does not rest on: start-ups that nobody measured, uncounted parts."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Part = Literal["weights", "cache", "activations"]


@frozen
class NotCounted:
    """An engine holds more of a model than its structure counts: `what`, a part of `part`."""

    model: str
    what: str
    part: Part
    kind: Literal["not counted"] = "not counted"


@frozen
class UnmeasuredEngine:
    """No start-up of the engine was measured: its memory follows its source, or another's."""

    engine: str
    taken_as: str | None = None
    kind: Literal["unmeasured engine"] = "unmeasured engine"


@frozen
class UnmeasuredVendor:
    """No start-up on accelerators of the maker was measured."""

    vendor: str
    kind: Literal["unmeasured vendor"] = "unmeasured vendor"


@frozen
class UnmeasuredVersion:
    """The version is not among those whose start-ups were measured, from `least` to `most`."""

    version: str
    least: str
    most: str
    kind: Literal["unmeasured version"] = "unmeasured version"


@frozen
class UnmeasuredDraft:
    """No start-up with drafted tokens was measured."""

    method: str
    kind: Literal["unmeasured draft"] = "unmeasured draft"


@frozen
class UnmeasuredSetting:
    """A setting outside of what start-ups were measured with, from `least` to `most`."""

    name: str
    value: int
    least: int
    most: int
    kind: Literal["unmeasured setting"] = "unmeasured setting"


Unsure = NotCounted | UnmeasuredEngine | UnmeasuredVendor | UnmeasuredVersion | UnmeasuredDraft
Unmeasured = Unsure | UnmeasuredSetting
