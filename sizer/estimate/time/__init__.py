"""Terms for time: launches, prefill, decode, links, queues and capacity.

Comes in: columns of facts and constants. Goes out: seconds and rates, one per candidate.
A term never branches on a single candidate.
"""
