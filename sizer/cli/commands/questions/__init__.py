"""Commands that answer: run, explain, compare, diff and init.

Comes in: a profile, a candidate or the name of a metric. Goes out: an answer and why. It never
writes a file that was not named.
"""
