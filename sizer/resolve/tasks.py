"""What a load asks of its models, when all of them are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import evolve

from sizer.diagnostic import Diagnostic, Place
from sizer.resolve.candidates import Asked
from sizer.schema.answered.assumption import ReadsOnly
from sizer.schema.asked.lengths import without_answers
from sizer.schema.asked.profile import Fleet, Profile
from sizer.schema.asked.serving import READERS, Workload
from sizer.schema.asked.tasks import Task, reads_only

PlaceOf = Callable[[tuple[str | int, ...]], Place | None]
UNASKED = Workload().output_tokens, without_answers(Workload()).output_tokens


def load_of(asked: Workload, task: Task) -> Workload:
    """Return a load as its task has it."""
    return without_answers(asked) if reads_only(task) else asked


def fleet_of(profile: Profile) -> Fleet:
    """Return a fleet whose replicas have as many devices as an engine can use."""
    one = profile.engine.name in READERS
    return evolve(profile.fleet, max_gpus_per_replica=1) if one else profile.fleet


def task_notes(stated: Task | None, task: Task, models: Sequence[Asked]) -> Iterator[ReadsOnly]:
    """Yield that a load writes no token, and by which model it is known where nobody says so."""
    if models and reads_only(task):
        yield ReadsOnly(task, None if stated else models[0][1].name)


def answer_faults(asked: Workload, task: Task, place: PlaceOf) -> Iterator[Diagnostic]:
    """Yield what contradicts a task that only a run knows of, as its model is no catalog's."""
    read = asked.preset or asked.traffic or asked.trace
    if reads_only(task) and not read and asked.output_tokens not in UNASKED:
        said = f'output_tokens contradicts task = "{task}"'
        hint = "leave it out: a text is read, and no token is written"
        yield Diagnostic("SZ104", said, place(("workload", "output_tokens")), hint)
