"""What sizer answers: reports, decisions, comparisons, differences and locks.

Comes in: what the stages found. Goes out: frozen values that render and lock write. It never holds
an array.
"""
