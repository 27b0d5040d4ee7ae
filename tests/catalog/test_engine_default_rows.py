"""What engines take unasked: each row of their tables by a case of its own, read in the source."""

from __future__ import annotations

import pytest

from sizer.catalog.engines import engine_defaults
from sizer.schema.facts.engine_defaults import Device, EngineDefault

MIB = 1024.0
# name, version, memory in MiB as the driver counts it, devices, value
SGLANG = [
    # up to 0.4.5 a share by the number of devices is left aside: 1 less 0.88, 0.87, 0.85 ...
    ("reserved_share", (0, 4, 1), 81_559, 1, 0.12),
    ("reserved_share", (0, 4, 1), 81_559, 2, 0.13),
    ("reserved_share", (0, 4, 1), 81_559, 4, 0.15),
    ("reserved_share", (0, 4, 1), 81_559, 8, 0.19),
    ("reserved_share", (0, 4, 1), 81_559, 16, 0.21),
    # from 0.4.6 devices above 80 GiB leave 13 GiB
    ("reserved_share", (0, 4, 6), 143_771, 1, 0.0),
    ("reserved_share", (0, 4, 6), 81_559, 4, 0.15),
    ("reserved_mib", (0, 4, 1), 143_771, 1, 0.0),
    ("reserved_mib", (0, 4, 6), 143_771, 1, 13 * MIB),
    # from 0.4.8 a size by memory and devices
    ("reserved_share", (0, 4, 8), 24_564, 1, 0.0),
    ("reserved_mib", (0, 4, 8), 24_564, 1, 2867.2),
    ("reserved_mib", (0, 4, 10), 81_559, 1, 9.5 * MIB),
    ("reserved_mib", (0, 5, 1), 97_871, 1, 12 * MIB),
    ("reserved_mib", (0, 5, 1), 143_771, 8, 12 * MIB),
    ("reserved_mib", (0, 5, 2), 183_359, 8, 32 * MIB),
    ("reserved_mib_per_rank", (0, 4, 6), 24_564, 1, 0.0),
    ("reserved_mib_per_rank", (0, 4, 8), 24_564, 1, 0.1 * MIB),
    ("reserved_mib_per_rank", (0, 5, 1), 81_559, 8, 0.5 * MIB),
    ("reserved_mib_per_rank", (0, 5, 1), 183_359, 8, 0.0),
    ("reserved_mib_attention_groups", (0, 4, 6), 81_559, 8, 0.0),
    ("reserved_mib_attention_groups", (0, 5, 2), 81_559, 8, 4 * MIB),
    # from 0.5.3 the sum of what a chunk, graphs and devices take
    ("reserved_mib", (0, 5, 3), 183_359, 8, 512.0),
    ("reserved_mib_per_rank", (0, 5, 17), 81_559, 8, 128.0),
    ("reserved_mib_per_chunk_token", (0, 5, 2), 81_559, 1, 0.0),
    ("reserved_mib_per_chunk_token", (0, 5, 3), 81_559, 1, 1.5),
    ("reserved_mib_per_graph", (0, 5, 2), 81_559, 1, 0.0),
    ("reserved_mib_per_graph", (0, 5, 3), 81_559, 1, 2.0),
    ("reserved_mib_attention_groups", (0, 5, 3), 81_559, 8, 0.0),
    ("reserved_mib_per_group_and_graph", (0, 5, 2), 81_559, 8, 0.0),
    ("reserved_mib_per_group_and_graph", (0, 5, 3), 81_559, 2, 3.0),
    ("reserved_mib_per_group_and_graph", (0, 5, 3), 81_559, 8, 4.5),
    ("reserved_mib_per_group_and_graph", (0, 5, 3), 183_359, 2, 4.5),
    ("reserved_mib_least", (0, 5, 2), 81_559, 1, 0.0),
    ("reserved_mib_least", (0, 5, 3), 46_068, 1, 0.0),
    ("reserved_mib_least", (0, 5, 3), 81_559, 1, 10 * MIB),
    # prompts are captured from 0.5.10 on
    ("reserved_mib_per_prefill_graph", (0, 5, 9), 81_559, 1, 0.0),
    ("reserved_mib_per_prefill_graph", (0, 5, 10), 81_559, 1, 8.0),
    ("reserved_mib_prefill_graphs_latent", (0, 5, 9), 81_559, 1, 0.0),
    ("reserved_mib_prefill_graphs_latent", (0, 5, 10), 81_559, 1, 1.5 * MIB),
    # a draft, until its weights are counted themselves
    ("reserved_mib_draft", (0, 4, 6), 81_559, 1, 0.0),
    ("reserved_mib_draft", (0, 4, 8), 81_559, 1, 2 * MIB),
    ("reserved_mib_draft", (0, 5, 10), 81_559, 1, 4 * MIB),
    ("reserved_mib_draft", (0, 5, 17), 81_559, 1, 0.0),
    ("image_factor", (0, 4, 6), 81_559, 1, 0.9),
    ("image_factor", (0, 5, 17), 81_559, 1, 0.95),
    ("chunked_prefill_size", (0, 4, 6), 24_564, 1, 2048),
    ("chunked_prefill_size", (0, 4, 6), 46_068, 1, 8192),
    ("chunked_prefill_size", (0, 4, 8), 32_607, 1, 2048),
    ("chunked_prefill_size", (0, 5, 1), 46_068, 1, 8192),
    ("chunked_prefill_size", (0, 5, 1), 183_359, 1, 16_384),
    ("chunked_prefill_size", (0, 5, 17), 15_360, 1, 2048),
    ("chunked_prefill_size", (0, 5, 17), 46_068, 1, 4096),
    ("chunked_prefill_size", (0, 5, 17), 81_559, 1, 8192),
    ("chunked_prefill_size", (0, 5, 17), 183_359, 1, 16_384),
    ("cuda_graph_max_bs", (0, 4, 0), 24_564, 8, 8),
    ("cuda_graph_max_bs", (0, 4, 0), 81_559, 8, 160),
    ("cuda_graph_max_bs", (0, 4, 6), 24_564, 1, 8),
    ("cuda_graph_max_bs", (0, 4, 6), 24_564, 4, 80),
    ("cuda_graph_max_bs", (0, 4, 6), 81_559, 4, 160),
    ("cuda_graph_max_bs", (0, 5, 4), 15_360, 8, 8),
    ("cuda_graph_max_bs", (0, 5, 4), 24_564, 2, 16),
    ("cuda_graph_max_bs", (0, 5, 4), 24_564, 4, 80),
    ("cuda_graph_max_bs", (0, 5, 4), 46_068, 2, 32),
    ("cuda_graph_max_bs", (0, 5, 4), 46_068, 4, 160),
    ("cuda_graph_max_bs", (0, 5, 4), 81_559, 2, 256),
    ("cuda_graph_max_bs", (0, 5, 4), 81_559, 4, 512),
    ("cuda_graph_max_bs", (0, 5, 4), 183_359, 1, 512),
    ("cuda_graph_max_bs", (0, 5, 17), 15_360, 8, 8),
    ("cuda_graph_max_bs", (0, 5, 17), 24_564, 2, 24),
    ("cuda_graph_max_bs", (0, 5, 17), 24_564, 4, 80),
    ("cuda_graph_max_bs", (0, 5, 17), 46_068, 2, 32),
    ("cuda_graph_max_bs", (0, 5, 17), 46_068, 4, 160),
    ("cuda_graph_max_bs", (0, 5, 17), 81_559, 2, 256),
    ("cuda_graph_max_bs", (0, 5, 17), 81_559, 4, 512),
    ("cuda_graph_max_bs", (0, 5, 17), 183_359, 1, 512),
    ("max_running_requests", (0, 5, 17), 81_559, 1, 2048),
    ("max_running_requests_with_draft", (0, 5, 17), 81_559, 1, 48),
    ("swa_full_tokens_ratio", (0, 5, 17), 81_559, 1, 0.8),
    ("mamba_full_memory_ratio", (0, 5, 17), 81_559, 1, 0.9),
    ("state_slots_per_request", (0, 5, 10), 81_559, 1, 3),
    ("state_slots_per_request", (0, 5, 17), 81_559, 1, 5),
    ("context_gib", (0, 4, 1), 81_559, 1, 0.38),
    ("context_gib", (0, 5, 17), 81_559, 1, 0.75),
    ("communicator_gib", (0, 5, 17), 81_559, 1, 1.16),
    ("communicator_slow_gib", (0, 5, 17), 24_564, 1, 0.1),
    ("tokens_per_block", (0, 5, 17), 24_564, 1, 1),
]
TRTLLM = [
    ("max_num_tokens", (0, 11, 0), 81_559, 1, 8192),
    ("max_batch_size", (0, 12, 0), 81_559, 1, 256),
    ("max_batch_size", (0, 14, 0), 81_559, 1, 2048),
    ("free_gpu_memory_fraction", (0, 7, 0), 81_559, 1, 0.85),
    ("free_gpu_memory_fraction", (1, 2, 0), 81_559, 1, 0.9),
    ("tokens_per_block", (0, 17, 0), 81_559, 1, 64),
    ("tokens_per_block", (1, 0, 0), 81_559, 1, 32),
]
LLAMACPP = [
    ("parallel", (0, 0, 0), 24_564, 1, 4),
    ("ubatch_size", (0, 0, 0), 24_564, 1, 512),
    ("tokens_per_block", (0, 0, 0), 24_564, 1, 256),
    ("context_gib", (0, 0, 0), 24_564, 1, 0.735),
]
TEI = [
    ("max_batch_tokens", (0, 0, 0), 24_564, 1, 16_384),
    ("max_concurrent_requests", (0, 0, 0), 24_564, 1, 512),
    ("tokens_per_block", (0, 0, 0), 24_564, 1, 1),
]
INFINITY = [
    ("batch_size", (0, 0, 0), 24_564, 1, 32),
    ("warmup_tokens", (0, 0, 0), 24_564, 1, 16_384),
    ("tokens_per_block", (0, 0, 0), 24_564, 1, 1),
]
TABLES = {
    "sglang": SGLANG,
    "trtllm": TRTLLM,
    "llamacpp": LLAMACPP,
    "tei": TEI,
    "infinity": INFINITY,
}
ROWS = [(engine, row) for engine, rows in TABLES.items() for row in rows]
Row = tuple[str, tuple[int, ...], float, int, float]


