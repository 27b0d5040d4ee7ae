"""How a task ended for a chunk, as it travels between processes."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from traceback import format_exception
from typing import Any, Generic, TypeVar

from attrs import frozen

from sizer.workers.chunk import Chunk

Result = TypeVar("Result")
Task = Callable[[Chunk[Any]], Any]


class WorkerTraceback(Exception):  # noqa: N818  # the cause of an error, not one of its own
    """Where a task failed, as text: frames do not travel between processes."""


class Untold(RuntimeError):  # noqa: N818  # it names what an error is
    """A task failed by an error that cannot travel; the message has its name and its words."""


@frozen
class Outcome(Generic[Result]):
    """A result, or the error that a task raised and the text of its traceback."""

    result: Result | None = None
    error: Exception | None = None
    traceback: str = ""

    def get(self) -> Result:
        """Return the result. Raises the task's own error."""
        if self.error is not None:
            raise self.error from WorkerTraceback(f"\n{self.traceback}")
        return self.result  # type: ignore[return-value]  # None may be a result


def outcome(task: Callable[[], Task], chunk: Chunk[Any]) -> bytes:
    """Do a chunk by what `task` returns, and return the pickled Outcome.

    A task that cannot be had and a result that cannot be pickled are errors of the task.
    """
    try:
        return pickle.dumps(Outcome(task()(chunk)))
    except Exception as error:  # noqa: BLE001  # it is raised where the results are wanted
        return _failed(error)


def _failed(error: Exception) -> bytes:
    told = "".join(format_exception(error))
    try:
        sent = pickle.dumps(Outcome(error=error, traceback=told))
        pickle.loads(sent)  # noqa: S301  # our own: some errors are pickled, but never read again
    except Exception:  # noqa: BLE001  # whatever a class of errors does when it is pickled
        untold = Untold(f"{type(error).__name__}: {error}")
        return pickle.dumps(Outcome(error=untold, traceback=told))
    return sent
