"""What an answer about power or energy rests on, each as a value; `render` has the words."""

from __future__ import annotations

from typing import Literal

from attrs import frozen

Work = Literal["reading", "apart", "drafts"]


@frozen
class UnmeasuredPower:
    """No power of an accelerator's family was measured; `like` is whose shares of a TDP it has.

    None means plain shares.
    """

    gpu: str
    like: str | None
    kind: Literal["unmeasured power"] = "unmeasured power"


@frozen
class UnmeasuredDraw:
    """No power was measured of accelerators at this work; shares of a TDP are those of others.

    `reading` is of texts that are only read, `apart` of prompts that are read apart from decoding,
    `drafts` of drafted tokens.
    """

    work: Work
    kind: Literal["unmeasured draw"] = "unmeasured draw"


@frozen
class RatedServer:
    """What a server of `gpus` draws beside them, in W, is a share of what its maker rates it at."""

    gpu: str
    gpus: int
    rated_w: float
    host_w: float
    kind: Literal["rated server"] = "rated server"
