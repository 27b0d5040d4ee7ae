"""A scenario as columns, and the graph of terms over them.

Comes in: candidates and the names of metrics. Goes out: a table with those metrics alone.
It never holds a formula: terms do.
"""

from sizer.estimate.columns.graph import reads

__all__ = ["reads"]
