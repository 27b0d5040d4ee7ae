"""From files to a question: shape, shared rules, names and expressions, all faults at once."""

from sizer.load.question import Question, check, load, load_document

__all__ = ["Question", "check", "load", "load_document"]
