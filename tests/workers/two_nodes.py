"""A sweep over two Ray nodes on this machine, one of which is killed half way.

Run as `python two_nodes.py FOLDER`. It prints, as JSON, the hash of the answer alone and on the
cluster, how many nodes there were at last, and the chunks that each node began.
"""

from __future__ import annotations

import hashlib
import json
import sys
from contextlib import closing
from pathlib import Path
from threading import Thread
from typing import Any

from ray.cluster_utils import Cluster
from waiting import awaited
from worker_tasks import PausesOnANode

from sizer.pipeline import question_of, report_of
from sizer.pipeline.blocks import Keeping, Sifting
from sizer.pipeline.default_sort import resolved_question
from sizer.pipeline.judging import Judging
from sizer.render.forms import REPORT
from sizer.resolve.facts import CATALOG
from sizer.workers import Engine, Ray, Serial, Workers, run

LIMIT, CHUNKS = 5, 24
NODE = {"num_cpus": 1, "object_store_memory": 80 * 2**20}
QUICKLY_MISSED = {  # a node that was killed says nothing: how long Ray waits for it
    "health_check_initial_delay_ms": 0,
    "health_check_period_ms": 200,
    "health_check_failure_threshold": 3,
}
QUESTION = {
    "models": [{"name": "Qwen/Qwen2.5-7B"}, {"name": "meta-llama/Llama-3.1-8B"}],
    "fleet": {"gpus": ["H100-SXM5-80GB", "L4"], "max_gpus": 64},
    "workload": {"input_tokens": [*range(100, 120)], "concurrency": [*range(1, 51)]},
    "select": {"where": ["fits", "ttft_ms < 500"], "load": "any"},
    "rule": [{"id": "slo.pace", "require": "itl_ms < 30"}],
}


def answered(engine: Engine, folder: Path, doomed: str = "") -> str:
    """Return the hash of the answer; a node that is doomed pauses half way."""
    asked, resolved = resolved_question(question_of(QUESTION), CATALOG)
    judging = Judging.of(resolved.scenario, asked.policy.without_places, resolved.models, LIMIT)
    chunks = [*judging.parts(-(-len(resolved.scenario) // CHUNKS))]
    task, keeping = Sifting(judging), Keeping(judging)
    watched = PausesOnANode(task, folder, doomed, len(chunks) // 2) if doomed else task
    with closing(run(watched, chunks, Workers(engine))) as results:
        for _, found in results:
            keeping.join(found)
    text = REPORT.render(report_of(asked, resolved, LIMIT, keeping.kept), "json")
    return hashlib.sha256(text.encode()).hexdigest()


def on_two_nodes(folder: Path) -> dict[str, Any]:
    """Return what came of a cluster whose second node is killed when it has paused."""
    cluster = Cluster(
        initialize_head=True,
        head_node_args={**NODE, "include_dashboard": False, "_system_config": QUICKLY_MISSED},
    )
    try:
        second = cluster.add_node(**NODE)

        def kill() -> None:
            awaited(lambda: any(folder.glob("*.paused")), within_s=120.0)
            cluster.remove_node(second, allow_graceful=False)

        killer = Thread(target=kill, daemon=True)
        killer.start()
        found = answered(Ray(cluster.address), folder, second.node_id)
        killer.join()
        return {"cluster": found, "second": second.node_id, "left": len(cluster.list_all_nodes())}
    finally:
        cluster.shutdown()


def main() -> None:
    """Print what was found."""
    folder = Path(sys.argv[1])
    found = {"alone": answered(Serial(), folder), **on_two_nodes(folder)}
    print(json.dumps({**found, "begun": sorted(each.name for each in folder.iterdir())}))


if __name__ == "__main__":
    main()
