"""The nouns: frozen values without I/O.

Comes in: nothing. Goes out: the classes that all rooms share. It never opens a file, and never
imports a room above it.
"""
