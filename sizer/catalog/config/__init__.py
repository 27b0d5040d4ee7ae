"""Parts of the config.json reader: names of fields, families, mixers, feed-forwards, layers."""
