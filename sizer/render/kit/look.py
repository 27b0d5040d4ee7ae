"""What the reader's screen can show."""

from __future__ import annotations

from attrs import frozen

PAGE_WIDTH = 100


@frozen(eq=False, repr=False)
class Look:
    """Width in characters, and whether colour's escape sequences and block elements are shown."""

    width: int = PAGE_WIDTH
    colour: bool = False
    blocks: bool = True
