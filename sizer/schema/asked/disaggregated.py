"""What a profile asks of prefill apart from decode: replicas of each, and the way between them."""

from __future__ import annotations

from typing import Literal

from attrs import Factory, field, frozen

from sizer.schema.asked.key import key

Transfer = Literal["whole", "by_layer"]


@frozen
class Side:
    """`[engine.disaggregated.decode]`: replicas that do one of the two alone."""

    replicas: tuple[int, ...] = key(
        "numbers of replicas to try; without it as many as `max_gpus` leaves, or one",
        default=(),
        least=1,
        most=4096,
    )
    tp: tuple[int, ...] = key(
        "tensor-parallel sizes of this side; without it those of `[fleet]`",
        default=(),
        least=1,
        most=1024,
    )
    pp: tuple[int, ...] = key(
        "pipeline-parallel sizes of this side", default=(), least=1, most=1024
    )
    dp: tuple[int, ...] = key("attention groups of this side", default=(), least=1, most=1024)
    ep: tuple[int, ...] = key("expert-parallel sizes of this side", default=(), least=1, most=1024)


@frozen
class Reading(Side):
    """`[engine.disaggregated.prefill]`: replicas that read prompts, maybe on accelerators apart."""

    gpus: tuple[str, ...] = key(
        "accelerators of this side, by catalog names; without it those that decode", default=()
    )


@frozen
class Disaggregated:
    """`[engine.disaggregated]`: replicas that read prompts, apart from those that decode."""

    prefill: Reading = field(
        default=Factory(Reading), metadata={"doc": "replicas that read prompts"}
    )
    decode: Side = field(default=Factory(Side), metadata={"doc": "replicas that decode"})
    transfer: Transfer = key(
        "when a prompt's cache goes over: `whole` once it is read, `by_layer` while it is",
        default="whole",
    )
    link_gb_s: float | None = key(
        "link between the two, per accelerator and direction; without it their own link where one "
        "server holds both, else the network between servers",
        unit="GB/s",
        default=None,
        above=0,
        most=1e6,
    )
    aggregated: bool = key(
        "whether replicas that do both are candidates too, in the same answer", default=True
    )

    @property
    def is_asked(self) -> bool:
        """Whether prompts may be read apart."""
        return self != NOTHING_APART


NOTHING_APART = Disaggregated()
