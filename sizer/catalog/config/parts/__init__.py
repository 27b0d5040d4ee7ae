"""Which parts of a checkpoint a quantiser stores in another format than the rest.

Comes in: the quantisation of a config.json, and its layers. Goes out: parts, each with its format
and share. It never names a format of the whole.
"""
