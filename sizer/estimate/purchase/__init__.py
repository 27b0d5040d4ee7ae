"""What a deployment costs: the cheapest whole instances of each provider that hold it.

Comes in: prices, and what a deployment needs of servers. Goes out: purchases, in plain Python.
It never uses an array, and never chooses on which terms prices count.
"""

from sizer.estimate.purchase.purchases import purchases, usd_per_hour

__all__ = ["purchases", "usd_per_hour"]
