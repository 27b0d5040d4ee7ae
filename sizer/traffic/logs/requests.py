"""The table `requests` of a log: when each arrived, its lengths, its session and its blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from glob import escape

from sizer.schema.asked.traffic import MOST_TOKENS
from sizer.traffic.logs.database import Database
from sizer.traffic.logs.formats import Log, Tally

OFFSET = r":.*([+-]\d\d(:?\d\d)?|Z)$"  # of a time, from UTC
CLOCKS = (("1e17", "1e-3"), ("1e14", "1"), ("1e11", "1e3"))  # from which number on, times what


def fill(database: Database, log: Log, heard: Callable[[float], None]) -> None:
    """Read a log into `requests`; rows without a time, a prompt or an answer are not among them.

    Of all columns but those that it needs nothing is kept. `heard` hears the share that is read.
    Raises Problem (SZ805).
    """
    columns = [
        f"{_arrival(log)} AS arrived_us",
        f"{_quoted(log.input)} AS input_tokens",
        f"{_quoted(log.output)} AS output_tokens",
    ]
    if log.session:
        session = f"NULLIF(CAST({_quoted(log.session)} AS VARCHAR), '')"
        columns.append(f"CASE WHEN {session} IS NOT NULL THEN HASH({session}) END AS session")
    if log.blocks:
        columns.append(f"[HASH(each) FOR each IN {_quoted(log.blocks)}] AS blocks")
    query = f"CREATE TABLE logged AS SELECT {', '.join(columns)} FROM {table(log)}"
    database.rows(query, heard=heard)
    database.rows(
        "CREATE VIEW requests AS SELECT * FROM logged "
        "WHERE arrived_us IS NOT NULL "
        f"AND input_tokens BETWEEN 1 AND {MOST_TOKENS} "
        f"AND output_tokens BETWEEN 1 AND {MOST_TOKENS}"
    )


def table(log: Log | Tally) -> str:
    """Return what DuckDB reads a log with; columns that are not needed are dropped."""
    path = _text(escape(str(log.path)))
    if log.kind == "parquet":
        return f"read_parquet({path})"
    packed = isinstance(log, Log) and log.packed
    options = ", compression = 'gzip'" if packed else ""
    if isinstance(log, Tally):
        return f"read_csv({path}, header = true)"
    types = _types(log)
    if log.kind == "json":
        named = _struct(types)
        return f"read_json({path}, format = 'newline_delimited', columns = {named}{options})"
    every = _struct({name: types.get(name, "VARCHAR") for name in log.columns})
    quotes = """delim = ',', quote = '"', escape = '"'"""
    plain = f"auto_detect = false, header = true, {quotes}"
    return f"read_csv({path}, {plain}, columns = {every}{options})"


def _struct(types: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_text(name)}: {_text(kind)}" for name, kind in types.items()) + "}"


def _types(log: Log) -> dict[str, str]:
    types = {log.time: "VARCHAR", log.input: "BIGINT", log.output: "BIGINT"}
    if log.session:
        types[log.session] = "VARCHAR"
    if log.blocks:
        types[log.blocks] = "VARCHAR[]"
    return types


def _arrival(log: Log) -> str:
    """Return microseconds of a time: a date and a clock (UTC without an offset), or a number."""
    time = f"CAST({_quoted(log.time)} AS VARCHAR)"
    number = f"TRY_CAST({time} AS DOUBLE)"
    clocks = " ".join(
        f"WHEN {number} >= {least} THEN CAST(ROUND({number} * {factor}) AS BIGINT)"
        for least, factor in CLOCKS
    )
    return (
        f"CASE WHEN {number} IS NULL AND REGEXP_MATCHES({time}, {_text(OFFSET)}) "
        f"THEN EPOCH_US(CAST({time} AS TIMESTAMPTZ)) "
        f"WHEN {number} IS NULL THEN EPOCH_US(CAST({time} AS TIMESTAMP)) {clocks} "
        f"ELSE CAST(ROUND({number} * {log.unit_us}) AS BIGINT) END"
    )


def _quoted(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
