"""What one condition says of every candidate."""

from __future__ import annotations

from typing import Literal

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

HOLDS, FAILS, UNKNOWN, NOT_APPLICABLE = 1, 0, -1, 2
Strictness = Literal["where", "error", "warning", "info"]


@frozen(eq=False)
class Verdict:
    """`outcome` is int8 by candidate: 1 holds, 0 fails, -1 unknown, 2 not applicable.

    `waived` says where that it does not hold is waived; None is nowhere.
    """

    label: str
    strictness: Strictness
    outcome: NDArray[np.int8]
    waived: NDArray[np.bool_] | None = None

    @property
    def admits(self) -> NDArray[np.bool_]:
        """Whether a candidate stays: unknown is never a pass; only `where` and errors remove."""
        if self.strictness in {"where", "error"}:
            holds: NDArray[np.bool_] = self.outcome > FAILS
            return holds if self.waived is None else holds | self.waived
        return np.ones(len(self.outcome), np.bool_)

    @property
    def ended(self) -> Ended:
        """How the condition ended for candidates that are a row each."""
        out = ~self.admits
        waived = np.zeros_like(out) if self.waived is None else self.waived
        return Ended(self.label, self.strictness, ~out, out & (self.outcome == UNKNOWN), waived)


@frozen(eq=False)
class Ended:
    """How one condition ended for every candidate: it stays, it is out unjudged, it is waived."""

    label: str
    kind: Strictness
    admits: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    waived: NDArray[np.bool_]
