"""What contradicts a search: for the highest rate of each candidate."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.diagnostic import Diagnostic
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document


def rate_faults(document: Document) -> Iterator[Diagnostic]:
    """Yield what leaves the highest rate unknown: nothing to start from."""
    estimator = document.data.get("estimator")
    if isinstance(estimator, dict) and estimator.get("name") == "aiconfigurator":
        said = "aiconfigurator does not know what replicas sustain, so no highest rate is found"
        place = document.place(("workload", "request_rate"))
        yield Diagnostic(
            VALUE, said, place, 'write `name = "both"` in [estimator], or leave it out'
        )
