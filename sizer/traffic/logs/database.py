"""The only door to DuckDB, which reads logs as they stream by, within a bounded memory."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import frozen

from sizer.diagnostic import Place, Problem, problem

if TYPE_CHECKING:  # the extra `traffic`
    import duckdb

NOT_THERE = "SZ804"
UNREADABLE = "SZ805"
MEMORY = "1GB"
INTERVAL_S = 0.1
TELLING = ("Error when converting", "Expected Number of Columns")  # lines of DuckDB's messages
_PREFIX = re.compile(r"^(?:\w+ )+Error: ")
Rows = list[tuple[Any, ...]]


def unheard(share: float) -> None:
    """Hear nothing."""


@frozen(eq=False)
class Database:
    """A database of one log; `log` is its name in messages."""

    connection: duckdb.DuckDBPyConnection
    log: str

    def rows(
        self, query: str, values: Sequence[object] = (), heard: Callable[[float], None] = unheard
    ) -> Rows:
        """Return the rows of a query; `heard` hears the share of it that is done.

        Raises Problem (SZ805) where the log cannot be read.
        """
        import duckdb  # noqa: PLC0415  # the extra

        with ThreadPoolExecutor(1) as beside:
            asked = beside.submit(self.connection.execute, query, values)
            while not wait([asked], INTERVAL_S).done:
                heard(max(0.0, self.connection.query_progress()) / 100.0)
            try:
                return asked.result().fetchall()
            except duckdb.Error as error:
                raise unreadable(str(error), self.log) from None


@contextmanager
def database(log: str) -> Iterator[Database]:
    """Open a database on disk for one log, and remove it at the end.

    Raises Problem (SZ804) without the extra `traffic`.
    """
    try:
        import duckdb  # noqa: PLC0415  # the extra
    except ImportError:
        said = "logs are read by DuckDB, which is not installed"
        raise problem(NOT_THERE, said, hint="pip install 'fleet-sizer[traffic]'") from None
    with TemporaryDirectory(prefix="sizer-") as folder:
        settings: Mapping[str, Any] = {
            "memory_limit": MEMORY,
            "temp_directory": folder,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        connection = duckdb.connect(f"{folder}/log.duckdb", config=dict(settings))
        try:
            yield Database(connection, log)
        finally:
            connection.close()


def unreadable(said: str, log: str) -> Problem:
    """Return what DuckDB says of a log in one line, at the line that it names."""
    first, *others = [line.strip() for line in said.splitlines() if line.strip()]
    numbers = [word for word in first.partition("Line: ")[2].split()[:1] if word.isdigit()]
    told = (line for line in others if line.startswith(TELLING))
    why = next(told, _PREFIX.sub("", first))
    place = Place(log, int(numbers[0])) if numbers else Place(log)
    return problem(UNREADABLE, f"the log cannot be read: {why}", place)
