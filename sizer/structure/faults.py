"""What is wrong with the shape of data: the codes, and what a hook raises."""

from __future__ import annotations

TYPE = "SZ101"
MISSING = "SZ102"
UNKNOWN = "SZ103"
VALUE = "SZ104"


class Fault(Exception):  # noqa: N818  # cattrs gathers it; a Diagnostic is made of it
    """A value that does not fit; `message` follows the name of its key."""

    def __init__(self, code: str, message: str, help: str | None = None) -> None:  # noqa: A002
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help
