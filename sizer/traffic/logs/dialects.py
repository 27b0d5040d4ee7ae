"""What databases call the few functions that the counts of a log need."""

from __future__ import annotations

import re

from attrs import frozen

_CALL = re.compile(r"\b(EXACT|QUOTIENT|BUCKET)\(([^(),]+)(?:, ([^(),]+))?\)")
BUCKET = "CAST(FLOOR(2 * LN({0}) / LN(2) + 1e-9) AS BIGINT)"


@frozen
class Dialect:
    """A database: how it writes a whole quotient, a large whole number, microseconds of a time.

    Patterns have the places that `str.format` fills. Quotients are of numbers that are not
    negative. A bucket of lengths ends at half powers of two; a billionth is added, so that no
    rounding of a logarithm puts an edge in the bucket below.
    """

    name: str
    quotient: str
    large: str
    microseconds: str

    def said(self, query: str) -> str:
        """Return a query with EXACT, QUOTIENT and BUCKET in the words of this database."""
        patterns = {
            "EXACT": f"CAST({{0}} AS {self.large})",
            "QUOTIENT": self.quotient,
            "BUCKET": BUCKET,
        }
        return _CALL.sub(lambda call: patterns[call[1]].format(call[2], call[3]), query)


DUCKDB = Dialect("duckdb", "({0} // {1})", "HUGEINT", "EPOCH_US({0})")
DIALECTS = (
    Dialect("spark", "({0} DIV {1})", "DECIMAL(38, 0)", "UNIX_MICROS({0})"),
    Dialect("trino", "({0} / {1})", "DECIMAL(38, 0)", "CAST(TO_UNIXTIME({0}) * 1000000 AS BIGINT)"),
    Dialect("bigquery", "DIV({0}, {1})", "BIGNUMERIC", "UNIX_MICROS({0})"),
    DUCKDB,
)
