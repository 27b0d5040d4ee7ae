"""Commands that answer: run, explain, compare, diff and init."""
