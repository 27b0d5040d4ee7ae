"""From files to a question: shape, shared rules, names and expressions, all faults at once."""

from sizer.load.files.check import check
from sizer.load.question.question import Question, load, load_document
from sizer.load.rules.selection import EVERY, Selection

__all__ = ["EVERY", "Question", "Selection", "check", "load", "load_document"]
