"""What is known of the world: models, accelerators, formats, prices and constants."""
