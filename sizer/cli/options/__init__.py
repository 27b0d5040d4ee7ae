"""Arguments that several commands share.

Comes in: an argument parser. Goes out: values of the library's own types.
It never does what a command does.
"""
