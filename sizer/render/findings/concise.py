"""One line for each finding, as compilers write them and editors read them."""

from __future__ import annotations

from sizer.diagnostic import Checked, headline
from sizer.render.kit.look import Look
from sizer.render.kit.plain import plain


def render(checked: Checked, _: Look) -> str:
    """Return `file:line:column: severity[code]: message` for every finding."""
    return "".join(f"{plain(headline(each))}\n" for each in checked.found)
