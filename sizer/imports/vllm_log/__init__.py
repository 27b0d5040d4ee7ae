"""vLLM's start-up logs to measured rows of memory.

Comes in: the text of a log. Goes out: one row for each start, ready for `sizer score`.
It never guesses a setting that the log does not print.
"""

from sizer.imports.vllm_log.log import is_log, log_text, parse_log, read_logs
from sizer.imports.vllm_log.rows import COLUMNS, measured_rows

__all__ = ["COLUMNS", "is_log", "log_text", "measured_rows", "parse_log", "read_logs"]
