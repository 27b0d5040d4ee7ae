"""The format of each module of a quantised checkpoint.

Quantisers name what they leave alone by name, by glob or by expression; those that mix formats
list every module that they changed, or name groups of modules.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from attrs import frozen

from sizer.catalog.config.weights import ALGORITHMS, group_format

IGNORED = ("ignore", "modules_to_not_convert", "exclude_modules", "ignored_layers")
LEFT_OUT = "-:"  # how GPTQModel's `dynamic` marks an expression of what it leaves alone
EXPRESSION = "re:"
WIDE = "bf16"
NARROWED = "fp8-block"  # what a checkpoint keeps that was 8 bit before its experts became 4


@frozen
class ModuleFormats:
    """What a checkpoint's quantisation says of modules by name.

    `kept` is the format of those that it leaves alone, `whole` that of all others. Where `listed`
    names each quantised module, one that it does not name is kept.
    """

    whole: str
    kept: str
    names: frozenset[str]
    patterns: tuple[str, ...]
    listed: Mapping[str, str]
    groups: tuple[tuple[str, str | None], ...]

    def format_of(self, names: Iterable[str]) -> str | None:
        """Return the format of a module that has one of these names, None if no format has it."""
        known = tuple(names)
        if self.keeps(known):
            return self.kept
        if self.listed:
            stated = (self.listed[each] for name in known for each in self._listed(name))
            return next(stated, self.kept)
        for target, form in self.groups:
            if any(_matches(target, name) for name in known):
                return form
        return self.whole

    def keeps(self, names: Iterable[str]) -> bool:
        """Return whether a module that has one of these names is left alone."""
        return any(self._is_kept(name) for name in names)

    def says_of(self, names: Iterable[str]) -> bool:
        """Return whether a module is named with a format of its own."""
        known = tuple(names)
        listed = any(True for name in known for _ in self._listed(name))
        return listed or any(_matches(each, name) for each, _ in self.groups for name in known)

    def _listed(self, name: str) -> Iterator[str]:
        """Yield the module, or what it is a part of, where that is listed."""
        parts = name.split(".")
        paths = (".".join(parts[:end]) for end in range(len(parts), 0, -1))
        return (path for path in paths if path in self.listed)

    def _is_kept(self, name: str) -> bool:
        if not self.names.isdisjoint(_paths(name)):
            return True
        return any(_matches(pattern, name) for pattern in self.patterns)


def module_formats(table: Mapping[str, Any], whole: str) -> ModuleFormats:
    """Return what a quantisation table says of modules."""
    left = [str(each) for key in IGNORED for each in table.get(key) or ()]
    dynamic = [str(key) for key in table.get("dynamic") or ()]
    left += [EXPRESSION + each[2:] for each in dynamic if each.startswith(LEFT_OUT)]
    patterns = tuple(each for each in left if each.startswith(EXPRESSION) or "*" in each)
    stated = ((n, e.get("quant_algo")) for n, e in (table.get("quantized_layers") or {}).items())
    return ModuleFormats(
        whole=whole,
        kept=NARROWED if "moe_quant_algo" in table else WIDE,
        names=frozenset(left).difference(patterns),
        patterns=patterns,
        listed={name: ALGORITHMS[algo] for name, algo in stated if algo in ALGORITHMS},
        groups=tuple(_groups(table)),
    )


def _groups(table: Mapping[str, Any]) -> Iterator[tuple[str, str | None]]:
    for group in (table.get("config_groups") or {}).values():
        for target in group.get("targets") or ():
            yield str(target), group_format(group["weights"])


def _paths(name: str) -> Iterator[str]:
    """Yield each run of the parts of a dotted name."""
    parts = name.split(".")
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            yield ".".join(parts[start:end])


def _matches(pattern: str, name: str) -> bool:
    if pattern.startswith(EXPRESSION):
        return re.match(pattern[len(EXPRESSION) :], name) is not None
    if "*" in pattern:
        return fnmatchcase(name, pattern) or fnmatchcase(name, pattern + ".*")
    return pattern in _paths(name)
