"""Return annotations of estimator terms: a column of numbers with its unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias, get_type_hints

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Gib: TypeAlias = Annotated[Numbers, "gib"]
Bytes: TypeAlias = Annotated[Numbers, "byte"]
BytesPerToken: TypeAlias = Annotated[Numbers, "byte/token"]
BytesPerSecond: TypeAlias = Annotated[Numbers, "byte/s"]
FlopsPerSecond: TypeAlias = Annotated[Numbers, "flop/s"]
Seconds: TypeAlias = Annotated[Numbers, "s"]
Milliseconds: TypeAlias = Annotated[Numbers, "ms"]
Tokens: TypeAlias = Annotated[Numbers, "token"]
TokensPerSecond: TypeAlias = Annotated[Numbers, "token/s"]
Requests: TypeAlias = Annotated[Numbers, "request"]
RequestsPerSecond: TypeAlias = Annotated[Numbers, "request/s"]
Flops: TypeAlias = Annotated[Numbers, "flop"]
UsdPerHour: TypeAlias = Annotated[Numbers, "usd/h"]
UsdPerMonth: TypeAlias = Annotated[Numbers, "usd/month"]
UsdPerMtok: TypeAlias = Annotated[Numbers, "usd/mtok"]
Count: TypeAlias = Annotated[Numbers, "1"]
Truth: TypeAlias = Annotated[NDArray[np.int8], "truth"]
Code: TypeAlias = Annotated[NDArray[np.int32], "code"]

Term: TypeAlias = Callable[..., NDArray[Any]]


def unit_of(term: Term) -> str:
    """Return the unit that a term's return annotation names."""
    return str(get_type_hints(term, include_extras=True)["return"].__metadata__[0])
