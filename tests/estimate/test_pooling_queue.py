"""The queue for passes against one that is played out, text by text."""

from __future__ import annotations

import numpy as np
import pytest
from attrs import evolve
from numpy.typing import NDArray
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.estimate.pooling.passes import Pass
from sizer.schema.asked.serving import Engine
from sizer.schema.scenario import Load, Scenario

PARTS = (
    "prompt_seconds",
    "pass_floor_seconds",
    "pass_host_seconds",
    "passes_per_text",
    "request_step_s",
    "sharpness",
    "padded_sigma",
    "padded_growth",
    "sorted_batches",
)
SHARES = (0.1, 0.3, 0.6, 0.8, 0.9)
TEXTS = 150_000
WARM = 10_000
CASES = [
    ("Snowflake/snowflake-arctic-embed-m", "A10G", "vllm", 512),
    ("Snowflake/snowflake-arctic-embed-m", "A10G", "tei", 512),
    ("BAAI/bge-m3", "L4", "tei", 64),
    ("Qwen/Qwen3-Embedding-8B", "H100-SXM5-80GB", "vllm", 16_384),
]


def asked(case: tuple[str, str, str, int], rates: list[float]) -> Scenario:
    model, gpu, engine, tokens = case
    loads = tuple(Load(tokens, 0, None, rate, 32_768) for rate in rates)
    made = deployment(model, "fp16", "fp16")
    return evolve(grid((made,), (gpu,), loads, Engine(engine)), task="embed")


def played(times: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Return latencies in s: whoever waits when a pass ends is read in the next one."""
    came = np.cumsum(np.random.default_rng(7).exponential(1.0 / rate, TEXTS))
    waited, now, first = np.empty(TEXTS), 0.0, 0
    while first < TEXTS:
        now = max(now, came[first])
        last = min(int(np.searchsorted(came, now, side="right")), first + len(times) - 1)
        now += times[last - first]
        waited[first:last] = now - came[first:last]
        first = last
    return waited[WARM:]


@pytest.mark.parametrize("case", CASES)
def test_means_and_percentiles_are_near_those_of_a_queue_that_is_played_out(
    case: tuple[str, str, str, int],
) -> None:
    known = estimate(asked(case, [1.0]), ("max_request_rate", "admitted_requests", *PARTS))
    limit, most = (known[name].values[0] for name in ("max_request_rate", "admitted_requests"))
    a_pass = Pass(*(known[name].values for name in PARTS))
    times = [0.0, *(float(a_pass.seconds(np.array([n]))[0]) for n in np.arange(1.0, most + 1.0))]
    names = ("e2e_ms", "e2e_p50_ms", "e2e_p90_ms", "e2e_p99_ms", "server_s")
    rates = [share * limit for share in SHARES]
    table = estimate(asked(case, rates), names)
    for row, rate in enumerate(rates):
        mean, p50, p90, p99, server = (float(table[name].values[row]) for name in names)
        found = played(np.array(times), rate) * 1e3
        assert mean - server * 1e3 == pytest.approx(found.mean(), rel=0.16)
        for estimated, percent in ((p50, 50), (p90, 90), (p99, 99)):
            measured = float(np.percentile(found, percent))
            assert estimated - server * 1e3 == pytest.approx(measured, rel=0.25)


def test_texts_that_are_padded_cost_as_much_as_the_longest() -> None:
    def most(engine: str, spread: float) -> float:
        load = Load(256, 0, 512, None, 8192, input_tokens_spread=spread)
        made = deployment("BAAI/bge-m3", "fp16", "fp16")
        one = evolve(grid((made,), ("L4",), (load,), Engine(engine)), task="embed")
        return float(estimate(one, ("max_request_rate",))["max_request_rate"].values[0])

    packed = most("tei", 0.5) / most("tei", 0.0)
    padded = most("infinity", 0.5) / most("infinity", 0.0)
    assert 0.8 < packed <= 1.0
    assert padded < packed - 0.1
