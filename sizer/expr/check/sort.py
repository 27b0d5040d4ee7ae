"""`tokens_per_second then cost desc`: by which metrics to rank, and which way."""

from __future__ import annotations

import re

from sizer.expr.language.expression import SortKey
from sizer.expr.text.faults import NAME, REFUSED, SYNTAX, TYPE, Faults
from sizer.expr.text.lexis import Token
from sizer.expr.text.limits import CHARACTERS
from sizer.expr.text.memo import remembered
from sizer.expr.text.source import Source
from sizer.schema.asked.definition import Definition
from sizer.schema.asked.parameter import Names, Parameter
from sizer.structure.nearest import did_you_mean

_WORD = re.compile(r"\w+|[^\w \t\n]")
_WAYS = {"asc": False, "desc": True}


@remembered
def compile_sort(source: Source, names: Names) -> tuple[SortKey, ...]:
    """Check a sort: metrics joined by `then`, each followed by `asc` or `desc` or neither.

    Without either, the better direction of the metric comes first; ascending if it has none.
    Raises Problem with all its faults.
    """
    faults = Faults(source)
    if len(source.text) > CHARACTERS:
        faults.add(REFUSED, (CHARACTERS, CHARACTERS + 1), f"longer than {CHARACTERS} characters")
        raise faults.problem()
    found: dict[str, SortKey] = {}
    for rank in _ranks(source.text, faults):
        key = _key(rank, names, faults)
        if key and key.name in found:
            faults.add(SYNTAX, rank[0].span, f"{key.name!r} is ranked twice")
        elif key:
            found[key.name] = key
    if faults.found:
        raise faults.problem()
    return tuple(found.values())


def _ranks(text: str, faults: Faults) -> list[list[Token]]:
    ranks: list[list[Token]] = [[]]
    for found in _WORD.finditer(text):
        token = Token("name", found.group(), found.start(), found.end())
        if token.text == "then":
            if not ranks[-1]:
                faults.add(SYNTAX, token.span, "a metric is missing before `then`")
            ranks.append([])
        elif not token.text[0].isalnum() and token.text[0] != "_":
            remedy = "write `a then b desc`"
            faults.add(REFUSED, token.span, f"{token.text!r} is not part of a sort", remedy)
        else:
            ranks[-1].append(token)
    if not ranks[-1] and not faults.found:
        start = max(text.rfind("then"), 0)
        faults.add(SYNTAX, (start, len(text)), "a metric is missing at the end")
    return [rank for rank in ranks if rank]


def _key(rank: list[Token], names: Names, faults: Faults) -> SortKey | None:
    word, *rest = rank
    metric = names.get(word.text)
    if isinstance(metric, Parameter):
        faults.add(TYPE, word.span, f"{word.text!r} is a parameter, it ranks nothing")
        metric = None
    elif metric is None:
        remedy = did_you_mean(word.text, names)
        faults.add(NAME, word.span, f"unknown name {word.text!r}", remedy)
    for token in rest[1:] if rest and rest[0].text in _WAYS else rest:
        remedy = "write `then` between metrics, `asc` or `desc` after one"
        faults.add(SYNTAX, token.span, f"{token.text!r} is not expected here", remedy)
    if metric is None:
        return None
    way = rest[0].text if rest else ""
    if isinstance(metric, Definition):
        if way not in _WAYS:
            said = f"{word.text!r} is your own metric, so which way is better is not known"
            faults.add(SYNTAX, word.span, said, f"write `{word.text} desc` where more is better")
        return SortKey(metric.name, _WAYS.get(way, False))
    return SortKey(metric.name, _WAYS.get(way, metric.better == "higher"))
