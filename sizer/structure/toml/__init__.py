"""TOML text with the position of every key and value.

Comes in: text. Goes out: a document, or its first syntax fault.
It never knows what a key means.
"""
