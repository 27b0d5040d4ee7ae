"""A lock: what every profile was answered by, and what the answer was.

One block an entry, sorted, without times, so that branches merge and equal facts give equal bytes.
"""

from __future__ import annotations

from typing import Literal

from attrs import Factory, frozen

from sizer.schema.asked.profile import Term
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.price import Price

LOCK_VERSION = 2
PatternKind = Literal["accelerator", "model"]
FileKind = Literal["rules", "prices", "traffic", "calibration"]


@frozen
class LockedEstimator:
    """The code that answered: its release, and a hash of every module that decides an answer."""

    version: str
    sha256: str

    @property
    def label(self) -> str:
        """The release with the start of the hash."""
        return f"{self.version} ({self.sha256[:12]})"


@frozen
class LockedCalibration:
    """The constants that the estimator used."""

    name: str
    version: str
    sha256: str

    @property
    def label(self) -> str:
        """Name and version with the start of the hash."""
        return f"{self.name} {self.version} ({self.sha256[:12]})"


@frozen
class LockedFile:
    """A file that profiles read; `path` starts from the lock's folder, or is `pack:NAME`."""

    path: str
    kind: FileKind
    sha256: str


@frozen
class LockedModel:
    """A model by the name that profiles give it, or by its path from the lock's folder.

    `facts` are left out where the model is a path: the repository holds them. `sha256` is of the
    facts. `note` is what had to be decided to find it.
    """

    name: str
    sha256: str
    revision: str | None = None
    note: str | None = None
    facts: Model | None = None


@frozen
class LockedGpu:
    """An accelerator by the name that profiles give it."""

    name: str
    sha256: str
    facts: Gpu
    note: str | None = None


@frozen
class LockedPrice:
    """What is sold of an accelerator on the terms that profiles ask for; no facts: nobody says."""

    gpu: str
    provider: str | None = None
    region: str | None = None
    term: Term = "on_demand"
    since: str | None = None
    facts: tuple[Price, ...] = ()


@frozen
class LockedPattern:
    """What a name of profiles stood for that stands for several, like `H100*` or `all`."""

    name: str
    kind: PatternKind
    names: tuple[str, ...]


@frozen
class LockedFinding:
    """A rule that the chosen candidate does not keep, and who waived it."""

    rule: str
    level: str
    outcome: str
    waiver: str | None = None


@frozen
class LockedAnswer:
    """What was chosen for a model, with its headline metrics; an absent metric is unknown."""

    model: str
    candidates: int
    survivors: int
    candidate: str | None = None
    metrics: dict[str, float] = Factory(dict)
    findings: tuple[LockedFinding, ...] = ()


@frozen
class LockedDay:
    """A day from which a profile is judged otherwise: a rule starts, or a waiver no longer counts.

    `day` is the rule's first day, or the waiver's last.
    """

    day: str
    rule: str
    event: Literal["rule starts", "waiver ends"]


@frozen
class LockedProfile:
    """A profile, the entries that it uses, and its answers; `path` starts from the lock's folder.

    `sha256` is of its text, `report_sha256` of its whole report. `prices` are as reports show them.
    `days` are those to come on which its answers may change although no file does.
    """

    path: str
    sha256: str
    report_sha256: str
    calibration: str
    files: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    accelerators: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    prices: tuple[str, ...] = ()
    days: tuple[LockedDay, ...] = ()
    answer: tuple[LockedAnswer, ...] = ()


Named = LockedModel | LockedGpu


@frozen
class Lock:
    """A whole lock, each kind of entry sorted by its name."""

    version: int
    estimator: LockedEstimator
    calibration: tuple[LockedCalibration, ...] = ()
    profile: tuple[LockedProfile, ...] = ()
    file: tuple[LockedFile, ...] = ()
    model: tuple[LockedModel, ...] = ()
    accelerator: tuple[LockedGpu, ...] = ()
    price: tuple[LockedPrice, ...] = ()
    pattern: tuple[LockedPattern, ...] = ()

    @property
    def named(self) -> tuple[Named, ...]:
        """Models and accelerators."""
        return (*self.model, *self.accelerator)
