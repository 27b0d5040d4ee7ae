"""Visits of sessions at a cache: what is found of histories that stay least recently used first.

Idle histories leave a cache when others have filled it. What has not come again within its
characteristic time is gone (Che, Tung and Wang, IEEE JSAC 20(7), 2002); of sessions that end it
also holds what nobody asks for again (Traverso et al., ACM CCR 43(5), 2013).
"""

from __future__ import annotations

import numpy as np
from attrs import frozen

from sizer.estimate.columns.quantity import Numbers

STEPS = 30  # of Newton's, from below: the function is concave, so none goes too far
NEGLIGIBLE = 1e-9  # of all visits
LEAST = 1e-12
ALWAYS = 1e12  # thoughts, all of which end


@frozen(eq=False)
class Visits:
    """Requests of sessions at one cache, one value for each row.

    `turns` are those of a session, `places` the caches that they are spread among.
    """

    turns: Numbers
    places: Numbers

    def later(self) -> tuple[Numbers, Numbers, Numbers]:
        """Return the histories that are asked for again, those that are not, and after what wait.

        They are of one visit, over the mean history; the wait is in thinking times.
        """
        dead, waits, again = (np.zeros_like(self.turns) for _ in range(3))
        for number in range(int(self.turns.max(initial=0.0))):
            left = np.maximum(self.turns - number, 0.0)
            dead += self._away(number) * left
            waits += number * self._share(number)
            again += self._share(number)
        mean = self.turns * (self.turns + 1.0) / 2.0
        dead = dead / mean
        return np.maximum(1.0 - dead, 0.0), dead, waits / np.maximum(again, LEAST)

    def found(self, thoughts: Numbers) -> Numbers:
        """Return the share of all histories that is found if it stays for so many thoughts.

        What was left `number` turns ago is there if as many thoughts end in time (Erlang).
        """
        found, missed = np.zeros_like(self.turns), np.zeros_like(self.turns)
        term = np.exp(-thoughts)
        for number in range(1, int(self.turns.max(initial=0.0))):
            missed += term
            term = term * thoughts / number
            size = np.maximum(self.turns - number + 1.0, 0.0) / np.maximum(self.turns, 1.0)
            share = self._share(number) * size
            found += share * np.maximum(1.0 - missed, 0.0)
            if not (share > NEGLIGIBLE).any():
                break
        return found * self.turns / np.maximum(self.turns - 1.0, 1.0)

    def _away(self, number: int) -> Numbers:
        """Return the chance that so many turns in a row go to other caches."""
        return np.power(1.0 - 1.0 / self.places, number)

    def _share(self, number: int) -> Numbers:
        """Return the share of requests whose session was here last so many turns ago."""
        if number == 0:
            return np.zeros_like(self.turns)
        early = np.maximum(self.turns - number, 0.0) / np.maximum(self.turns, 1.0)
        return early * self._away(number - 1) / self.places


def found_share(
    turns: Numbers,
    history_share: Numbers,
    turn_rate: Numbers,
    think_time_s: Numbers,
    places: Numbers,
    idle_bytes: Numbers,
    room_bytes: Numbers,
) -> Numbers:
    """Return the share of histories that is found in a cache with so much room for idle ones."""
    found = np.zeros_like(room_bytes)
    rows = np.flatnonzero((history_share > 0) & (turns > 1))
    if len(rows):
        visits = Visits(turns[rows], places[rows])
        thoughts = _thoughts(
            visits, turn_rate[rows], think_time_s[rows], idle_bytes[rows], room_bytes[rows]
        )
        known = np.clip(visits.found(thoughts), 0.0, 1.0)
        found[rows] = np.where(np.isnan(room_bytes[rows]), np.nan, known)
    return found


def _thoughts(
    visits: Visits, rate: Numbers, think_s: Numbers, idle: Numbers, room: Numbers
) -> Numbers:
    """Return the characteristic time of a cache, in thinking times.

    In it come histories that fill the room: those that are asked for again count until they are,
    others all the while.
    """
    live, dead, waits = visits.later()
    pace = rate * idle * np.maximum(think_s, LEAST)  # bytes that come in a thinking time
    full = np.maximum(room, 0.0) / np.maximum(pace, LEAST)
    waits = np.maximum(waits, LEAST)
    time = full / (live + dead)
    for _ in range(STEPS):
        waiting = np.exp(-np.minimum(time / waits, 700.0))
        value = live * waits * (1.0 - waiting) + dead * time
        time = time + np.maximum(full - value, 0.0) / (live * waiting + dead)
    return np.where(full > 0, np.minimum(time, ALWAYS), 0.0)
