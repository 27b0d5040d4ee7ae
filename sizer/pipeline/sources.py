"""Where the rules of an answer come from."""

from __future__ import annotations

from sizer.load import Question
from sizer.schema.report import RuleSource
from sizer.structure.document import Document


def rule_sources(question: Question) -> tuple[RuleSource, ...]:
    """Return every file that a question extends, with what it says of itself."""
    return tuple(_source(document, question) for document in question.files)


def _source(document: Document, question: Question) -> RuleSource:
    data = document.data
    count = sum(origin.document is document for origin in question.origins)
    about = (data.get("version"), data.get("owner"), data.get("description"))
    return RuleSource(document.file, *about, rules=count)
