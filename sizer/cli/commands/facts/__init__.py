"""Commands for facts: gpus, models, prices, fetch and cache.

Comes in: part of a name. Goes out: rows of the catalog, of this machine, or of the cache. It never
judges a candidate.
"""
