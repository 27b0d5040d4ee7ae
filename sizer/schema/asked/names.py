"""Fields of a deployment that several tables and commands name, each list said once."""

from __future__ import annotations

SPLIT = ("tp", "pp", "ep", "dp")
SERVED = ("weights", "kv_format", "engine", "engine_version", "input_tokens", "output_tokens")
LIMITS = (
    "max_context",
    "max_num_batched_tokens",
    "max_num_seqs",
    "gpu_memory_utilization",
    "gpu_memory_gib",
)
HELD = (
    "async_scheduling",
    "kv_cache_memory_bytes",
    "block_size",
    "enforce_eager",
    "max_cudagraph_capture_size",
    "max_loras",
    "max_lora_rank",
    "decode_context_parallel_size",
    "language_model_only",
    "images_per_prompt",
    "cpu_offload_gib",
    "swa_full_tokens_ratio",
    "mamba_full_memory_ratio",
    "max_mamba_cache_size",
    "mamba_ssm_dtype",
    "ctx_size",
    "gpu_layers",
    "mmproj",
)
DRAFTED = (
    "speculative_method",
    "speculative_model",
    "speculative_tokens",
    "speculative_acceptance_length",
)
