"""What the authors of a question wrote: where it did not fit, the question has a stand-in."""

from __future__ import annotations

from typing import Any

from attrs import frozen

from sizer.diagnostic import SEVERITIES
from sizer.load.rules.extends import Origin
from sizer.load.rules.origins import origin_of
from sizer.schema.asked.profile import Rule
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys


@frozen(eq=False, repr=False)
class Authored:
    """The files of a question, by the paths of the merged profile."""

    document: Document
    origins: tuple[Origin, ...]

    def is_filter(self, index: int, text: str) -> bool:
        """Return whether a filter is written so, or is one that nobody needs to write."""
        return self.is_implied(index) or self._value(("select", "where", index)) == text

    def is_implied(self, index: int) -> bool:
        """Return whether nobody wrote a filter, like `fits`."""
        return self._value(("select", "where", index)) is None

    def is_condition(self, index: int, key: str, text: str | None) -> bool:
        """Return whether `require` or `when` of a rule is written so; None is left out."""
        return bool(self._value(("rule", index, key)) == text)

    def is_level(self, index: int, rule: Rule) -> bool:
        """Return whether nobody gives a rule a level that there is not."""
        own = self._value(("rule", index, "level"))
        documents = (self.document, self.origins[index].document)
        given = (each.value(("levels", rule.id)) for each in documents)
        return all(level is None or level in SEVERITIES for level in (own, *given))

    def _value(self, keys: Keys) -> Any:
        document, keys = origin_of(self.document, self.origins, keys)
        return document.value(keys)
