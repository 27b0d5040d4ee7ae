"""The memory of one candidate, in each form.

Comes in: the value, its texts made plain. Goes out: text. It never computes a figure anew.
"""
