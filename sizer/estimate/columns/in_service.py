"""Requests in service under a rate, or under users who think: where arrivals and answers balance.

An attention group with `n` requests in service holds each of them for a time that rises with `n`.
Those that arrive meanwhile are `n` again (Little, 1961).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from attrs import Factory, frozen
from numpy.typing import NDArray

from sizer.schema.table import Values

Booleans = NDArray[np.bool_]
Seconds = Callable[[Values], Values]
TOLERANCE = 1e-10  # of the requests in service: laws compare neighbouring rates
STEPS = 60  # of a bracket that is at least halved by every third


@frozen(eq=False)
class Offered:
    """What comes to one attention group, one value for each row.

    `rate` is in requests/s, unknown for users; `users` send again `think_s` after an answer. The
    busiest group gets `busiest` times as much.
    """

    rate: Values
    users: Values
    think_s: Values
    busiest: Values

    def in_service(self, held_s: Values) -> Values:
        """Return the requests that are in service if each is held so long."""
        thinking = self.users * held_s / (held_s + self.think_s)
        return np.where(np.isnan(self.rate), thinking, self.rate * held_s)

    def in_flight(self, most: Values, held_s: Values) -> Values:
        """Return the requests in flight when service is full: unknown, or all who do not think."""
        waiting = self.users - self.think_s * most / held_s
        return np.where(np.isnan(self.rate), waiting, np.nan)


def balanced(offered: Offered, most: Values, held_s: Seconds) -> Values:
    """Return the requests in service of each row, or in flight where they wait for one another.

    Unknown where a rate is as much as `most` requests in service carry, or more. `held_s`
    says how long a request is held when so many are in service.
    """
    alone = offered.in_service(held_s(np.ones_like(most)))
    held_at_most = held_s(most)
    excess = offered.in_service(held_at_most) - most
    search = Bracket(np.ones_like(most), most, alone - 1.0, excess)
    pending = (alone > 1.0) & (excess < 0.0)
    for step in range(STEPS):
        if not pending.any():
            break
        tried = search.next(halve=step % 3 == 2)
        excess = offered.in_service(held_s(tried)) - tried
        search = search.narrowed(tried, excess, pending)
        pending = pending & ~search.settled
    found = np.where(alone > 1.0, search.high, alone)
    full = offered.in_service(held_at_most) * offered.busiest >= most
    return np.where(full, offered.in_flight(most, held_at_most), found)


@frozen(eq=False)
class Bracket:
    """Bounds of each row's root, and how much more arrives than is held at either.

    More arrives at `low`, less at `high`. Rows narrow by the Illinois variant of the secant method
    (Dowell and Jarratt, BIT, 1971), each by itself: no row's root depends on another.
    """

    low: Values
    high: Values
    more: Values
    less: Values
    side: Values = Factory(lambda self: np.zeros_like(self.low), takes_self=True)

    def next(self, *, halve: bool) -> Values:
        """Return where to look next: where a line crosses zero, or half way."""
        middle = (self.low + self.high) / 2.0
        rise = self.more - self.less
        if halve or not (rise > 0).any():
            return middle
        line = self.low + (self.high - self.low) * self.more / np.where(rise > 0, rise, 1.0)
        return np.where((rise > 0) & (line > self.low) & (line < self.high), line, middle)

    def narrowed(self, tried: Values, excess: Values, pending: Booleans) -> Bracket:
        """Return the bracket after a look; an end that stays a second time counts half."""
        up = pending & (excess > TOLERANCE * tried)
        down = pending & ~up
        side = np.where(up, 1.0, np.where(down, -1.0, self.side))
        again = side == self.side
        return Bracket(
            np.where(up, tried, np.where(down & (excess > -TOLERANCE * tried), tried, self.low)),
            np.where(down, tried, self.high),
            np.where(up, excess, np.where(down & again, self.more / 2.0, self.more)),
            np.where(down, excess, np.where(up & again, self.less / 2.0, self.less)),
            side,
        )

    @property
    def settled(self) -> Booleans:
        """Which rows have their root."""
        found: Booleans = self.high - self.low <= TOLERANCE * self.high
        return found
