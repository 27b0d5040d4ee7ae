"""Rate and peak memory of estimating, judging by five rules and sorting many candidates.

Run with `python tests/benchmarks/bench_engine.py [CANDIDATES]`; default 1,000,000. Prints, never
asserts: timings are for reading side by side.
"""

from __future__ import annotations

import resource
import sys
import time

import numpy as np

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.gpus import find_gpu, gpu_names
from sizer.catalog.models import find_model
from sizer.pipeline import question_of, report, silent
from sizer.render.report import why
from sizer.resolve import Resolved
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile, Rule
from sizer.schema.asked.serving import Engine
from sizer.schema.rows import Listed
from sizer.schema.scenario import Deployment, Load, Scenario

MODEL = "meta-llama/Llama-3.1-70B"
RULES = (
    Rule("memory", "memory_headroom_gib >= 1"),
    Rule("first-token", "ttft_ms <= 2000"),
    Rule("interactive", "itl_ms < 50", when="params_b >= 7"),
    Rule("young", "launch_year >= 2018"),
    Rule("bound", "tokens_per_second_per_gpu > 20 or not compute_bound"),
)


def scenario(candidates: int) -> Scenario:
    """Return random pairs of real deployments, accelerators and loads."""
    model = find_model(MODEL).value
    kv_format = find_kv_format("bf16")
    deployments = tuple(
        Deployment(model, find_weight_format(form), kv_format, tp)
        for form in ("bf16", "fp8", "awq")
        for tp in (1, 2, 4, 8)
    )
    loads = tuple(
        Load(inputs, 256, concurrency, None, 8192)
        for inputs in (128, 512, 1024, 4096)
        for concurrency in (1, 4, 16, 64, 256)
    )
    gpus = tuple(find_gpu(name).value for name in gpu_names())
    random = np.random.default_rng(0)

    def draw(axis: tuple[object, ...]) -> np.ndarray:
        return random.integers(0, len(axis), candidates).astype(np.int32)

    indices = (draw(deployments), draw(gpus), draw(loads))
    return Scenario(deployments, gpus, ((),) * len(gpus), loads, (Engine(),), Listed(*indices))


def main() -> None:
    """Print the rate and the peak of resident memory."""
    candidates = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    question = question_of(
        Profile(1, models=(ModelAsk(MODEL),), fleet=Fleet(("H100",)), rule=RULES)
    )
    asked = Resolved(scenario(candidates), (MODEL,), ())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    start = time.perf_counter()
    answer = report(question, asked, 5, silent)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{candidates:,} candidates in {seconds:.2f} s: {candidates / seconds:,.0f} a second")
    print(f"peak memory {peak:,.0f} MiB ({before:,.0f} MiB before the run)")
    print(why(answer.answers[0]))


if __name__ == "__main__":
    main()
