"""A profile as its author wrote it: the question, before anything is resolved.

Every field carries its documentation, unit and bounds as attrs metadata (`key`), from which the
shape checker, profiles/README.md and the starter profile are made.
"""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from attrs import Attribute, Factory, field, frozen

from sizer.schema.asked.parameter import Scalar

Level = Literal["error", "warning", "info"]
EstimatorName = Literal["analytic", "aiconfigurator"]
Term = Literal["on_demand", "reserved", "spot"]
Router = Literal["affine", "round_robin"]
Across = Literal["nothing", "models"]
Texts = tuple[str, ...]
DEFAULT_SORT = "cost_usd_per_mtok then tokens_per_second_per_gpu"


def key(
    doc: str,
    *,
    default: Any = ...,
    unit: str = "",
    above: float | None = None,
    least: float | None = None,
    most: float | None = None,
    expression: str | None = None,
    repeats: bool = False,
    named: str | None = None,
) -> Any:
    """Declare a key of a profile: its sentence, unit and bounds; `default=dict` is an empty table.

    `above` is exclusive, `least` and `most` are inclusive. `expression` says that the text is
    one of the rule language: `condition`, `sort` or `message`. `repeats` says of the first key of
    a table that several tables may have the same. `named` is the key where Python has the word for
    itself.
    """
    metadata: dict[str, Any] = {"doc": doc, "unit": unit}
    metadata |= {"above": above, "least": least, "most": most}
    metadata |= {"expression": expression, "repeats": repeats, "named": named}
    if default is ...:
        return field(metadata=metadata)
    if default is dict:
        return field(factory=dict, metadata=metadata)
    return field(default=default, metadata=metadata)


BY_HAND = ("num_parameters", "num_layers", "hidden_size", "num_attention_heads")
BY_HAND_TOO = ("num_kv_heads", "vocab_size", "max_sequence_length")


def key_name(attribute: Attribute[Any]) -> str:
    """Return the key that a field is in a file."""
    return attribute.metadata.get("named") or attribute.name


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
        "formats of the KV cache to try; `auto` follows 16 bit", default=("auto",)
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
    """`[[fleet.custom]]`: an accelerator that no catalog knows, or yours at your price."""

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
    link_gb_s: float | None = key(
        "link to its peers, per direction", unit="GB/s", default=None, above=0, most=1e6
    )
    like: str | None = key("catalog accelerator that fills what is left out", default=None)


@frozen
class Fleet:
    """`[fleet]`: what may be bought."""

    gpus: Texts = key(
        "catalog names, aliases, globs (`H100*`), `vendor:amd`, `provider:aws` or `all`; "
        "without it and `custom`, `all`: every accelerator with a price",
        default=(),
    )
    custom: tuple[CustomGpu, ...] = key("accelerators by hand", default=())
    max_gpus_per_replica: int = key("largest split of one replica", default=8, least=1, most=1024)
    max_gpus: int | None = key("largest fleet over all replicas", default=None, least=1)
    node_link_gb_s: float | None = key(
        "network between servers, per accelerator and direction; without it the catalog's",
        unit="GB/s",
        default=None,
        above=0,
        most=1e5,
    )
    provider: str | None = key("whose prices; without it the median over providers", default=None)
    region: str | None = key("where prices hold, like `us-east-1`", default=None)
    term: Term = key("on_demand, reserved or spot", default="on_demand")
    prices: Texts = key("files of your own prices, which go before the catalog's", default=())


@frozen
class Workload:
    """`[workload]`: the load to carry; lists are swept, every combination is tried."""

    input_tokens: tuple[int, ...] = key(
        "prompt length", unit="token", default=(1024,), least=1, most=100_000_000
    )
    output_tokens: tuple[int, ...] = key(
        "answer length", unit="token", default=(256,), least=1, most=100_000_000
    )
    concurrency: tuple[int, ...] = key(
        "requests in flight, over all replicas",
        unit="request",
        default=(1,),
        least=1,
        most=10_000_000,
    )
    request_rate: tuple[float, ...] = key(
        "arrivals over all replicas, instead of a concurrency",
        unit="request/s",
        default=(),
        above=0,
        most=1e9,
    )
    prefix_hit_share: float = key(
        "share of a prompt that is in the cache already, from an earlier one",
        default=0.0,
        least=0,
        most=0.99,
    )
    shared_prefix_tokens: int = key(
        "tokens at the start of a prompt that requests of a group share, like a system prompt",
        unit="token",
        default=0,
        least=0,
        most=100_000_000,
    )
    prefix_groups: int = key(
        "groups of requests, each with a shared prefix of its own", default=1, least=1, most=10**9
    )
    router: Router = key(
        "`affine` sends a group to one replica, `round_robin` each request to the next",
        default="round_robin",
    )
    input_tokens_spread: float = key(
        "standard deviation of prompt lengths over their mean", default=0.0, least=0, most=10
    )
    output_tokens_spread: float = key(
        "standard deviation of answer lengths over their mean", default=0.0, least=0, most=10
    )
    input_tokens_percentiles: dict[str, int] = key(
        "prompt lengths, like `{ p50 = 800, p90 = 3000 }`, instead of mean and spread",
        unit="token",
        default=dict,
        least=1,
        most=100_000_000,
    )
    output_tokens_percentiles: dict[str, int] = key(
        "answer lengths by percentile, instead of mean and spread",
        unit="token",
        default=dict,
        least=1,
        most=100_000_000,
    )
    max_context: int | None = key(
        "longest sequence to promise; without it the longest lengths named",
        unit="token",
        default=None,
        least=1,
        most=1_000_000_000,
    )


@frozen
class Engine:
    """`[engine]`: the serving software and its limits."""

    name: Literal["vllm", "sglang", "trtllm", "generic"] = key("serving engine", default="vllm")
    version: str | None = key("its version, like `0.10.2`; without it a current one", default=None)
    gpu_memory_utilization: float | None = key(
        "share of the memory that the engine may take; without it the engine's default",
        default=None,
        above=0,
        most=1,
    )
    max_num_batched_tokens: int | None = key(
        "tokens in one step (chunked prefill); without it the engine's default",
        unit="token",
        default=None,
        least=1,
        most=100_000_000,
    )
    max_num_seqs: int | None = key(
        "sequences in one step; without it the engine's default",
        default=None,
        least=1,
        most=10_000_000,
    )
    prefill_wait_steps: int = key(
        "decode steps for which prompts are held back, to read several at once "
        "(TensorRT-LLM's `batch_wait_timeout_iters`)",
        default=0,
        least=0,
        most=1_000_000,
    )
    static_batching: bool = key("all requests start and end together", default=False)


@frozen
class Estimation:
    """`[estimator]`: who estimates."""

    name: EstimatorName = key(
        "`aiconfigurator`, from tables measured on silicon, is the extra `aic`", default="analytic"
    )
    calibration: str = key(
        "constants of `analytic`: `default`, `priors`, or a file that `sizer calibrate` wrote",
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
    estimator: Estimation = field(default=Factory(Estimation), metadata={"doc": "who estimates"})
    select: Select = field(
        default=Factory(Select), metadata={"doc": "which survive, in which order"}
    )
    rule: tuple[Rule, ...] = key("what must hold", default=())
    waiver: tuple[Waiver, ...] = key("what need not hold, for a while", default=())
