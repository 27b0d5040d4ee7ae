"""Words of other tools for what a profile and its metrics are called here.

From vLLM's and SGLang's options and benchmarks, NVIDIA's GenAI-Perf, AIPerf and TensorRT-LLM,
OpenAI's API, and Hugging Face's configurations.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_MEANT: Mapping[tuple[str, ...], str] = {
    # load
    ("input_tokens",): """
        prompt_tokens prompt_length prompt_len prompt_size input_length input_len isl
        input_sequence_length random_input_len num_input_tokens""",
    ("output_tokens",): """
        completion_tokens max_tokens max_completion_tokens max_new_tokens max_output_tokens
        generated_tokens gen_len osl output_length output_len output_sequence_length
        random_output_len num_output_tokens""",
    ("concurrency",): """
        batch batch_size concurrent_requests max_concurrency num_concurrent parallel_requests
        request_concurrency""",
    ("request_rate",): "rps qps arrival_rate",
    ("requests_per_second",): "request_throughput embeddings_per_second",
    ("task",): "runner convert pooling pooling_task",
    ("max_context", "max_sequence_length"): """
        max_model_len max_seq_len max_sequence_len context context_length context_window n_ctx
        max_position_embeddings""",
    ("prefix_hit_share",): "prefix_cache_hit_rate cache_hit_rate cached_share",
    # times and rates
    ("ttft_ms",): "ttft time_to_first_token first_token_latency prefill_latency",
    ("itl_ms",): """
        itl tpot tpot_ms time_per_output_token inter_token_latency inter_chunk_latency
        token_latency""",
    ("e2e_ms",): """
        e2e e2el e2el_ms e2e_latency e2e_latency_ms end_to_end_latency request_latency""",
    ("tokens_per_second",): """
        throughput tps tok_s toks_per_s tokens_per_sec output_throughput output_token_throughput
        generation_throughput""",
    ("total_tokens_per_second",): "total_throughput total_token_throughput",
    ("tokens_per_second_per_user",): "tps_per_user output_token_throughput_per_user interactivity",
    ("tokens_per_second_per_gpu",): "tps_per_gpu throughput_per_gpu",
    # money
    ("cost_usd_per_hour", "cost_per_hour"): """
        price hourly_cost hourly_price cost_per_hour price_per_hour usd_per_hour""",
    ("cost_usd_per_month",): "monthly_cost monthly_price cost_per_month budget",
    ("cost_usd_per_mtok",): """
        cost_per_token cost_per_mtok cost_per_million_tokens price_per_mtok usd_per_mtok""",
    # power
    ("power_w",): "power watts gpu_power power_draw avg_power_w average_power",
    ("wall_power_w",): "wall_power server_power system_power facility_power",
    (
        "joules_per_output_token",
    ): "energy_per_token joules_per_token j_per_token energy_per_output_token",
    ("kwh_per_mtok",): "kwh kwh_per_million_tokens energy energy_kwh",
    ("energy_usd_per_hour",): "energy_cost power_cost electricity_cost",
    ("gco2_per_mtok",): "co2 carbon emissions gco2 co2e carbon_per_token",
    ("usd_per_kwh",): "electricity_price energy_price price_per_kwh power_price",
    ("gco2_per_kwh",): "carbon_intensity grid_intensity grid_carbon co2_per_kwh",
    # sizes and splits
    ("gpu_memory_gb", "memory_gb"): "vram vram_gb hbm_gb gpu_memory gpu_memory_gib",
    ("gpu_bandwidth_gb_s", "memory_bandwidth_gb_s"): """
        bandwidth bandwidth_gb_s memory_bandwidth hbm_bandwidth""",
    ("link_gb_s",): "nvlink_gb_s nvlink_bandwidth interconnect_gb_s",
    ("params_b", "num_parameters"): "params parameters num_params n_params model_size size_b",
    ("tp",): "tensor_parallel tensor_parallel_size tp_size tensor_model_parallel_size",
    ("pp",): "pipeline_parallel pipeline_parallel_size pp_size",
    ("ep",): "enable_expert_parallel expert_parallel expert_parallel_size ep_size",
    ("dp",): "data_parallel data_parallel_size dp_size",
    ("gpus",): "gpu_count num_gpus n_gpus accelerators",
    ("max_gpus_per_replica",): "max_tp max_tensor_parallel gpus_per_replica",
    ("weights",): "quantization quantisation quant dtype precision weight_format weight_dtype",
    ("kv_format",): "kv_cache_dtype kv_dtype cache_dtype kv_cache_format",
    # models by hand
    ("num_layers",): "num_hidden_layers n_layer n_layers layers",
    ("hidden_size",): "d_model hidden_dim n_embd",
    ("num_attention_heads",): "num_heads n_head n_heads",
    ("num_kv_heads",): "num_key_value_heads n_kv_heads n_head_kv",
    # engines
    ("gpu_memory_utilization",): """
        mem_fraction_static free_gpu_memory_fraction kv_cache_free_gpu_memory_fraction""",
    ("max_num_seqs",): "max_running_requests max_batch_size parallel n_parallel num_parallel",
    ("ctx_size",): "n_ctx num_ctx context_size context_length",
    ("gpu_layers",): "n_gpu_layers num_gpu ngl",
    ("kv_cache_memory_bytes",): "kv_cache_memory kv_cache_gb kv_cache_size max_gpu_total_bytes",
    ("block_size",): "page_size tokens_per_block kv_block_size",
    ("served_by",): "in_process inprocess offline http",
    ("enforce_eager",): "eager disable_cuda_graph disable_cuda_graphs no_cuda_graph",
    ("cudagraph_capture_sizes",): "cuda_graph_bs cuda_graph_sizes capture_sizes",
    ("max_cudagraph_capture_size",): "cuda_graph_max_bs max_capture_size",
    ("max_loras",): "enable_lora lora loras max_loras_per_batch max_cpu_loras",
    ("max_lora_rank",): "lora_rank",
    ("decode_context_parallel_size",): "dcp dcp_size decode_context_parallel",
    ("layers_per_stage",): "pp_layer_partition vllm_pp_layer_partition pp_partition",
    ("speculative",): "speculative_config speculation spec_decode speculative_algorithm",
    ("tokens",): """
        num_speculative_tokens spec_tokens speculative_num_draft_tokens num_draft_tokens
        max_draft_len""",
    ("method",): "speculative_method algorithm decoding_type",
    ("disaggregated",): "disaggregation pd_disaggregation disagg kv_transfer_config xpyd",
    ("transfer",): "kv_transfer transfer_mode",
    ("aggregated",): "colocated monolithic",
    ("language_model_only",): "text_only language_only",
    ("images_per_prompt",): """
        limit_mm_per_prompt limit_mm_data_per_request max_images images image_limit num_images""",
    ("cpu_offload_gib",): "cpu_offload_gb cpu_offload weight_offload",
    ("max_num_batched_tokens",): """
        chunked_prefill_size max_num_tokens max_prefill_tokens ubatch_size n_ubatch ubatch""",
    # tables and keys
    ("name",): "id model_id repo repo_id checkpoint",
    ("models",): "model llm llms",
    ("fleet",): "hardware accelerator cluster infrastructure",
    ("workload",): "load loads traffic requests",
    ("engine",): "backend runtime serving server",
    ("select",): "objective optimize optimise target",
    ("rule",): "rules slo slos sla slas requirements constraint constraints limits assert policy",
    ("waiver",): "exception exceptions exemption exemptions waivers",
    ("require",): "condition check expr expression assertion must",
    ("when",): "if unless applies_to",
    ("level",): "severity",
    ("where",): "filter filters",
    ("sort",): "order order_by sort_by rank rank_by",
    ("limit",): "top top_k max_results",
    ("provider",): "cloud vendor",
    ("term",): "pricing purchase",
    ("all",): "any every everything",
}
_OURS: Mapping[str, tuple[str, ...]] = {
    word: ours for ours, words in _MEANT.items() for word in words.split()
}
_KINDS = {"ttft": "ttft", "tpot": "tpot", "itl": "itl", "e2e": "e2e", "e2el": "e2e"}
_STATISTIC = re.compile(
    r"(?P<before>p\d+|mean|avg|median)_(?P<of>[a-z0-9]+)(?:_latency)?(?:_ms)?"
    r"|(?P<what>[a-z0-9]+)_(?P<behind>p\d+|mean|avg|median)(?:_ms)?"
)


def words() -> Mapping[str, tuple[str, ...]]:
    """Return each word of other tools with what it may be called here."""
    return _OURS


def meant(word: str) -> tuple[str, ...]:
    """Return what a word of other tools may be called here, the likeliest first."""
    plain = word.strip().lstrip("-").casefold().replace("-", "_")
    return _OURS.get(plain) or _statistic(plain)


def _statistic(word: str) -> tuple[str, ...]:
    """Return the names of a percentile or a mean, like `p95_ttft_ms`; the mean comes last."""
    found = _STATISTIC.fullmatch(word)
    kind = _KINDS.get(found["of"] or found["what"]) if found else None
    if found is None or kind is None:
        return ()
    share = (found["before"] or found["behind"]).replace("median", "p50")
    mean = "itl_ms" if kind == "tpot" else f"{kind}_ms"
    return (f"{kind}_{share}_ms", mean) if share.startswith("p") else (mean,)
