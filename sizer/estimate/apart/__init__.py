"""Prompts that are read apart: two sides, the link between them, and a tandem of queues.

Comes in: candidates whose deployments have a side for prompts. Goes out: columns of both sides as
one. It never knows how long a step takes: each side is estimated like any other deployment.
"""
