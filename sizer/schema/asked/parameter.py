"""A parameter: a value that a rule file names and who extends it may set."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from attrs import field, frozen

from sizer.schema.asked.definition import Definition
from sizer.schema.metrics import Kind, Metric
from sizer.units import Unit, unit

Scalar = float | bool | str

# The ending of a name says its unit, in parameters as in metrics; the longest that fits counts.
ENDINGS: Mapping[str, Unit] = MappingProxyType(
    {
        "_ms": unit("ms"),
        "_gib": unit("GiB"),
        "_gb": unit("GB"),
        "_gb_s": unit("GB/s"),
        "_w": unit("W"),
        "_tokens": unit("token"),
        "_tokens_per_second": unit("token/s"),
        "_usd_per_hour": unit("USD/h"),
        "_usd_per_month": unit("USD/month"),
        "_usd_per_mtok": unit("USD/Mtok"),
        "_joules_per_output_token": unit("J/token"),
        "_kwh_per_mtok": unit("kWh/Mtok"),
        "_gco2_per_mtok": unit("gCO2/Mtok"),
        "_year": unit("year"),
    }
)


@frozen
class Parameter:
    """A name with its value; numbers have the unit that the name's ending says, else any."""

    name: str
    value: Scalar = field(eq=repr)  # true is not 1.0 to a rule

    @property
    def kind(self) -> Kind:
        """The type of the value."""
        if isinstance(self.value, bool):
            return "bool"
        return "text" if isinstance(self.value, str) else "number"

    @property
    def unit(self) -> Unit | None:
        """The unit of a number; None fits any."""
        if self.kind != "number":
            return None
        fitting = [ending for ending in ENDINGS if f"_{self.name}".endswith(ending)]
        return ENDINGS[max(fitting, key=len)] if fitting else None


Name = Metric | Parameter | Definition
Names = Mapping[str, Name]
