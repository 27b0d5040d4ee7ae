"""Expectations of rule tests rewritten in their file; everything else stays as it is written."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from attrs import asdict, frozen

from sizer.diagnostic import Problem
from sizer.schema.asked.case import OUTCOMES, Expect
from sizer.structure.shape.cases import read_cases
from sizer.structure.toml.document import Document, parse_document
from sizer.structure.toml.path import Path
from sizer.structure.toml.positions import Offsets, Span, spans

Edit = tuple[int, int, str]


def rewritten(document: Document, wanted: Mapping[int, Expect]) -> str:
    """Return the text of a file of tests in which cases, by index, expect something else.

    Raises ValueError rather than change anything else that the file says.
    """
    writer = _Writer(document.text, spans(document.text))
    file, _ = read_cases(document)
    edits = [
        edit
        for index, expect in wanted.items()
        for edit in writer.edits(("case", index, "expect"), file.case[index].expect, expect)
    ]
    text = document.text
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    asked = [wanted.get(index, each.expect) for index, each in enumerate(file.case)]
    if _expected(text, document.file) != [_in_any_order(each) for each in asked]:
        raise ValueError(f"the expectations of {document.file} cannot be rewritten in place")
    return text


def _expected(text: str, file: str) -> list[dict[str, Any]] | None:
    """Return what a file of tests expects, None if it is none."""
    try:
        found, faults = read_cases(parse_document(text, file))
    except Problem:
        return None
    return None if faults else [_in_any_order(each.expect) for each in found.case]


def _in_any_order(expect: Expect) -> dict[str, Any]:
    return {**asdict(expect), **{name: sorted(getattr(expect, name)) for name in OUTCOMES}}


@frozen(eq=False)
class _Writer:
    text: str
    found: Mapping[Path, Span]

    def edits(self, path: Path, old: Expect, new: Expect) -> Iterator[Edit]:
        """Yield what turns one expectation into another."""
        if self._inline(path):
            yield (*self.found[path].value, _value(_said(new)))
            return
        before, after = _said(old), _said(new)
        for key in before | after:
            here = (*path, key)
            if key == "messages" and key in after and not self._inline(here):
                for name, text in before[key].items():
                    yield from self._entry((*here, name), text, after[key].get(name))
            else:
                yield from self._entry(here, before.get(key), after.get(key))

    def _entry(self, path: Path, before: Any, after: Any) -> Iterator[Edit]:
        """Yield what turns one value into another; None is that the key is not there."""
        if before == after:
            return
        if after is None:
            yield from self._without(path)
        elif self._is_listed(path, before):
            yield from self._items(path, before, after)
        elif path in self.found:
            yield (*self.found[path].value, _value(after))
        else:
            yield self._new(path[:-1], f"{path[-1]} = {_value(after)}")

    def _is_listed(self, path: Path, before: Any) -> bool:
        """Return whether a value is a list with each item on a line of its own."""
        if not isinstance(before, tuple) or path not in self.found:
            return False
        start, end = self.found[path].value
        items = [self.found.get((*path, index)) for index in range(len(before))]
        lines = [self._lines(item) for item in items if item]
        apart = len(set(lines)) == len(before) == len(lines)
        return apart and lines[0][0] > start and lines[-1][1] < end

    def _items(self, path: Path, before: tuple[str, ...], after: tuple[str, ...]) -> Iterator[Edit]:
        """Yield the removal of lines of a list, and new ones behind the last."""
        items = [self.found[(*path, index)] for index in range(len(before))]
        for name, item in zip(before, items, strict=True):
            if name not in after:
                yield (*self._lines(item), "")
        new = [name for name in after if name not in before]
        start, end = items[-1].value
        begin, stop = self._lines(items[-1])
        if new and before[-1] in after and not self.text[end:stop].lstrip().startswith(","):
            yield end, end, ","
        indent = self.text[begin:start]
        yield stop, stop, "".join(f"{indent}{_value(name)},\n" for name in new)

    def _without(self, path: Path) -> Iterator[Edit]:
        """Yield the removal of all lines that say something of a path."""
        lines = {
            self._lines(span) for each, span in self.found.items() if each[: len(path)] == path
        }
        end = -1  # lines within those of a longer value are gone with them
        for begin, stop in sorted(lines, key=lambda line: (line[0], -line[1])):
            if begin >= end:
                yield begin, stop, ""
                end = stop

    def _lines(self, span: Span) -> Offsets:
        key = span.key or span.value
        start, end = min(key[0], span.value[0]), max(key[1], span.value[1])
        begin, stop = self.text.rfind("\n", 0, start) + 1, self.text.find("\n", end)
        return begin, len(self.text) if stop < 0 else stop + 1

    def _new(self, path: Path, line: str) -> Edit:
        """Return a new line of a table that is written on lines of its own."""
        table = self.found[path]
        _, end = self._lines(table)
        if self.text[table.value[0]] == "[":  # under its header
            start = self.text.rfind("\n", 0, table.value[0]) + 1
            return end, end, f"{self.text[start : table.value[0]]}{line}\n"
        begin, _ = self._lines(table)  # before the first line that names the table
        return begin, begin, f"{path[-1]}.{line}\n"

    def _inline(self, path: Path) -> bool:
        span = self.found.get(path)
        return span is not None and self.text[span.value[0]] == "{"


def _said(expect: Expect) -> dict[str, Any]:
    """Return what an expectation says, without what it leaves open."""
    return {key: value for key, value in asdict(expect).items() if value or value is False}


def _value(value: Any) -> str:
    """Return a value as TOML, which writes texts, lists and truth as JSON does."""
    if isinstance(value, dict):
        entries = ", ".join(f"{_key(name)} = {_value(each)}" for name, each in value.items())
        return f"{{ {entries} }}"
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)


def _key(name: str) -> str:
    bare = name.replace("_", "").replace("-", "")
    return name if bare.isascii() and bare.isalnum() else json.dumps(name, ensure_ascii=False)
