"""The tokens of an expression, and what can be refused by looking at them alone.

Some traps never reach the syntax tree (comments, escapes, `10ms`, look-alike letters), and some
texts would exhaust the parser: both end here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from itertools import pairwise
from keyword import iskeyword

from attrs import frozen

from sizer.expr.language.functions import FUNCTIONS
from sizer.expr.text.faults import NAME, REFUSED, SYNTAX, Faults
from sizer.expr.text.limits import DEPTH
from sizer.structure.nearest import did_you_mean
from sizer.units import SPELLED, Unit

_TOKEN = re.compile(
    r"""(?P<space>[ \t\n]+)
      | (?P<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*")
      | (?P<open>['"][^\n]*)
      | (?P<comment>\#[^\n]*)
      | (?P<measure>(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?[ \t\n]*(?:UNITS)(?![\w(]))
      | (?P<number>(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)
      | (?P<name>[^\W\d]\w*)
      | (?P<mark>==|!=|<=|>=|&&|\|\||:=|<>|=>|=<|->|\*\*|//|<<|>>|.)""".replace(
        "UNITS", "|".join(sorted(SPELLED, key=len, reverse=True))
    ),
    re.VERBOSE | re.DOTALL,
)
_DIGITS = r"[\d_]*(?:\.[\d_]*)?(?:[eE][+-]?\d+)?"
_GAPS = str.maketrans("", "", " \t\n")
_PAIRS = {")": "(", "]": "[", "}": "{"}
_INSTEAD = {
    "&&": "write `and`",
    "||": "write `or`",
    "!": "write `not`",
    "<>": "write `!=`",
    "=>": "write `>=`",
    "=<": "write `<=`",
    "->": "write `x if condition else y`",
    "?": "write `x if condition else y`",
    ";": "one text is one expression; join conditions with `and`",
    "\\": "an expression may span lines without a backslash",
    "$": "write the number or the metric alone: its name says the unit",
    "`": "write the metric's name alone",
}
_DAY = "a rule from a day on has the key `from = 2027-01-01` beside its `require`"
_FOREIGN = {
    **dict.fromkeys(("today", "now", "date"), _DAY),
    "between": "write `100 < x < 500`",
    "like": 'write `matches(gpu, "H100*")`',
    "matches": 'write `matches(gpu, "H100*")`',
    "contains": 'write `matches(gpu, "*H100*")`',
    "then": "write `x if condition else y`",
}
_MEANT = {
    **dict.fromkeys(("sec", "secs", "second", "seconds"), "write `s` for seconds"),
    **dict.fromkeys(("msec", "msecs", "milliseconds", "millis"), "write `ms` for milliseconds"),
    **dict.fromkeys(("k", "m", "b"), "write the number out, like 1000"),
}
_PREFIXES = frozenset(("-", "+", "~", "not"))


@frozen(eq=False, repr=False)
class Token:
    """A word or mark with its character offsets."""

    kind: str
    text: str
    start: int
    end: int

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands."""
        return self.start, self.end


_EDGE = Token("mark", "", -1, -1)  # before the first token and after the last


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, spaces left out; a number and its unit are one."""
    return [
        Token(str(found.lastgroup), found.group(), found.start(), found.end())
        for found in _TOKEN.finditer(text)
        if found.lastgroup != "space"
    ]


def refuse_tokens(found: list[Token], known: Collection[str], faults: Faults) -> None:
    """Note every fault that the tokens show."""
    for token, after in zip(found, [*found[1:], _EDGE], strict=True):
        called = token.text in FUNCTIONS and after.text == "("
        if token.text in _FOREIGN and token.text not in known and not called:
            said = f"{token.text!r} is not part of the rule language"
            faults.add(REFUSED, token.span, said, _FOREIGN[token.text])
        else:
            _refuse_alone(token, faults)
    for left, right in pairwise(found):
        _refuse_pair(left, right, faults)
    _refuse_thousands(found, faults)
    _refuse_nesting(found, faults)


def unknown_names(found: list[Token], known: Collection[str], faults: Faults) -> None:
    """Note names that no metric has, for a text that has no syntax tree."""
    for token in _free_names(found):
        if token.text not in {*known, *FUNCTIONS, *_FOREIGN}:
            remedy = did_you_mean(token.text, (*known, *FUNCTIONS))
            faults.add(NAME, token.span, f"unknown name {token.text!r}", remedy)


def _free_names(found: list[Token]) -> Iterator[Token]:
    """Yield the words that stand where a name can stand: no attribute, unit or prefix of a text."""
    for before, token, after in zip([_EDGE, *found], found, [*found[1:], _EDGE], strict=False):
        word = token.text
        follows = before.kind in {"number", "name"} and not iskeyword(before.text)
        prefix = after.kind == "text" and after.start == token.end
        named = token.kind == "name" and word.isascii() and not iskeyword(word.lower())
        if named and not follows and not prefix and before.text != ".":
            yield token


def _refuse_alone(token: Token, faults: Faults) -> None:
    word, span = token.text, token.span
    if token.kind == "open":
        faults.add(SYNTAX, span, "this text is not closed", f"end it with {word[0]}")
    elif token.kind == "comment":
        remedy = "put it outside the quotes, where TOML has comments"
        faults.add(REFUSED, span, "a comment is not part of the rule language", remedy)
    elif token.kind == "text":
        _refuse_text(token, faults)
    elif word in _INSTEAD:
        faults.add(REFUSED, span, f"{word!r} is not part of the rule language", _INSTEAD[word])
    elif not word.isascii() or not word.translate(_GAPS).isprintable():
        letters = "names have ASCII letters, digits and underscores"
        remedy = "write a plain space" if word.isspace() else letters
        faults.add(REFUSED, span, f"{word!a} is not part of the rule language", remedy)
    elif token.kind in {"number", "measure"} and _too_large(token):
        faults.add(REFUSED, span, "this number is too large", "write one below 1.8e308")


def _refuse_text(token: Token, faults: Faults) -> None:
    if "\\" in token.text:
        faults.add(REFUSED, token.span, "a text has no escapes", "write it without a backslash")
    elif not token.text.isprintable():
        faults.add(REFUSED, token.span, "a text holds only printable characters")


def _refuse_pair(left: Token, right: Token, faults: Faults) -> None:
    span = (left.start, right.end)
    touching = left.end == right.start
    if left.kind == "number" and right.kind == "name":
        if not iskeyword(right.text.lower()) and right.text not in _FOREIGN:
            unit = _MEANT.get(right.text.lower()) or did_you_mean(right.text, SPELLED)
            unit = unit or f"write it in the metric's unit, or with one of {', '.join(SPELLED)}"
            faults.add(REFUSED, span, f"{left.text + right.text!r} is not a number", unit)
        elif touching:
            faults.add(REFUSED, span, "a space is missing after the number")
    elif left.kind == "text" and right.kind == "text":
        faults.add(REFUSED, span, "two texts stand side by side", "put a comma between them")
    elif left.kind == "name" and right.kind == "text" and touching and not iskeyword(left.text):
        faults.add(REFUSED, span, "a text has no prefix", f"write {right.text}")


def _refuse_thousands(found: list[Token], faults: Faults) -> None:
    """Note numbers like `1,000`; in brackets a comma parts arguments and the texts of a list."""
    depth, at = 0, 0
    while at < len(found):
        token = found[at]
        depth += (token.text in _PAIRS.values()) - (token.text in _PAIRS)
        groups = list(_thousands(found[at:])) if depth == 0 else []
        if groups:
            digits = "_".join((token.text, *map(digits_of, groups)))
            span = (token.start, token.start + len(digits))
            said = f"{digits.replace('_', ',')!r} is not a number"
            faults.add(REFUSED, span, said, f"write `{digits}` or `{digits.replace('_', '')}`")
        at += 1 + 2 * len(groups)


def _thousands(found: list[Token]) -> Iterator[Token]:
    """Yield the groups of three digits that follow a number, each after a comma, without a gap."""
    last = found[0]
    if last.kind != "number" or not last.text.isdigit():
        return
    for comma, digits in zip(found[1::2], found[2::2], strict=False):
        joined = last.end == comma.start and comma.end == digits.start
        number = digits.kind in {"number", "measure"} and digits_of(digits)
        if comma.text != "," or not joined or not re.fullmatch(r"\d{3}", number or ""):
            return
        yield digits
        last = digits


def _refuse_nesting(found: list[Token], faults: Faults) -> None:
    opened: list[Token] = []
    prefixes = 0
    for token in found:
        if token.kind == "mark" and token.text in _PAIRS.values():
            opened.append(token)
        elif token.kind == "mark" and token.text in _PAIRS:
            if not opened or opened[-1].text != _PAIRS[token.text]:
                faults.add(SYNTAX, token.span, f"{token.text!r} closes nothing")
                return
            opened.pop()
        prefixes = prefixes + 1 if token.text in _PREFIXES else 0
        if max(len(opened), prefixes) > DEPTH:
            remedy = "split it into several rules"
            faults.add(REFUSED, token.span, f"nested more than {DEPTH} deep", remedy)
            return
    for token in opened:
        faults.add(SYNTAX, token.span, f"{token.text!r} is never closed")


def digits_of(token: Token) -> str:
    """Return the number of a token, without its unit."""
    found = re.match(_DIGITS, token.text)
    return found.group() if found else token.text


def unit_of(token: Token) -> tuple[Unit, float]:
    """Return the unit of a measure, and how many of the registry's unit it is."""
    return SPELLED[token.text[len(digits_of(token)) :].strip()]


def _too_large(token: Token) -> bool:
    number = float(digits_of(token).replace("_", ""))
    return math.isinf(number * unit_of(token)[1] if token.kind == "measure" else number)
