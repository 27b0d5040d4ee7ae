"""Types and units of expressions.

Comes in: a syntax tree. Goes out: its type and unit, or faults at their columns.
It never looks at a value.
"""
