"""What a load asks of models: to write an answer, or to read a text in one pass."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Task = Literal["generate", "embed", "rerank", "classify"]
GENERATE: Task = "generate"


def decided(asked: Task | None, made_for: Iterable[Task]) -> Task:
    """Return the task of a load: as asked, else what all models are made for.

    Of models that write and models that do not it is to write.
    """
    found = tuple(dict.fromkeys(made_for))
    if asked is not None or not found:
        return asked or GENERATE
    return GENERATE if GENERATE in found else found[0]


def reads_only(task: Task) -> bool:
    """Whether no token is written."""
    return task != GENERATE
