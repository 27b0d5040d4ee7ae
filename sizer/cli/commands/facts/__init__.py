"""Commands for facts: gpus, models, prices, fetch and cache."""
