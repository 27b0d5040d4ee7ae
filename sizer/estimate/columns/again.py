"""A column that is another one under another load."""

from __future__ import annotations

from attrs import frozen


@frozen
class Again:
    """`column` at as many requests in flight as `in_flight` says, or at another request rate.

    The rate is the load's own over the column `rate_over`.
    """

    column: str
    in_flight: str | None = None
    rate_over: str | None = None

    @property
    def load(self) -> tuple[str | None, str | None]:
        """What the other load is: columns of one load are computed together."""
        return self.in_flight, self.rate_over
