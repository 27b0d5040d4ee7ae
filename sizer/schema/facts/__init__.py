"""What is known of the world: models, accelerators, formats, prices and constants.

Comes in: what the catalog, a lock or a user knows. Goes out: frozen values with units in their
names. It never holds a default for what is unknown.
"""
