"""Rules that files share: `extends` followed, each file once, what is extended first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache, partial
from pathlib import Path

from attrs import Factory, evolve, field, frozen

from sizer.diagnostic import Diagnostic, Place, Problem, bounded
from sizer.load.rules.definitions import Written, hidden, redefined, written_by
from sizer.load.rules.parameters import (
    NOTHING,
    Setting,
    Settings,
    disagreeing,
    misnamed,
    mistyped,
    settings,
    unread,
)
from sizer.load.sites.duplicates import doubled
from sizer.load.sites.site import Refusal, Site, refusal, shared_site
from sizer.schema.asked.parameter import Parameter
from sizer.schema.asked.profile import Level, Profile, Rule
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.files.text_file import LARGEST_BYTES, decoded
from sizer.structure.nearest import did_you_mean, listed
from sizer.structure.shape.profile import RuleFile, read_rules
from sizer.structure.toml.document import Document, parse_document

EMPTY = "SZ505"
LEVEL = "SZ507"


@frozen(eq=False, repr=False)
class Origin:
    """The file that a rule stands in, which of its rules it is, and its parameters."""

    document: Document
    index: int
    parameters: Mapping[str, Parameter]


@frozen(eq=False, repr=False)
class Shared:
    """All rules in order of precedence of reading, where each stands, and what is wrong.

    `parameters` are those of the first file itself; `files` are those that it extends, directly or
    through others.
    """

    rules: tuple[Rule, ...]
    origins: tuple[Origin, ...]
    parameters: Mapping[str, Parameter]
    faults: tuple[Diagnostic, ...]
    files: tuple[Document, ...] = ()
    metrics: Mapping[str, Written] = field(default=Factory(dict))


@frozen(eq=False, repr=False)
class Inherited:
    """What a file and those that it extends have: rules by id, and parameters."""

    rules: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()

    def __or__(self, other: Inherited) -> Inherited:
        """Return what either has."""
        return Inherited(self.rules | other.rules, self.parameters | other.parameters)


def gathered(
    document: Document,
    file: Profile | RuleFile,
    folder: Path,
    given: Settings = NOTHING,
    reader: Reader = DISK,
) -> Shared:
    """Return a file's rules after those of the files that it extends; `given` sets parameters.

    Faults: SZ501 missing, SZ502 cycle, too deep or too many, SZ503 outside the repository, SZ504 a
    rule's id or own metric in two files, SZ505 nothing extended, SZ506 a parameter that nothing
    reads, SZ507 a level of no rule, and those of the files themselves.
    """
    site = Site.of(document.file, folder, reader)
    walk = _Walk()
    below = walk.take(document, file, site, given, (site.real,))
    walk.faults.extend(unread(given, below.parameters, (), None))
    walk.faults.extend(bounded(hidden(walk.metrics, walk.listed)))
    own = {
        name: given.get(name, setting).parameter
        for name, setting in settings(document, file.params).items()
    }
    rules, origins, faults = tuple(walk.rules), tuple(walk.origins), tuple(walk.faults)
    return Shared(rules, origins, own, faults, tuple(walk.files), walk.metrics)


@frozen(eq=False, repr=False)
class _Walk:
    rules: list[Rule] = field(default=Factory(list))
    origins: list[Origin] = field(default=Factory(list))
    faults: list[Diagnostic] = field(default=Factory(list))
    named: dict[str, int] = field(default=Factory(dict))
    read: dict[Path, tuple[Settings, Inherited]] = field(default=Factory(dict))
    files: list[Document] = field(default=Factory(list))
    metrics: dict[str, Written] = field(default=Factory(dict))
    listed: dict[str, Setting] = field(default=Factory(dict))

    def take(
        self,
        document: Document,
        file: Profile | RuleFile,
        site: Site,
        given: Settings,
        trail: tuple[Path, ...],
    ) -> Inherited:
        """Take over what a file extends, then its own rules; `given` is set from outside."""
        own = settings(document, file.params)
        self.faults.extend((*misnamed(own), *mistyped(own, given)))
        passed = {**own, **given}
        below = Inherited()
        if len(file.extends) > 1:
            real = partial(_real_file, site)
            self.faults.extend(doubled(document, ("extends",), file.extends, "file", real))
        for index, name in enumerate(file.extends):
            if name:  # an empty one is a stand-in for what did not fit
                below |= self._follow(document, index, name, site, passed, trail)
        if document.data.get("extends") == []:
            place = document.place(("extends",), key=True)
            told = Diagnostic(EMPTY, "extends names no file", place, "remove it", "warning")
            self.faults.append(told)
        select = file.select if isinstance(file, Profile) else None
        self.faults.extend(
            bounded(unread(own, below.parameters, file.rule, select, file.metrics.values()))
        )
        parameters = {name: passed[name].parameter for name in own}
        self.listed.update(own)
        self._define(written_by(document, file.metrics, parameters))
        self._add(document, file.rule, parameters)
        below |= Inherited(frozenset(rule.id for rule in file.rule if rule.id), frozenset(own))
        self.faults.extend(bounded(self._levelled(document, file.levels, below.rules)))
        return below

    def _follow(
        self,
        document: Document,
        index: int,
        name: str,
        site: Site,
        given: dict[str, Setting],
        trail: tuple[Path, ...],
    ) -> Inherited:
        found = shared_site(site, name)
        refused = refusal(found, name, site, trail, len(self.read)) or self._too_much()
        if refused:
            code, message, help_ = refused
            self.faults.append(Diagnostic(code, message, document.place(("extends", index)), help_))
            return Inherited()
        if found.real in self.read:
            before, below = self.read[found.real]
            self.faults.extend(disagreeing(before, given, below.parameters))
            return below
        self.read[found.real] = given, Inherited()
        below = self._open(found, given, trail)
        self.read[found.real] = given, below
        return below

    def _too_much(self) -> Refusal | None:
        if sum(len(each.text) for each in self.files) <= LARGEST_BYTES:
            return None
        return "SZ502", f"extends reaches more than {LARGEST_BYTES:,} bytes", None

    def _open(self, site: Site, given: Settings, trail: tuple[Path, ...]) -> Inherited:
        try:
            document, file, faults = _parsed(site.content(), site.shown)
        except Problem as problem:
            self.faults.extend(problem.diagnostics)
            return Inherited()
        self.files.append(document)
        self.faults.extend(faults)
        return self.take(document, file, site, given, (*trail, site.real))

    def _define(self, written: Iterable[Written]) -> None:
        for each in written:
            self.faults.extend(redefined(self.metrics.setdefault(each.name, each), each))

    def _add(
        self, document: Document, rules: tuple[Rule, ...], parameters: Mapping[str, Parameter]
    ) -> None:
        here: dict[str, int] = {}
        for index, rule in enumerate(rules):
            self.rules.append(rule)
            self.origins.append(Origin(document, index, parameters))
            if rule.id in self.named:
                first, second = self.origins[self.named[rule.id]], self.origins[-1]
                message = f"rule {rule.id!r} stands in two files"
                self.faults.append(Diagnostic("SZ504", message, _id(second), _also(first)))
            elif rule.id:
                here.setdefault(rule.id, len(self.rules) - 1)
        self.named.update(here)

    def _levelled(
        self, document: Document, levels: Mapping[str, Level], known: frozenset[str]
    ) -> Iterator[Diagnostic]:
        """Give rules the levels that this file wants; what extends it has the last word.

        Yields a fault for each level of no rule.
        """
        for name, level in levels.items():
            if name in known:
                index = self.named[name]
                self.rules[index] = evolve(self.rules[index], level=level)
                continue
            help_ = did_you_mean(name, known)
            if help_ is None and known:
                help_ = f"the rules are {listed(known)}"
            place = document.place(("levels", name), key=True)
            yield Diagnostic(LEVEL, f"no rule is called {name!a}", place, help_)


def _real_file(site: Site, name: str) -> Path:
    return shared_site(site, name).real


@lru_cache(maxsize=64)
def _parsed(content: bytes, shown: str) -> tuple[Document, RuleFile, list[Diagnostic]]:
    """Return a file that is extended; many profiles extend the same ones."""
    document = parse_document(decoded(content, shown), shown)
    return document, *read_rules(document)


def _id(origin: Origin) -> Place | None:
    return origin.document.place(("rule", origin.index, "id"))


def _also(origin: Origin) -> str | None:
    place = _id(origin)
    return f"the other is at {place.file}:{place.line}" if place else None
