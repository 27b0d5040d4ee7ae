"""What was not tried is said: replicas that nobody asked for."""

from __future__ import annotations

from attrs import evolve

from sizer import size
from sizer.schema.answered.assumption import OneReplica
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile
from sizer.schema.asked.serving import Workload

ASKED = Profile(
    1,
    models=(ModelAsk("Qwen/Qwen3-8B"),),
    fleet=Fleet(("H100-SXM5-80GB",), max_gpus_per_replica=1),
    workload=Workload(concurrency=(8,)),
)


def test_one_replica_is_said_unless_more_were_asked_for() -> None:
    assert OneReplica() in size(ASKED).assumptions
    more = evolve(ASKED, fleet=evolve(ASKED.fleet, max_gpus=16))
    assert OneReplica() not in size(more).assumptions
