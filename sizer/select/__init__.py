"""The select stage: verdicts to a funnel, the survivors in order, and the nearest miss."""

from sizer.select.answer import choice, near_miss, reasoning, row_of
from sizer.select.funnel import Funnel
from sizer.select.identity import candidate_id, identity, load_name
from sizer.select.lead import Lead
from sizer.select.order import Order, tie_keys

__all__ = [
    "Funnel",
    "Lead",
    "Order",
    "candidate_id",
    "choice",
    "identity",
    "load_name",
    "near_miss",
    "reasoning",
    "row_of",
    "tie_keys",
]
