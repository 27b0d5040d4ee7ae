"""Parts of the config.json reader: names of fields, families, mixers, feed-forwards, layers.

Comes in: the fields of a config.json. Goes out: layers, widths and counts of parameters. It never
guesses a field that a family needs: what is missing is a fault.
"""
