"""What a profile's load asks of its models, by the catalog alone, and keys that contradict it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from sizer.catalog.models import CONFIG, FILES, knows_model, task_of
from sizer.catalog.patterns import names_models
from sizer.diagnostic import Diagnostic
from sizer.load.names.expansion import models_called
from sizer.schema.asked.names import SPLIT
from sizer.schema.asked.profile import ModelAsk, Profile
from sizer.schema.asked.serving import READERS
from sizer.schema.asked.tasks import GENERATE, Task, decided, reads_only
from sizer.structure.files.path_kind import is_file
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

VALUE = "SZ104"
OF_ANSWERS: Mapping[Keys, str] = {  # keys that say something of tokens that are written
    ("workload", "output_tokens"): "leave it out: a text is read, and no token is written",
    ("workload", "output_tokens_spread"): "leave it out: no token is written",
    ("workload", "output_tokens_percentiles"): "leave it out: no token is written",
    ("engine", "speculative", "method"): "leave it out: no token is drafted",
    ("engine", "decode_context_parallel_size"): "leave it out: nothing is decoded",
}
APART = ("engine", "disaggregated")
WITHOUT_EFFECT: tuple[Keys, ...] = (
    ("workload", "lockstep"),
    ("workload", "requests"),
    ("engine", "static_batching"),
    ("engine", "prefill_wait_steps"),
    ("engine", "scheduler_recv_interval"),
)


def task_asked(profile: Profile, folder: Path) -> Task | None:
    """Return the task of a profile's load; None where only a run knows what a model is made for."""
    stated = profile.workload.task
    if stated is not None:
        return stated
    known = [task for asked in profile.models for task in _tasks(asked, folder)]
    if GENERATE in known or None not in known:
        return decided(None, (each for each in known if each is not None))
    return None


def task_faults(profile: Profile, document: Document, task: Task | None) -> Iterator[Diagnostic]:
    """Yield keys that contradict a task, and those that do nothing under it (warnings)."""
    if task is None or not reads_only(task):
        yield from _readers(profile, document, task)
        return
    yield from _on_one_device(profile, document)
    for keys, help_ in OF_ANSWERS.items():
        if document.value(keys) is not None:
            said = f'{".".join(map(str, keys[1:]))} contradicts task = "{task}"'
            yield Diagnostic(VALUE, said, document.place(keys, key=True), help_)
    if profile.workload.task is None and document.value(APART) is not None:
        said = f'disaggregated contradicts task = "{task}", which these models are made for'
        place = document.place(APART, key=True)
        yield Diagnostic(VALUE, said, place, "leave it out: nothing is decoded")
    if profile.estimator.name != "analytic":
        said = f"{profile.estimator.name} has no times of what reads only"
        place = document.place(("estimator", "name"))
        yield Diagnostic(VALUE, said, place, 'write name = "analytic"')
    for keys in WITHOUT_EFFECT:
        if document.value(keys) is not None:
            said = f'{keys[-1]} does nothing where task = "{task}"'
            place = document.place(keys, key=True)
            yield Diagnostic(VALUE, said, place, "leave it out", "warning")


def _readers(profile: Profile, document: Document, task: Task | None) -> Iterator[Diagnostic]:
    """Yield that an engine which only reads is asked to write."""
    name = profile.engine.name
    if task is not None and name in READERS:
        said = f"{name} serves no model that writes"
        help_ = 'write name = "vllm", or ask with task = "embed"'
        yield Diagnostic(VALUE, said, document.place(("engine", "name")), help_)


def _on_one_device(profile: Profile, document: Document) -> Iterator[Diagnostic]:
    """Yield splits over several devices under an engine that has one."""
    name = profile.engine.name
    for key in SPLIT if name in READERS else ():
        if any(size > 1 for size in getattr(profile.fleet, key)):
            said = f"{name} runs a model on one device"
            place = document.place(("fleet", key), key=True)
            yield Diagnostic(VALUE, said, place, "leave it out; `max_gpus` adds replicas")


def _tasks(asked: ModelAsk, folder: Path) -> Iterator[Task | None]:
    """Yield what each model is made for that an entry stands for, None where no index knows."""
    if asked.by_hand:
        yield GENERATE
        return
    path = folder / asked.name
    if asked.name.endswith(FILES) or is_file(path) or is_file(path / CONFIG):
        yield None
    elif names_models(asked.name):
        made_for = {task_of(name) for name in models_called(asked.name)}
        yield GENERATE if GENERATE in made_for else decided(None, made_for)
    else:
        yield task_of(asked.name) if knows_model(asked.name) else None
