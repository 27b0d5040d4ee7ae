"""TOML text to values and back: positions, and the one cattrs converter.

Comes in: text and the class that it should be. Goes out: values, or faults at their keys. It never
knows what a model or a rule is.
"""
