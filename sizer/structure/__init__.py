"""TOML text to values and back: positions, and the one cattrs converter."""
