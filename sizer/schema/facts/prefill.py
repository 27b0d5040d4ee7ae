"""Replicas that read prompts alone, for others that decode."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.price import Price


@frozen(cache_hash=True)
class PrefillReplicas:
    """`replicas` of a model, split one way, that read prompts and send their caches on.

    They are on the accelerators that decode, unless on `gpu`, of which `prices` are sold.
    """

    replicas: int
    tp: int = 1
    pp: int = 1
    ep: int = 1
    dp: int = 1
    gpu: Gpu | None = None
    prices: tuple[Price, ...] = ()

    @property
    def gpus_per_replica(self) -> int:
        """Accelerators of one replica."""
        return self.tp * self.pp * self.dp

    @property
    def split(self) -> tuple[int, int, int, int, int]:
        """Sizes of its split, and how many replicas there are."""
        return self.tp, self.pp, self.ep, self.dp, self.replicas
