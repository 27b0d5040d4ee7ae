"""What contradicts sessions: prompts too short for their history, or cache that nobody reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sizer.diagnostic import Diagnostic
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document

SPEEDS = {
    "cpu_cache_gib": ("cpu_cache_gb_s", 50),
    "disk_cache_gib": ("disk_cache_gb_s", 10),
}


def session_faults(document: Document) -> Iterator[Diagnostic]:
    """Yield what of turns and of a cache beside the accelerators cannot be, or says nothing."""
    work, engine = _table(document, "workload"), _table(document, "engine")
    if work.get("turns", 1) != 1:
        yield from _of_turns(document, work)
    for size, (speed, usual) in SPEEDS.items():
        if engine.get(size) and speed not in engine:
            place = document.place(("engine", size), key=True)
            said = f"{size} needs {speed}, the speed at which it is read"
            yield Diagnostic(VALUE, said, place, f"add `{speed} = {usual}`, or your own")
        elif speed in engine and not engine.get(size):
            place = document.place(("engine", speed), key=True)
            yield Diagnostic(VALUE, f"{speed} needs {size}", place, f"add `{size} = 200`")


def _of_turns(document: Document, work: dict[str, Any]) -> Iterator[Diagnostic]:
    place = document.place(("workload", "turns"), key=True)
    if work.get("prefix_hit_share"):
        said = "prefix_hit_share goes before turns, from which it would follow"
        yield Diagnostic(VALUE, said, place, "leave one of them out", "warning")
    if not (work.get("users") or "concurrency" in work or "think_time_s" in work):
        said = "turns need think_time_s, the time between an answer and the next turn"
        yield Diagnostic(VALUE, said, place, "add `think_time_s = 30`, or your own")
    if "think_time_s" in work and "concurrency" in work:
        place = document.place(("workload", "think_time_s"), key=True)
        said = "think_time_s excludes concurrency: with it each turn follows an answer at once"
        yield Diagnostic(VALUE, said, place, "give `request_rate` or `users`")


def _table(document: Document, name: str) -> dict[str, Any]:
    found = document.data.get(name)
    return found if isinstance(found, dict) else {}
