"""Documents to typed values.

Comes in: a document and an attrs class. Goes out: a value of that class, or every fault at its key.
It never looks a name up.
"""
