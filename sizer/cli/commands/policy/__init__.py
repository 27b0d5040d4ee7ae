"""Commands for rules in a repository: check, fmt, test, lock and update.

Comes in: files of a repository. Goes out: findings, files written anew, and an exit code for CI. It
never prints an answer: `run` does.
"""
