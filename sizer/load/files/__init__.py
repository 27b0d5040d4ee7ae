"""Many files checked together.

Comes in: paths of profiles, rule files and tests. Goes out: every fault, with its place.
It never estimates, and never answers a question.
"""
