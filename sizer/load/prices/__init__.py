"""Price files of the user.

Comes in: TOML or CSV price lists. Goes out: dated prices with their sources.
It never mixes them with the catalog's: `resolve` chooses.
"""
