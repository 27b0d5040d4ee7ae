"""Names of a profile against the catalog.

Comes in: names of models, accelerators and formats. Goes out: faults with a suggestion, and what
a name alone tells of candidates. It never asks the network.
"""

from sizer.load.names.names import GPU

__all__ = ["GPU"]
