"""Logs of requests as figures, and the load that figures make.

Comes in: a log (through DuckDB, its only door `logs.database`), a server's /metrics, or a
traffic.toml. Goes out: a summary of it, and the workload that it designs. It reads no prompt, and
never estimates.
"""
