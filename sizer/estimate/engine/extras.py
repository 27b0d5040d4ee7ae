"""What an engine loads beside a model's own weights, or leaves out of them."""

from __future__ import annotations

from attrs import frozen


@frozen
class Extras:
    """Of one accelerator: slots for LoRA, towers left out, bytes of weights on the host."""

    max_loras: int = 0
    max_lora_rank: int = 16
    text_only: bool = False
    host_bytes: float = 0.0


NO_EXTRAS = Extras()
