"""What engines call the settings of `[engine]`: a flag, or a key of their own configuration.

From vLLM's EngineArgs, SGLang's ServerArgs, TensorRT-LLM's LlmArgs, and the options
of llama-server, text-embeddings-router and infinity_emb.
"""

from __future__ import annotations

from collections.abc import Mapping

FLAGS: Mapping[str, Mapping[str, str]] = {
    "gpu_memory_utilization": {
        "vllm": "--gpu-memory-utilization",
        "sglang": "--mem-fraction-static",
        "trtllm": "kv_cache_config.free_gpu_memory_fraction",
    },
    "max_num_batched_tokens": {
        "vllm": "--max-num-batched-tokens",
        "sglang": "--chunked-prefill-size",
        "trtllm": "max_num_tokens",
        "llamacpp": "--ubatch-size",
        "tei": "--max-batch-tokens",
    },
    "max_num_seqs": {
        "vllm": "--max-num-seqs",
        "sglang": "--max-running-requests",
        "trtllm": "max_batch_size",
        "llamacpp": "--parallel",
        "tei": "--max-batch-requests",
        "infinity": "--batch-size",
    },
    "prefill_wait_steps": {"trtllm": "batch_wait_timeout_iters"},
    "scheduler_recv_interval": {"sglang": "--scheduler-recv-interval"},
    "async_scheduling": {"vllm": "--async-scheduling"},
    "kv_cache_memory_bytes": {
        "vllm": "--kv-cache-memory-bytes",
        "trtllm": "kv_cache_config.max_gpu_total_bytes",
    },
    "block_size": {
        "vllm": "--block-size",
        "sglang": "--page-size",
        "trtllm": "kv_cache_config.tokens_per_block",
    },
    "enforce_eager": {"vllm": "--enforce-eager", "sglang": "--disable-cuda-graph"},
    "cudagraph_capture_sizes": {
        "vllm": "--cudagraph-capture-sizes",
        "sglang": "--cuda-graph-bs",
        "trtllm": "cuda_graph_config.batch_sizes",
    },
    "max_cudagraph_capture_size": {
        "vllm": "--max-cudagraph-capture-size",
        "sglang": "--cuda-graph-max-bs",
        "trtllm": "cuda_graph_config.max_batch_size",
    },
    "max_loras": {
        "vllm": "--enable-lora --max-loras",
        "sglang": "--max-loras-per-batch",
        "trtllm": "lora_config.max_loras",
    },
    "max_lora_rank": {
        "vllm": "--max-lora-rank",
        "sglang": "--max-lora-rank",
        "trtllm": "lora_config.max_lora_rank",
    },
    "decode_context_parallel_size": {"vllm": "--decode-context-parallel-size"},
    "layers_per_stage": {
        "vllm": "VLLM_PP_LAYER_PARTITION",
        "sglang": "SGLANG_PP_LAYER_PARTITION",
        "trtllm": "pp_partition",
    },
    "language_model_only": {"vllm": "--language-model-only"},
    "images_per_prompt": {"vllm": "--limit-mm-per-prompt"},
    "speculative": {
        "vllm": "--speculative-config",
        "sglang": "--speculative-algorithm",
        "trtllm": "speculative_config",
    },
    "disaggregated": {
        "vllm": "--kv-transfer-config",
        "sglang": "--disaggregation-mode",
        "trtllm": "cache_transceiver_config",
    },
    "cpu_offload_gib": {"vllm": "--cpu-offload-gb", "sglang": "--cpu-offload-gb"},
    "swa_full_tokens_ratio": {"sglang": "--swa-full-tokens-ratio"},
    "mamba_full_memory_ratio": {"sglang": "--mamba-full-memory-ratio"},
    "max_mamba_cache_size": {"sglang": "--max-mamba-cache-size"},
    "mamba_ssm_dtype": {"sglang": "--mamba-ssm-dtype"},
    "ctx_size": {"llamacpp": "--ctx-size"},
    "gpu_layers": {"llamacpp": "--gpu-layers"},
    "mmproj": {"llamacpp": "--mmproj"},
}
