"""From files to a question: shape, shared rules, names and expressions, all faults at once."""

from sizer.load.files import check
from sizer.load.question import Question, load, load_document
from sizer.load.selection import EVERY, Selection

__all__ = ["EVERY", "Question", "Selection", "check", "load", "load_document"]
