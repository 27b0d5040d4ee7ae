"""Two texts of a file as a patch."""

from __future__ import annotations

from sizer.render.kit.plain import plain


def patch(before: str, after: str, old: str, new: str) -> str:
    """Return changes as `diff -u` writes them, without what could steer a terminal.

    `old` and `new` are what the file is called on either side.
    """
    from difflib import unified_diff  # noqa: PLC0415  # `sizer check` never needs it

    lines = unified_diff(before.split("\n"), after.split("\n"), old, new, lineterm="")
    return "".join(f"{plain(line)}\n" for line in lines)
