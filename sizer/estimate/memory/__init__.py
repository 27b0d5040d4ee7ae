"""Terms for memory: weights, cache, activations and what is left.

Comes in: the footprint of each deployment. Goes out: bytes and concurrency, one per candidate.
A term never branches on a single candidate.
"""
