"""Commands around the rest: schema, completion and recommend.

Comes in: parsed arguments. Goes out: a schema, a set-up for a shell, or the answer of the system
that sizer can stand in for. It never needs a profile.
"""
