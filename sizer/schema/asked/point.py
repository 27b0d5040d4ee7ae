"""A point: one deployment of a model under one load, as a row of a table names it."""

from __future__ import annotations

from attrs import frozen

from sizer.schema.asked.key import key
from sizer.schema.asked.serving import EngineName, Router, ServedBy, SpeculativeMethod, StateType

COUNT = 1_000_000_000
MEASURED = "measured_"  # before a metric's name: what somebody measured of it


@frozen
class Point:
    """What a row says; None is the default, which the documentation of each column states."""

    model: str = key(
        "catalog name, alias, ORG/MODEL[@REV] of the hub, or path (config.json, GGUF, folder)"
    )
    gpu: str = key("catalog name or alias")
    gpus: int | None = key("devices over all replicas; tp x pp", default=None, least=1, most=COUNT)
    tp: int | None = key("tensor-parallel size; gpus / pp", default=None, least=1, most=1024)
    pp: int | None = key("pipeline-parallel size; 1", default=None, least=1, most=1024)
    ep: int | None = key("expert-parallel size; 1", default=None, least=1, most=1024)
    dp: int | None = key("attention data-parallel size; 1", default=None, least=1, most=1024)
    prefill_replicas: int | None = key(
        "replicas that read prompts apart, of `gpus` too; none",
        default=None,
        least=1,
        most=4096,
    )
    prefill_tp: int | None = key(
        "tensor-parallel size of those; 1", default=None, least=1, most=1024
    )
    prefill_pp: int | None = key(
        "pipeline-parallel size of those; 1", default=None, least=1, most=1024
    )
    prefill_ep: int | None = key(
        "expert-parallel size of those; 1", default=None, least=1, most=1024
    )
    prefill_dp: int | None = key("attention groups of those; 1", default=None, least=1, most=1024)
    weights: str | None = key("weight format; the checkpoint's own", default=None)
    kv_format: str | None = key(
        "format of the KV cache; the one that the checkpoint asks for, else that of activations",
        default=None,
    )
    engine: EngineName | None = key("serving engine; vllm", default=None)
    engine_version: str | None = key("version of the engine; a current one", default=None)
    input_tokens: int | None = key("prompt length; 1024", default=None, least=1, most=COUNT)
    output_tokens: int | None = key(
        "answer length, which what embeds or classifies has none of; 256",
        default=None,
        least=1,
        most=COUNT,
    )
    concurrency: int | None = key(
        "requests in flight, over all replicas; one a replica", default=None, least=1, most=COUNT
    )
    request_rate: float | None = key(
        "arrivals, instead of a concurrency; none", unit="request/s", default=None, above=0
    )
    burstiness: float | None = key(
        "gamma shape of gaps between arrivals; 1, Poisson", default=None, least=0.01, most=1000
    )
    users: int | None = key(
        "people who send, read and think, instead of a concurrency; none",
        default=None,
        least=1,
        most=COUNT,
    )
    think_time_s: float | None = key(
        "mean time between an answer and a user's next request; 0",
        unit="s",
        default=None,
        least=0,
        most=1e6,
    )
    requests: int | None = key(
        "requests of a benchmark that starts with all users at once; a long run",
        default=None,
        least=1,
        most=COUNT,
    )
    prefix_hit_share: float | None = key(
        "share of a prompt that is in the cache already; 0", default=None, least=0, most=0.99
    )
    shared_prefix_tokens: int | None = key(
        "tokens at the start of a prompt that a group shares; 0", default=None, least=0, most=COUNT
    )
    prefix_groups: int | None = key(
        "groups with a shared prefix of their own; 1", default=None, least=1, most=COUNT
    )
    router: Router | None = key("affine or round_robin; round_robin", default=None)
    lockstep: bool | None = key("users start together and stay in step; false", default=None)
    input_tokens_spread: float | None = key(
        "standard deviation of prompt lengths over their mean; 0", default=None, least=0, most=10
    )
    output_tokens_spread: float | None = key(
        "standard deviation of answer lengths over their mean; 0", default=None, least=0, most=10
    )
    max_context: int | None = key(
        "longest sequence; input and output", default=None, least=1, most=COUNT
    )
    max_num_batched_tokens: int | None = key(
        "tokens in one step; the engine's default", default=None, least=1, most=COUNT
    )
    max_num_seqs: int | None = key(
        "sequences in one step; the engine's default", default=None, least=1, most=COUNT
    )
    prefill_wait_steps: int | None = key(
        "decode steps for which prompts are held back; 0", default=None, least=0, most=1_000_000
    )
    scheduler_recv_interval: int | None = key(
        "decode steps between two looks for new requests; 1",
        default=None,
        least=1,
        most=1_000_000,
    )
    gpu_memory_utilization: float | None = key(
        "share of the memory that the engine may take; the engine's default",
        default=None,
        above=0,
        most=1,
    )
    gpu_memory_gib: float | None = key(
        "memory of one accelerator; the catalog's", unit="GiB", default=None, least=0.001, most=1e6
    )
    served_by: ServedBy | None = key("http or in_process; http", default=None)
    static_batching: bool | None = key("requests start and end together; false", default=None)
    async_scheduling: bool | None = key(
        "the next step is scheduled while one runs; the engine's default", default=None
    )
    kv_cache_memory_bytes: int | None = key(
        "cache of one accelerator, exactly; what is left", default=None, least=1, most=10**15
    )
    block_size: int | None = key(
        "tokens in a block of the cache; the engine's default", default=None, least=1, most=65_536
    )
    enforce_eager: bool | None = key("no CUDA graphs; false", default=None)
    max_cudagraph_capture_size: int | None = key(
        "largest batch that has a CUDA graph; the engine's default",
        default=None,
        least=1,
        most=COUNT,
    )
    max_loras: int | None = key(
        "LoRA adapters that one step may use; 0", default=None, least=0, most=10_000
    )
    max_lora_rank: int | None = key("rank of a slot for LoRA; 16", default=None, least=1, most=4096)
    decode_context_parallel_size: int | None = key(
        "tensor ranks over which the cache of each request is divided; 1",
        default=None,
        least=1,
        most=1024,
    )
    language_model_only: bool | None = key(
        "towers for images and sound are not loaded; false", default=None
    )
    images_per_prompt: int | None = key(
        "vLLM: images, and items of each other kind, that a prompt may have; any number",
        default=None,
        least=0,
        most=1_000_000,
    )
    cpu_offload_gib: float | None = key(
        "weights of each accelerator that stay in the host's memory; 0",
        unit="GiB",
        default=None,
        least=0,
        most=1e6,
    )
    speculative_method: SpeculativeMethod | None = key("who drafts tokens; nobody", default=None)
    speculative_model: str | None = key("the draft, where it is a model; none", default=None)
    speculative_tokens: int | None = key(
        "tokens drafted for each step; 1", default=None, least=0, most=1024
    )
    speculative_acceptance_length: float | None = key(
        "tokens that a step yields in the mean; those of the model's reference curve",
        unit="token",
        default=None,
        least=1,
        most=1025,
    )
    swa_full_tokens_ratio: float | None = key(
        "SGLang: tokens for windows over those of the full pool; 0.8", default=None, above=0, most=1
    )
    mamba_full_memory_ratio: float | None = key(
        "SGLang: bytes for states over those for tokens; 0.9", default=None, above=0, most=1000
    )
    max_mamba_cache_size: int | None = key(
        "SGLang: slots for states; by the ratio", unit="slot", default=None, least=1, most=COUNT
    )
    mamba_ssm_dtype: StateType | None = key(
        "SGLang: numbers of states; the model's own", default=None
    )
    ctx_size: int | None = key(
        "llama.cpp: tokens of its cache; max_context for each slot asked for, or once",
        unit="token",
        default=None,
        least=1,
        most=COUNT,
    )
    gpu_layers: int | None = key(
        "llama.cpp: layers on the device; all", default=None, least=0, most=100_000
    )
    mmproj: bool | None = key("llama.cpp: the vision file is loaded; false", default=None)
