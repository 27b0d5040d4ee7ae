"""Return annotations of estimator terms: a column of numbers with its unit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeAlias, get_type_hints

import numpy as np
from numpy.typing import NDArray

Numbers: TypeAlias = NDArray[np.float64]
Gib: TypeAlias = Annotated[Numbers, "GiB"]
Bytes: TypeAlias = Annotated[Numbers, "B"]
BytesPerToken: TypeAlias = Annotated[Numbers, "B/token"]
BytesPerSecond: TypeAlias = Annotated[Numbers, "B/s"]
FlopsPerSecond: TypeAlias = Annotated[Numbers, "FLOP/s"]
Seconds: TypeAlias = Annotated[Numbers, "s"]
SecondsPerByte: TypeAlias = Annotated[Numbers, "s/B"]
SquareSeconds: TypeAlias = Annotated[Numbers, "s2"]
SecondsPerRequest: TypeAlias = Annotated[Numbers, "s/request"]
PerSecond: TypeAlias = Annotated[Numbers, "1/s"]
Milliseconds: TypeAlias = Annotated[Numbers, "ms"]
Tokens: TypeAlias = Annotated[Numbers, "token"]
TokensPerSecond: TypeAlias = Annotated[Numbers, "token/s"]
Requests: TypeAlias = Annotated[Numbers, "request"]
RequestsPerSecond: TypeAlias = Annotated[Numbers, "request/s"]
Flops: TypeAlias = Annotated[Numbers, "FLOP"]
UsdPerHour: TypeAlias = Annotated[Numbers, "USD/h"]
UsdPerMonth: TypeAlias = Annotated[Numbers, "USD/month"]
UsdPerMtok: TypeAlias = Annotated[Numbers, "USD/Mtok"]
Watts: TypeAlias = Annotated[Numbers, "W"]
JoulesPerToken: TypeAlias = Annotated[Numbers, "J/token"]
KwhPerMtok: TypeAlias = Annotated[Numbers, "kWh/Mtok"]
UsdPerKwh: TypeAlias = Annotated[Numbers, "USD/kWh"]
GramsPerKwh: TypeAlias = Annotated[Numbers, "gCO2/kWh"]
GramsPerMtok: TypeAlias = Annotated[Numbers, "gCO2/Mtok"]
Count: TypeAlias = Annotated[Numbers, "1"]
Truth: TypeAlias = Annotated[NDArray[np.int8], "truth"]
Code: TypeAlias = Annotated[NDArray[np.int32], "code"]

Term: TypeAlias = Callable[..., NDArray[Any]]


def unit_of(term: Term) -> str:
    """Return the unit that a term's return annotation names."""
    return str(get_type_hints(term, include_extras=True)["return"].__metadata__[0])
