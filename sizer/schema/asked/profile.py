"""A profile as its author wrote it: the question, before anything is resolved.

Every field carries its documentation, unit and bounds as attrs metadata (`key`), from which the
shape checker, profiles/README.md and the starter profile are made.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import Factory, field, frozen

from sizer.schema.asked.energy import Energy
from sizer.schema.asked.key import key
from sizer.schema.asked.owned import Owned
from sizer.schema.asked.parameter import Scalar
from sizer.schema.asked.serving import Engine, Workload

Level = Literal["error", "warning", "info"]
EstimatorName = Literal["analytic", "aiconfigurator", "both"]
Term = Literal["on_demand", "reserved", "spot", "capacity_block"]
Across = Literal["nothing", "models"]
Copies = Literal["every", "fewest"]
Texts = tuple[str, ...]
MOST_SOUGHT = 4096  # accelerators among which the fewest replicas are looked for
DEFAULT_SORT = "cost_usd_per_mtok then tokens_per_second_per_gpu"


BY_HAND = ("num_parameters", "num_layers", "hidden_size", "num_attention_heads")
BY_HAND_TOO = ("num_kv_heads", "vocab_size", "max_sequence_length")


@frozen
class ModelAsk:
    """`[[models]]`: a model to place, by name, alias, config.json path, or by hand.

    With all of BY_HAND it is described whole; else what is given replaces the named model's.
    """

    name: str = key(
        "catalog name, alias, glob (`Qwen/Qwen3-*`), ORG/MODEL[@REV] of the hub, or path "
        "(config.json, GGUF, folder)"
    )
    weights: Texts = key("weight formats to try; `auto` is the checkpoint's own", default=("auto",))
    kv_format: Texts = key(
        "formats of the KV cache to try; `auto` is the one that the checkpoint asks for, "
        "if the engine heeds it, else 16 bit",
        default=("auto",),
    )
    num_parameters: float | None = key(
        "parameters, by hand or in place of the model's",
        unit="1e9",
        default=None,
        above=0,
        most=1e5,
    )
    num_layers: int | None = key(
        "layers, by hand or in place of the model's", default=None, least=1, most=10_000
    )
    hidden_size: int | None = key(
        "width of the residual, by hand or in place of the model's", default=None, least=1
    )
    num_attention_heads: int | None = key(
        "query heads, by hand or in place of the model's", default=None, least=1
    )
    num_kv_heads: int | None = key(
        "key and value heads, by hand or in place of the model's", default=None, least=1
    )
    vocab_size: int | None = key(
        "size of the vocabulary, by hand or in place of the model's", default=None, least=1
    )
    max_sequence_length: int | None = key(
        "longest context, by hand or in place of the model's", unit="token", default=None, least=1
    )

    @property
    def by_hand(self) -> bool:
        """Whether the model is described whole, so that no catalog is asked."""
        return all(getattr(self, name) is not None for name in BY_HAND)

    @property
    def given(self) -> tuple[str, ...]:
        """Return which of its numbers are given, in order."""
        names = (*BY_HAND, *BY_HAND_TOO)
        return tuple(name for name in names if getattr(self, name) is not None)


@frozen
class CustomGpu:
    """`[[fleet.custom]]`: an accelerator that no catalog knows, or yours at your price.

    Memory, peaks and links are those of one device, as the engine counts them.
    """

    name: str = key("the name that answers will show")
    memory_gb: float = key("memory", unit="GB", least=0.001, most=1e6)
    memory_bandwidth_gb_s: float = key("memory bandwidth", unit="GB/s", above=0, most=1e7)
    tflops_fp16: float | None = key(
        "dense fp16 peak", unit="TFLOP/s", default=None, above=0, most=1e7
    )
    tflops_fp32: float | None = key(
        "dense fp32 peak", unit="TFLOP/s", default=None, above=0, most=1e7
    )
    tflops_bf16: float | None = key(
        "dense bf16 peak", unit="TFLOP/s", default=None, above=0, most=1e7
    )
    tflops_fp8: float | None = key(
        "dense fp8 peak", unit="TFLOP/s", default=None, above=0, most=1e7
    )
    cost_per_hour: float | None = key(
        "price of one accelerator", unit="USD/h", default=None, least=0, most=1e6
    )
    tdp_w: float | None = key(
        "power of one device at full load", unit="W", default=None, above=0, most=1e5
    )
    devices_per_accelerator: int | None = key(
        "devices that an engine counts in an accelerator as priced; 1 where `like` is silent",
        default=None,
        least=1,
        most=64,
    )
    link_gb_s: float | None = key(
        "link to its peers, per direction", unit="GB/s", default=None, above=0, most=1e6
    )
    domain_size: int | None = key(
        "devices that this link joins, like 2 for a bridge; without it all of a server",
        default=None,
        least=1,
        most=1e5,
    )
    pcie_gb_s: float | None = key(
        "PCIe between devices of a server beyond the link, per direction",
        unit="GB/s",
        default=None,
        above=0,
        most=1e6,
    )
    peer_to_peer: bool | None = key(
        "whether the driver grants direct copies between devices", default=None
    )
    host_copy_gb_s: float | None = key(
        "copies through the host where none are direct, as NCCL's bus bandwidth measures them",
        unit="GB/s",
        default=None,
        above=0,
        most=1e6,
    )
    server_size: int | None = key(
        "accelerators that one server holds; 8 where `like` does not say",
        default=None,
        least=1,
        most=1024,
    )
    like: str | None = key("catalog accelerator that fills what is left out", default=None)


@frozen
class Fleet:
    """`[fleet]`: what may be bought."""

    gpus: Texts = key(
        "catalog names, aliases, globs (`H100*`), `vendor:amd`, `provider:aws` or `all`; "
        "without it, `custom` and `owned`, `all`: every accelerator with a price",
        default=(),
    )
    custom: tuple[CustomGpu, ...] = key("accelerators by hand", default=())
    max_gpus_per_replica: int = key("largest split of one replica", default=8, least=1, most=1024)
    tp: tuple[int, ...] = key(
        "tensor-parallel sizes to try; without it all that divide", default=(), least=1, most=1024
    )
    pp: tuple[int, ...] = key(
        "pipeline-parallel sizes to try, also inside a server; without it 1, or as many servers as "
        "the model needs",
        default=(),
        least=1,
        most=1024,
    )
    dp: tuple[int, ...] = key(
        "attention groups to try, which share the experts of a MoE; copies of the whole model are "
        "replicas",
        default=(),
        least=1,
        most=1024,
    )
    ep: tuple[int, ...] = key(
        "expert-parallel sizes to try: tp x dp spreads experts whole, 1 splits each of them",
        default=(),
        least=1,
        most=1024,
    )
    max_gpus: int | None = key(
        "largest fleet over all replicas; without it one replica, or up to 4096 accelerators where "
        "the `fewest` are looked for",
        default=None,
        least=1,
    )
    replicas: Copies = key(
        "`every` number up to `max_gpus` is a candidate; `fewest` finds for each split the fewest "
        "replicas at which every condition holds",
        default="every",
    )
    spare_replicas: int = key(
        "replicas beside those that carry the load, so that as many may fail; cost and `gpus` "
        "count all",
        default=0,
        least=0,
        most=1000,
    )
    headroom: float = key(
        "share of the request rate that may come on top: conditions hold at 1.2 times the rate too "
        "with `0.2`",
        default=0.0,
        least=0,
        most=10,
    )
    node_link_gb_s: float | None = key(
        "network between servers, per accelerator and direction; without it the catalog's",
        unit="GB/s",
        default=None,
        above=0,
        most=1e5,
    )
    provider: str | None = key("whose prices; without it the median over providers", default=None)
    region: str | None = key("where prices hold, like `us-east-1`", default=None)
    term: Term = key("on_demand, reserved, spot or capacity_block", default="on_demand")
    prices: Texts = key("files of your own prices, which go before the catalog's", default=())
    owned: tuple[Owned, ...] = key(
        "hardware of yours, at what it costs to own; it goes before every price", default=()
    )

    @property
    def largest(self) -> int | None:
        """Accelerators of the largest fleet; None where there is one replica, and its spares."""
        return self.max_gpus or (MOST_SOUGHT if self.replicas == "fewest" else None)

    def most_replicas(self, gpus: int) -> int:
        """Return how many replicas of so many accelerators may carry the load."""
        copies = 1 + self.spare_replicas if self.largest is None else self.largest // gpus
        return max(copies - self.spare_replicas, 0)

    @property
    def named(self) -> Texts:
        """Return the names in `gpus`; where there are none, the owned that are not `custom`."""
        own = {each.name for each in self.custom}
        return self.gpus or tuple(
            dict.fromkeys(each.gpu for each in self.owned if each.gpu not in own)
        )


@frozen
class Estimation:
    """`[estimator]`: who estimates."""

    name: EstimatorName = key(
        "`aiconfigurator`, from tables measured on silicon, is the extra `aic`; `both` takes the "
        "mean of the two paces",
        default="analytic",
    )
    calibration: str = key(
        "constants of `analytic` and `both`: `default`, `priors`, or a file that `sizer "
        "calibrate` wrote",
        default="default",
    )
    confidence: float | None = key(
        "`where` and `require` judge the careful end of the interval that holds this share",
        default=None,
        above=0,
        most=0.999,
    )


@frozen
class Select:
    """`[select]`: which candidates survive, in which order."""

    where: Texts = key(
        "conditions, all of which hold; `fits` and `not overloaded` are among them, unless they "
        "name `fits` or `fits_surely`, `overloaded` or `utilization`",
        default=(),
        expression="condition",
    )
    sort: str = key(
        "metrics by rank, each best first unless `asc` or `desc` follows",
        default=DEFAULT_SORT,
        expression="sort",
    )
    limit: int | None = key("how many to list for each model", default=None, least=1)
    across: Across = key(
        "`models` chooses one over all models, `nothing` one for each of them", default="nothing"
    )
    load: Literal["all", "any"] = key(
        "`all`: a candidate carries every load point and ranks by its worst; `any`: the load is "
        "chosen too",
        default="all",
    )


@frozen
class Rule:
    """`[[rule]]`: what must hold for every candidate that would be chosen."""

    id: str = key("stable name, like `slo.interactive`")
    require: str = key("condition that must hold", expression="condition")
    when: str | None = key(
        "condition under which the rule applies", default=None, expression="condition"
    )
    level: Level = key("error removes candidates; warning and info only report", default="error")
    start: date | None = key(
        "first day on which an error removes candidates, a date like 2027-01-31; a warning before",
        default=None,
        named="from",
    )
    message: str | None = key(
        "what to say, with {metric} places", default=None, expression="message"
    )
    tags: Texts = key("labels by which `--select` and `--ignore` find it too", default=())


@frozen
class Waiver:
    """`[[waiver]]`: a rule that some candidates need not keep, by whom, why and until when."""

    rule: str = key("id of the rule that is waived", repeats=True)
    match: str = key("condition for the candidates that it is for", expression="condition")
    reason: str = key("why")
    owner: str = key("who answers for it")
    expires: date = key("last day on which it holds, a date like 2027-01-31")
    ticket: str | None = key("where it was decided", default=None)


@frozen
class Profile:
    """A whole question. `extends` names shared rule files by relative path."""

    dsl: Literal[1] = key("version of this format")
    description: str | None = key("for the reader", default=None)
    extends: Texts = key("shared rule files, by path from this file or as `pack:NAME`", default=())
    params: dict[str, Scalar] = key(
        "values for the parameters of extended files, and of its own rules", default=dict
    )
    metrics: dict[str, str] = key(
        "own metrics by name, each an expression over metrics", default=dict, expression="condition"
    )
    levels: dict[str, Level] = key("levels of rules by id, in place of their own", default=dict)
    models: tuple[ModelAsk, ...] = key("models to place", default=())
    fleet: Fleet = field(default=Factory(Fleet), metadata={"doc": "what may be bought"})
    workload: Workload = field(default=Factory(Workload), metadata={"doc": "the load"})
    engine: Engine = field(default=Factory(Engine), metadata={"doc": "serving software"})
    energy: Energy = field(default=Factory(Energy), metadata={"doc": "what power costs and emits"})
    estimator: Estimation = field(default=Factory(Estimation), metadata={"doc": "who estimates"})
    select: Select = field(
        default=Factory(Select), metadata={"doc": "which survive, in which order"}
    )
    rule: tuple[Rule, ...] = key("what must hold", default=())
    waiver: tuple[Waiver, ...] = key("what need not hold, for a while", default=())
