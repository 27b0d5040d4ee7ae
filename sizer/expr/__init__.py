"""The rule language: a checked subset of Python expressions over metrics.

Comes in: the texts of conditions, sort keys and messages. Goes out: checked expressions and their
values. It never calls a method, reads an attribute, or hands an object to an evaluator.
"""
