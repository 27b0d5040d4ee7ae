"""The select stage: verdicts to a funnel, the survivors in order, and the nearest miss.

Comes in: a table and its verdicts. Goes out: the funnel, the choices in order and the nearest miss.
It never prefers by anything but the sort keys and the ties that the answer names.
"""

from sizer.select.answer import Judged, row_of
from sizer.select.best import Best
from sizer.select.candidates import Candidates, deployment_of, together
from sizer.select.funnel import Funnel
from sizer.select.identity import Names, candidate_id, identity, load_name, whole_name
from sizer.select.lead import Lead
from sizer.select.order import Order, tie_keys

__all__ = [
    "Best",
    "Candidates",
    "Funnel",
    "Judged",
    "Lead",
    "Names",
    "Order",
    "candidate_id",
    "deployment_of",
    "identity",
    "load_name",
    "row_of",
    "tie_keys",
    "together",
    "whole_name",
]
