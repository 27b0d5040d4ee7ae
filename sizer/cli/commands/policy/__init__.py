"""Commands for rules in a repository: check, fmt, test, lock and update."""
