"""What an answer rests on of LoRA, as a value; `render` has the words."""

from __future__ import annotations

from typing import Literal

from attrs import frozen


@frozen
class UnscoredAdapters:
    """Times with LoRA were held against few measurements; their intervals are wider."""

    kind: Literal["unscored adapters"] = "unscored adapters"
