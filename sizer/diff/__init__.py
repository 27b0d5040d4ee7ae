"""What a change does: two states compared, every changed answer with its cause."""

from sizer.diff.ask import compared

__all__ = ["compared"]
