"""Facts, not code: accelerators, models, formats and prices as TOML beside their readers."""
