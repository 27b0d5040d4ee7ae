"""From files to a question: shape, shared rules, names and expressions, all faults at once.

Comes in: a file, or its text. Goes out: a question, or every fault with its place. It never
estimates, and never asks the network.
"""

from sizer.load.files.check import check
from sizer.load.question.question import Question, load, load_document
from sizer.load.rules.selection import EVERY, Selection

__all__ = ["EVERY", "Question", "Selection", "check", "load", "load_document"]
