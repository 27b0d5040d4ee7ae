"""What an engine loads beside a model's own weights, or leaves out of them."""

from __future__ import annotations

from attrs import frozen


@frozen
class Extras:
    """Of one accelerator: slots for LoRA, towers left out, bytes of weights on the host.

    `images` are those of a prompt where their number is limited.
    """

    max_loras: int = 0
    max_lora_rank: int = 16
    text_only: bool = False
    host_bytes: float = 0.0
    images: int | None = None

    @property
    def encodes(self) -> bool:
        """Whether a tower is run at the start, and its embeddings have room."""
        return not self.text_only and self.images != 0


@frozen
class Offload:
    """Cache of a replica beside its accelerators, in bytes, and how fast it is read, in B/s.

    An accelerator reads the host's memory, a replica its disk.
    """

    cpu_bytes: float = 0.0
    cpu_bytes_s: float | None = None
    disk_bytes: float = 0.0
    disk_bytes_s: float | None = None


NO_EXTRAS = Extras()
NO_OFFLOAD = Offload()
