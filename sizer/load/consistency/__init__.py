"""Conditions held against each other.

Comes in: the checked conditions of one question. Goes out: findings about those that contradict,
never hold or never apply. It never changes a condition.
"""