@pytest.mark.parametrize(("engine", "row"), ROWS)
def test_a_release_takes_what_its_source_says(engine: str, row: Row) -> None:
    name, version, memory_mib, ranks, value = row
    device = Device(memory_mib)
    assert engine_defaults(engine).value(name, version, device, ranks) == pytest.approx(value)


@pytest.mark.parametrize("engine", TABLES)
def test_each_row_of_the_table_has_a_case(engine: str) -> None:
    known = engine_defaults(engine)
    tried = {_key(known.chosen(row[0], row[1], Device(row[2]), row[3])) for row in TABLES[engine]}
    assert {_key(each) for each in known.default if not each.vendor} == tried


def test_unified_memory_holds_no_context_beside() -> None:
    apple = Device(110_080, "Apple-M4-Max-128GB", "Apple")
    assert engine_defaults("llamacpp").value("context_gib", (0, 0, 0), apple) == 0.0


@pytest.mark.parametrize("engine", TABLES)
def test_each_row_has_a_source(engine: str) -> None:
    known = engine_defaults(engine)
    assert all(each.source for each in (*known.default, *known.window_pool))


def test_before_the_first_release_of_a_row_it_holds_too() -> None:
    assert (
        engine_defaults("sglang").value("mamba_full_memory_ratio", (0, 4, 0), Device(81_559)) == 0.9
    )


def _key(row: EngineDefault) -> tuple[object, ...]:
    return row.name, row.since, row.memory_mib_from, row.ranks_from, row.device, row.vendor
