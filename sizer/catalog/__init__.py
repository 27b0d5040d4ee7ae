"""Facts, not code: accelerators, models, formats and prices as TOML beside their readers.

Comes in: a name. Goes out: a frozen value of schema, with its source. It never estimates, and only
`hub` asks the network.
"""
