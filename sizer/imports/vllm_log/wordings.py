"""How vLLM words its memory at start-up, version by version.

What it prints as GB is GiB: it divides by 2**30 throughout. Figures are of one worker (one
accelerator), those of ENGINE of the engine that the workers form.
"""

from __future__ import annotations

import re

from attrs import field, frozen

NUMBER = r"-?[\d,]*\.?\d+"
ENGINE = frozenset({"blocks", "tokens", "concurrency", "request_tokens", "checkpoint_gib"})


def _compiled(figures: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"<(\w+)>", lambda name: f"(?P<{name[1]}>{NUMBER})", figures))


@frozen
class Wording:
    """A phrase: `mark` is where it begins, `figures` what follows, `<name>` a number in it."""

    mark: str
    figures: re.Pattern[str] = field(converter=_compiled)
    example: str


WORDINGS = (
    # up to 0.7, and again since 0.8
    Wording(
        "Loading model weights took ",
        r"<weights_gib> Gi?B",
        "Loading model weights took 14.9888 GB",
    ),
    Wording(
        "Model loading took ",
        r"<weights_gib> Gi?B",
        "Model loading took 14.99 GiB memory and 4.9 seconds",
    ),
    # 0.6.4
    Wording(
        "Memory profiling results: ",
        r"total_gpu_memory=<total_gib>GiB.*?peak_torch_memory=<peak_torch_gib>GiB"
        r".*?non_torch_memory=<non_torch_gib>GiB.*?kv_cache_size=<kv_gib>GiB"
        r".*?gpu_memory_utilization=<utilization>",
        "Memory profiling results: total_gpu_memory=79.15GiB initial_memory_usage=15.6GiB "
        "peak_torch_memory=16.19GiB memory_usage_post_profile=15.7Gib non_torch_memory=0.59GiB "
        "kv_cache_size=54.46GiB gpu_memory_utilization=0.90",
    ),
    # 0.6.5 to 0.8, engine V0
    Wording(
        "total_gpu_memory (",
        r"<total_gib>GiB\)",
        "the current vLLM instance can use total_gpu_memory (79.15GiB)",
    ),
    Wording(
        "x gpu_memory_utilization (",
        r"<utilization>\)",
        "x gpu_memory_utilization (0.90) = 71.23GiB",
    ),
    Wording("model weights take ", r"<weights_gib>GiB", "model weights take 14.99GiB"),
    Wording("non_torch_memory takes ", r"<non_torch_gib>GiB", "non_torch_memory takes 0.11GiB"),
    Wording(
        "PyTorch activation peak memory takes ",
        r"<activation_gib>GiB",
        "PyTorch activation peak memory takes 1.20GiB",
    ),
    Wording(
        "the rest of the memory reserved for KV Cache is ",
        r"<kv_gib>GiB",
        "the rest of the memory reserved for KV Cache is 54.93GiB.",
    ),
    # engine V1, at the level DEBUG
    Wording(
        "worker init memory snapshot: ",
        r".*?total_memory=<total_gib>GiB",
        "worker init memory snapshot: torch_peak=0.0GiB, free_memory=78.63GiB, "
        "total_memory=79.19GiB",
    ),
    Wording(
        "worker requested memory: ", r"<requested_gib>GiB", "worker requested memory: 75.23GiB"
    ),
    Wording(
        "Requested memory: ",
        r"<utilization> \(util\), <requested_gib> GiB",
        "Initial free memory: 78.63 GiB; Requested memory: 0.95 (util), 75.23 GiB",
    ),
    Wording(
        "Total non KV cache memory: ", r"<non_kv_gib>GiB", "Total non KV cache memory: 17.5GiB"
    ),
    Wording(
        "torch peak memory increase: ",
        r"<activation_gib>GiB",
        "torch peak memory increase: 1.2GiB",
    ),
    Wording(
        "non-torch forward increase memory: ",
        r"<non_torch_gib>GiB",
        "non-torch forward increase memory: 0.25GiB",
    ),
    Wording(
        "total consumed (from mem_get_info): ",
        r"<consumed_gib>GiB",
        "total consumed (from mem_get_info): 16.0GiB",
    ),
    Wording("weights memory: ", r"<weights_gib>GiB", "weights memory: 14.99GiB."),
    # engine V1
    Wording("Available KV cache memory: ", r"<kv_gib> GiB", "Available KV cache memory: 54.93 GiB"),
    Wording(
        "Free memory on device (",
        rf"{NUMBER}/<total_gib> GiB\)",
        "Free memory on device (78.63/79.19 GiB) on startup.",
    ),
    Wording(
        "Desired GPU memory utilization is (",
        r"<utilization>, <requested_gib> GiB\)",
        "Desired GPU memory utilization is (0.95, 75.23 GiB).",
    ),
    Wording(
        "Actual usage is ",
        r"(?:<weights_gib> GiB for weight|<consumed_gib> GiB for consumed memory[^,]*)"
        r", <activation_gib> GiB for peak activation"
        r"(?:, <non_torch_gib> GiB for non-torch(?: memory)?)?"
        r", and <graphs_gib> GiB for CUDAGraph memory",
        "Actual usage is 14.99 GiB for weight, 1.2 GiB for peak activation, 0.25 GiB for "
        "non-torch memory, and 0.57 GiB for CUDAGraph memory.",
    ),
    Wording(
        "The current --gpu-memory-utilization=",
        r"<utilization> is equivalent to --gpu-memory-utilization=<utilization_without_graphs>",
        "The current --gpu-memory-utilization=0.9000 is equivalent to "
        "--gpu-memory-utilization=0.8799 without CUDA graph memory profiling.",
    ),
    Wording(
        "increase --gpu-memory-utilization from ",
        r"<utilization>",
        "increase --gpu-memory-utilization from 0.9000 to 0.9196",
    ),
    Wording(
        "Current kv cache memory in use is ",
        r"(?:<kv_gib> GiB|<kv_bytes> bytes)",
        "Current kv cache memory in use is 54.93 GiB.",
    ),
    # captured graphs
    Wording(
        "Estimated CUDA graph memory: ",
        r"<graphs_estimate_gib> GiB",
        "Estimated CUDA graph memory: 0.63 GiB total",
    ),
    Wording(
        "Graph capturing finished in ",
        r"\d+ secs(?:, took <graphs_gib> GiB)?",
        "Graph capturing finished in 12 secs, took 0.57 GiB",
    ),
    # the files
    Wording("Checkpoint size: ", r"<checkpoint_gib> GiB", "Checkpoint size: 14.19 GiB."),
    # what the cache of the engine holds
    *(
        Wording(
            f"# {device} blocks: ", r"<blocks>", f"# {device} blocks: 27899, # CPU blocks: 2048"
        )
        for device in ("GPU", "cuda", "CUDA", "rocm")
    ),
    Wording("GPU KV cache size: ", r"<tokens> tokens", "GPU KV cache size: 449,984 tokens"),
    Wording(
        "Maximum concurrency for ",
        r"<request_tokens> tokens per request: <concurrency>x",
        "Maximum concurrency for 8,192 tokens per request: 54.93x",
    ),
)
