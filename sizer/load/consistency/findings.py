"""What the conditions of a well-formed file show when they are held together."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.expr.check import Draft
from sizer.expr.text import Source
from sizer.load.names.tasks import task_asked
from sizer.load.rules.extends import Origin
from sizer.load.rules.origins import origin_of, place_of, source_of
from sizer.schema.asked.profile import Profile
from sizer.schema.asked.tasks import reads_only
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

OPEN = frozenset({"gpu", "model"})


def together(
    draft: Draft,
    document: Document,
    origins: tuple[Origin, ...],
    asked: tuple[Profile, Path] | None = None,
) -> Iterator[Diagnostic]:
    """Yield the findings: SZ206 to SZ213. What is at fault already takes no part in them.

    `asked` is a profile that is well formed, and where its relative paths start.
    """
    texts = _Texts(document, origins)
    task = task_asked(*asked) if asked else None
    if task is not None and reads_only(task):
        from sizer.load.consistency.unwritten import of_answers  # noqa: PLC0415  # few loads only read

        yield from of_answers(draft, texts.source, document, task)
    if not draft.rules and document.value(("select", "where")) is None:
        return
    from sizer.load.consistency.authors import Authored  # noqa: PLC0415  # the same
    from sizer.load.consistency.conditions import clauses  # noqa: PLC0415  # the same
    from sizer.load.consistency.conflicts import conflicts  # noqa: PLC0415  # few questions have no rules
    from sizer.load.consistency.constants import without_value  # noqa: PLC0415  # the same
    from sizer.load.consistency.interval_ends import interval_ends  # noqa: PLC0415  # the same

    conditions = tuple(clauses(draft, Authored(document, origins)))
    yield from conflicts(conditions, texts.place, texts.in_one_file)
    yield from without_value(draft, texts.source)
    yield from interval_ends(draft, texts.source)
    misnamed: dict[Keys, Diagnostic] = {}
    names = {name for waiver in draft.waivers if waiver for name in waiver.match.names}
    if OPEN & names or any(each.terms & OPEN for each in conditions):
        from sizer.load.consistency.mentions import Asked, strangers, unused  # noqa: PLC0415  # few name any

        listed = Asked.of(document)
        for keys, found in strangers(draft, listed, texts.source):
            misnamed[keys] = found
            yield found
        yield from unused(conditions, listed, document, texts.place)
    own = [
        each
        for each in conditions
        if each.conditional and texts.is_own(each.keys) and each.when not in misnamed
    ]
    if asked and own:
        from sizer.load.consistency.unused_rules import for_no_candidate  # noqa: PLC0415  # few rules have a `when`

        yield from for_no_candidate(draft, own, *asked, texts.place)


@frozen(eq=False, repr=False)
class _Texts:
    """The texts of a merged profile, by their paths in it."""

    document: Document
    origins: tuple[Origin, ...]

    def source(self, keys: Keys) -> Source | None:
        return source_of(self.document, self.origins, keys)

    def place(self, keys: Keys, characters: tuple[int, int] | None = None) -> Place | None:
        return place_of(self.document, self.origins, keys, characters)

    def is_own(self, keys: Keys) -> bool:
        return origin_of(self.document, self.origins, keys)[0] is self.document

    def in_one_file(self, first: Keys, second: Keys) -> bool:
        if second[0] == "select" and self.document.value(second) is None:
            return False  # the default, which nobody wrote
        files = [origin_of(self.document, self.origins, keys)[0] for keys in (first, second)]
        return files[0] is files[1]
