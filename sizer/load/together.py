"""What the conditions of a well-formed file show when they are held together."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.diagnostic import Diagnostic, Place, bounded
from sizer.expr.draft import Draft
from sizer.load.extends import Origin
from sizer.load.origins import origin_of, place_of, source_of
from sizer.structure.document import Document
from sizer.structure.path import Path as Keys

OPEN = frozenset({"gpu", "model"})


def together(draft: Draft, document: Document, origins: tuple[Origin, ...]) -> Iterator[Diagnostic]:
    """Yield the findings: SZ206 to SZ211. What is at fault already takes no part in them."""
    if not draft.rules and document.value(("select", "where")) is None:
        return
    from sizer.load.conflicts import conflicts  # noqa: PLC0415  # few questions have no rules
    from sizer.load.constants import without_value  # noqa: PLC0415  # the same
    from sizer.load.stated import stated  # noqa: PLC0415  # the same
    from sizer.load.written import Written  # noqa: PLC0415  # the same

    def locate(keys: Keys) -> Place | None:
        return place_of(document, origins, keys)

    def same_file(first: Keys, second: Keys) -> bool:
        if document.value(second) is None and second[0] == "select":
            return False  # the default, which nobody wrote
        return origin_of(document, origins, first)[0] is origin_of(document, origins, second)[0]

    conditions = tuple(stated(draft, Written(document, origins)))
    yield from conflicts(conditions, locate, same_file)
    yield from without_value(draft, lambda keys: source_of(document, origins, keys))
    if any(each.terms & OPEN for each in conditions):
        from sizer.load.mentions import Asked, strangers, unused  # noqa: PLC0415  # few name any

        asked = Asked.of(document)
        yield from bounded(strangers(draft, asked, lambda keys: source_of(document, origins, keys)))
        yield from unused(conditions, asked, document, locate)
