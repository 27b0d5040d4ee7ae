"""What a change does: two states compared, every changed answer with its cause.

Comes in: two revisions, folders, locks or profiles. Goes out: every answer that changed, and its
causes. It never touches the work tree, and runs no program of the repository.
"""

from sizer.diff.ask import compared

__all__ = ["compared"]
