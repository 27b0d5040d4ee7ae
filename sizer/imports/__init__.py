"""Files of other tools to points and prices of ours.

Comes in: logs, price lists and benchmark results as their tools wrote them. Goes out: the rows
and price files that `sizer score` and profiles read. It never estimates, and never fetches.
"""
