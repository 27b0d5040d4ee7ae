"""The rule language: a checked subset of Python expressions over metrics."""
