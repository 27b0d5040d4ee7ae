"""Time and peak memory of a long sweep, and whether its answer hangs on who does it.

Run with `python tests/benchmarks/bench_sweep.py [CANDIDATES [WAY ...]]`; ways are `jobs` (two
processes, the default), `serial`, `chunks` (serial, in chunks of another size) and `ray`. Each is
done in a process of its own. Memory is the most that was resident at a time: of whoever asks, until
the answer is written as JSON, and of the largest worker. Linux alone tells both.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

from sizer.load import Question
from sizer.pipeline import DEFAULT_LIMIT, question_of, report, report_of, silent
from sizer.pipeline.blocks import chunk_rows, sifted
from sizer.pipeline.default_sort import resolved_question
from sizer.pipeline.judging import Judging
from sizer.render.forms import REPORT
from sizer.resolve import Resolved
from sizer.resolve.facts import CATALOG
from sizer.schema.answered.report import Report
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile, Rule, Select
from sizer.schema.asked.serving import Workload
from sizer.workers import Processes, Ray, Workers

GPUS = ("H100-SXM5-80GB", "H200-SXM-141GB", "B200-180GB", "A100-SXM4-80GB", "L40S", "L4")
MODELS = ("Qwen/Qwen2.5-7B", "meta-llama/Llama-3.1-70B")
CONCURRENCY = tuple(range(1, 101))
FEWEST_TOKENS = 100
JOBS = 2
OTHER = 7 / 3  # times the usual rows of a chunk
MIB = 1024.0  # of KiB, as Linux counts


def sweep(prompts: int) -> tuple[Question, Resolved]:
    """Return a question with so many lengths of prompts, each at every concurrency."""
    lengths = tuple(range(FEWEST_TOKENS, FEWEST_TOKENS + prompts))
    profile = Profile(
        1,
        models=tuple(ModelAsk(name, weights=("bf16", "fp8")) for name in MODELS),
        fleet=Fleet(GPUS, max_gpus=1024),
        workload=Workload(input_tokens=lengths, output_tokens=(256,), concurrency=CONCURRENCY),
        select=Select(where=("fits", "ttft_ms < 2000"), load="any"),
        rule=(Rule("slo.pace", "itl_ms < 50"),),
    )
    return resolved_question(question_of(profile), CATALOG, many=True)


def answered(way: str, question: Question, resolved: Resolved, peak: Peak) -> Report:
    """Return the answer, worked out one way."""
    if way == "chunks":
        scenario, policy = resolved.scenario, question.policy.without_places
        judging = Judging.of(scenario, policy, resolved.models, DEFAULT_LIMIT)
        kept = sifted(judging, int(chunk_rows(scenario) * OTHER), silent)
        return report_of(question, resolved, DEFAULT_LIMIT, kept)
    workers = {"jobs": Workers(Processes(JOBS)), "ray": Workers(Ray())}.get(way, Workers())
    return report(question, resolved, DEFAULT_LIMIT, peak, workers)


class Peak:
    """The most memory that a worker has had, asked at every chunk."""

    def __init__(self) -> None:
        self.mib = 0.0

    def __call__(self, *_: int) -> None:
        """Look at all children."""
        tasks = Path("/proc/self/task").glob("*/children")
        children = {pid for each in tasks for pid in each.read_text().split()}
        self.mib = max([self.mib, *map(resident_mib, children)])


def resident_mib(process: str = "self") -> float:
    """Return the most memory that a process has had; 0 for one that is gone."""
    try:
        lines = Path("/proc", process, "status").read_text().splitlines()
    except OSError:
        return 0.0
    found = (line.split()[1] for line in lines if line.startswith("VmHWM:"))
    return int(next(found, "0")) / MIB


def once(way: str, prompts: int) -> None:
    """Print the figures of one way, and the hash of its answer."""
    question, resolved = sweep(prompts)
    peak, begun, rows = Peak(), time.perf_counter(), len(resolved.scenario)
    found = answered(way, question, resolved, peak)
    judged = time.perf_counter() - begun
    sha256, size = hashlib.sha256(), 0
    for piece in REPORT.pieces(found, "json"):
        sha256.update(piece.encode())
        size += len(piece)
    wrote = time.perf_counter() - begun - judged
    workers = f", {peak.mib:,.0f} MiB a worker" if peak.mib else ""
    print(
        f"{way}: {rows:,} candidates at {len(resolved.scenario.loads):,} loads in {judged:.1f} s: "
        f"{rows / judged:,.0f} a second; {resident_mib():,.0f} MiB{workers}\n"
        f"  JSON of {size:,} bytes in {wrote:.1f} s, {sha256.hexdigest()[:16]}",
        flush=True,
    )


def main() -> None:
    """Have each way done, and say whether their answers are the same."""
    wanted = int(float(sys.argv[1])) if len(sys.argv) > 1 else 1_000_000
    prompts = -(-wanted // len(sweep(1)[1].scenario))
    hashes = set()
    for way in sys.argv[2:] or ["jobs"]:
        command = [sys.executable, __file__, "--once", way, str(prompts)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        print(said, end="", flush=True)
        hashes.add(said.split()[-1])
    print("the same answer" if len(hashes) == 1 else "ANSWERS DIFFER")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--once"]:
        once(sys.argv[2], int(sys.argv[3]))
    else:
        main()
