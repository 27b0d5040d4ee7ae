"""Terms of metrics that nothing has that writes no token: they are unknown."""

from __future__ import annotations

from typing import Annotated

import numpy as np

from sizer.estimate.columns.interval import named
from sizer.estimate.columns.quantity import Numbers, Term
from sizer.schema.metrics import registry, unwritten


def _unknown(name: str) -> Term:
    def term(any_row: Numbers) -> Numbers:
        return np.full(any_row.shape, np.nan)

    unit = Annotated[Numbers, str(registry()[name].unit)]
    return named(term, name, ("input_tokens",), unit, f"`{name}` is of tokens that are written.")


TERMS: tuple[Term, ...] = tuple(_unknown(name) for name in unwritten())
