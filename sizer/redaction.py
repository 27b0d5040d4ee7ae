"""Secrets in quoted text are masked, so that no finding shows one.

A secret is the value of a key whose name says so (`hf_token`, `secretKey`, `db.password`), and
text in the form of one: the prefixes that services give their keys, a password in an address,
and long runs of letters and digits that change their kind as often as random ones do. A mask is
as long as what it hides, so that columns still fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import pairwise

MASK = "*"
Span = tuple[int, int]

SECRET_WORDS = frozenset(
    (
        "token",
        "secret",
        "password",
        "passwd",
        "passphrase",
        "credential",
        "credentials",
        "authorization",
        "apikey",
    )
)
_LAST_WORD = "key"  # `api_key` is a secret, `key_count` is not
_WORD = r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+"
_PAIR = r"""
    (?<![\w.-]) (?P<quote>["']?) (?P<name>[A-Za-z_][\w.-]{0,99}) (?P=quote) [ \t]* [=:] (?!=) \s*
    (?: \"{3} (?P<block>[\s\S]*?) (?:\"{3}|\Z)
      | '{3} (?P<literal>[\s\S]*?) (?:'{3}|\Z)
      | " (?P<text>(?:[^"\\\n]|\\.)*)
      | ' (?P<plain>[^'\n]*)
      | \[ (?P<list>[^\]]*)
      | \{ (?P<table>[^}]*)
      | (?P<bare>[^\s,\]}\#"'\[{][^\s,\]}\#]*)
    )
    """
_FORMS = r"""
    (?<![A-Za-z0-9]) (?:
        hf_ (?: (?=[a-z]*[0-9A-Z])[A-Za-z0-9]{8,} | [a-z]{16,} )
      | sk-[\w-]{16,}
      | (?:AKIA|ASIA)[0-9A-Z]{12,}
      | gh[opsru]_[A-Za-z0-9]{20,} | github_pat_\w{20,} | glpat-[\w-]{16,}
      | xox[abeoprs]-[\w-]{10,} | AIza[\w-]{30,}
      | eyJ[\w-]{10,}\.[\w-]+(?:\.[\w-]*)?
    )
    | (?<=[Bb]earer[ ])[^\s"']+
    | (?<=://)[^/\s:@"']+:[^/\s@"']+(?=@)
    | -----BEGIN[ ][A-Z ]*PRIVATE[ ]KEY-----[\s\S]*?(?:-----END[^-]*-----|\Z)
    """
_RUN = r"(?<![A-Za-z0-9+/@])(?<!sha256:)[A-Za-z0-9+/]{32,}={0,2}"
_HEX = frozenset("0123456789abcdef")
LEAST_CHANGES = 0.4  # of neighbours that differ in kind: 0.65 in random base64, 0.3 in names
LEAST_HEX_CHANGES = 0.25  # random hexadecimal digits have 0.47


def names_secret(key: str) -> bool:
    """Return whether a key's name says that its value is a secret; `per_token` counts tokens."""
    words = [word.lower() for word in _compiled(_WORD).findall(key)]
    if words[-2:] == ["per", "token"]:
        return False
    return bool(SECRET_WORDS.intersection(words)) or words[-1:] == [_LAST_WORD]


def without_secrets(text: str) -> str:
    """Return a text with what has the form of a secret masked, whatever stands before it."""
    return _masked(text, _in_form(text))


@lru_cache(maxsize=16)
def without_secret_values(text: str) -> str:
    """Return the text of a file, or a line of one, with secrets masked and every line in place."""
    return _masked(without_secrets(text), _of_keys(text))


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern, compiled when there is something to say for the first time."""
    return re.compile(pattern, re.VERBOSE)


def _of_keys(text: str) -> Iterator[Span]:
    for found in _compiled(_PAIR).finditer(text):
        kind = found.lastgroup
        if kind is not None and names_secret(found["name"]):
            yield found.span(kind)


def _in_form(text: str) -> Iterator[Span]:
    yield from (found.span() for found in _compiled(_FORMS).finditer(text))
    for found in _compiled(_RUN).finditer(text):
        if _is_random(found.group().rstrip("=")):
            yield found.span()


def _is_random(run: str) -> bool:
    changes = sum(_kind(one) != _kind(other) for one, other in pairwise(run))
    least = LEAST_HEX_CHANGES if _HEX.issuperset(run) else LEAST_CHANGES
    return changes >= least * (len(run) - 1)


def _kind(character: str) -> int:
    if character.isdigit():
        return 0
    return 1 if character.islower() else 2 if character.isupper() else 3


def _masked(text: str, spans: Iterator[Span]) -> str:
    parts, end = [], 0
    for start, stop in sorted(spans):
        if stop > end:
            begin = max(start, end)
            parts += [text[end:begin], re.sub(r"[^\n]", MASK, text[begin:stop])]
            end = stop
    return "".join((*parts, text[end:]))
