"""Which rules count: `--select` and `--ignore`, by globs over rule ids and tags."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase

from attrs import frozen

from sizer.diagnostic import Diagnostic, Problem
from sizer.schema.asked.profile import Rule
from sizer.structure.nearest import did_you_mean

NOTHING = "SZ508"


@frozen
class Selection:
    """Globs like `slo.*`; without `select`, every rule that `ignore` leaves."""

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()

    def takes(self, rule: Rule) -> bool:
        """Return whether a rule counts."""
        chosen = not self.select or any(_matches(glob, rule) for glob in self.select)
        return chosen and not any(_matches(glob, rule) for glob in self.ignore)

    def faults(self, rules: Iterable[Rule]) -> list[Diagnostic]:
        """Return a fault for each glob that no rule matches: a typo would judge by other rules."""
        known = tuple(rules)
        names = sorted({name for rule in known for name in _names(rule)})
        return [
            Diagnostic(
                NOTHING,
                f"{option} {glob!a} matches no rule",
                help=did_you_mean(glob, names) or f"ids and tags: {', '.join(names) or 'none'}",
            )
            for option, globs in (("--select", self.select), ("--ignore", self.ignore))
            for glob in globs
            if not any(_matches(glob, rule) for rule in known)
        ]

    def refuse(self, rules: Iterable[Rule]) -> None:
        """Raise Problem (SZ508) for globs that match no rule."""
        faults = self.faults(rules)
        if faults:
            raise Problem(tuple(faults))


EVERY = Selection()


def _names(rule: Rule) -> tuple[str, ...]:
    return (rule.id, *rule.tags)


def _matches(glob: str, rule: Rule) -> bool:
    return any(fnmatchcase(name, glob) for name in _names(rule))
