"""Facts of models, formats, splits and loads that a rule may name."""

from __future__ import annotations

from sizer.schema.metrics.metric import count, number, text, truth
from sizer.schema.metrics.references import ASKED, CATALOG, MEGATRON

QUESTION = (
    text("model", "model", CATALOG),
    number("params_b", "1", "none", "parameters, in billions", CATALOG),
    number(
        "active_params_b", "1", "none", "parameters that one token touches, in billions", CATALOG
    ),
    text("attention", "kind of attention", CATALOG, ("mha", "gqa", "mqa", "mla", "hybrid")),
    truth("is_moe", "none", "whether tokens are routed to experts", CATALOG),
    count("max_context", "token", "none", "longest sequence that is promised", ASKED),
    text("weights", "weight format", ASKED),
    number("weight_bits", "1", "higher", "mean bits of a stored weight, scales included", CATALOG),
    text("kv_format", "format of the cache", ASKED),
    count("tp", "1", "none", "tensor-parallel size", MEGATRON),
    count("pp", "1", "none", "pipeline-parallel size", MEGATRON),
    count("ep", "1", "none", "expert-parallel size", "Lepikhin et al., GShard, arXiv:2006.16668"),
    count(
        "dp",
        "1",
        "none",
        "attention groups that share experts",
        "DeepSeek-AI, DeepSeek-V3, arXiv:2412.19437",
    ),
    count("gpus", "1", "lower", "devices over all replicas, as the engine counts them", ASKED),
    count("replicas", "1", "none", "copies that share the load", ASKED),
    count("spare_replicas", "1", "none", "copies beside them, in case some fail", ASKED),
    text(
        "engine",
        "serving engine",
        ASKED,
        ("vllm", "sglang", "trtllm", "llamacpp", "tei", "infinity", "generic"),
    ),
    number(
        "concurrency",
        "request",
        "none",
        "requests in flight, over all replicas",
        ASKED,
        of="all replicas",
    ),
    count("input_tokens", "token", "none", "prompt length", ASKED),
    count("output_tokens", "token", "none", "answer length", ASKED),
    number(
        "request_rate",
        "request/s",
        "none",
        "arrivals over all replicas; unknown when not given",
        ASKED,
    ),
)
