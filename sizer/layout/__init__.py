"""The layout stage: a profile or rule file as sizer writes it, with every comment.

Comes in: the text of a TOML file. Goes out: the same data, laid out. It never loses a comment, and
never changes what a file means.
"""

from __future__ import annotations

from sizer.layout.expressions import with_tidy_expressions
from sizer.layout.lines import laid_out
from sizer.structure.toml.document import Document, parse_document

__all__ = ["formatted"]


def formatted(document: Document) -> str:
    """Return the text of a file in the one layout; formatting it again changes nothing.

    Only white space, quotes, commas after the last item, and white space within expressions
    differ. Raises ValueError rather than change what the file says.
    """
    tidy = parse_document(with_tidy_expressions(document), document.file)
    text = laid_out(tidy.text)
    if repr(parse_document(text, document.file).data) != repr(tidy.data):
        raise ValueError(f"formatting would change what {document.file} says")
    return text
