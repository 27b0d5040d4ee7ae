"""What a question looks for in each candidate, like the highest rate at which its conditions hold.

Comes in: a scenario and a policy. Goes out: the scenario with what was found for each row. It never
computes a metric or judges a condition: the stages do.
"""

from sizer.pipeline.search.candidates import resolved
from sizer.pipeline.search.day import day_of, replicas_by_hour
from sizer.pipeline.search.sought import sought
from sizer.pipeline.search.stops import stopped_by

__all__ = ["day_of", "replicas_by_hour", "resolved", "sought", "stopped_by"]
