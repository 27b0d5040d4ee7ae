"""A profile with the rules it extends, checked in every way that needs no estimate."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from sizer.diagnostic import Diagnostic, Place, Problem, bounded, in_order
from sizer.expr.check import CompiledWaiver, Draft, Policy
from sizer.expr.language import Expression
from sizer.load.consistency.findings import together
from sizer.load.names.names import unknown_names
from sizer.load.names.tasks import task_asked
from sizer.load.prices.own_files import OwnFiles
from sizer.load.question.policy import checked_policy
from sizer.load.rules.extends import Origin, gathered
from sizer.load.rules.origins import origin_of
from sizer.load.rules.parameters import NOTHING, Settings
from sizer.load.rules.selection import EVERY, Selection
from sizer.load.rules.waiver_day import IN_FORCE, Waiving
from sizer.schema.asked.lengths import without_answers
from sizer.schema.asked.profile import Profile, Rule, Select
from sizer.schema.asked.tasks import reads_only
from sizer.schema.facts.own_prices import OwnPrices
from sizer.structure.files.reader import DISK, Reader
from sizer.structure.nearest import did_you_mean, listed
from sizer.structure.shape.profile import read_profile, read_rules
from sizer.structure.toml.document import Document, read_document
from sizer.structure.toml.path import Path as Keys

if TYPE_CHECKING:  # few profiles name a log
    from sizer.load.traffic import OwnTraffic
    from sizer.traffic.design import Design

NO_RULE = "SZ404"
OF_A_LOG = ("traffic", "trace", "window", "quantile", "preset")
NO_QUESTION = Profile(dsl=1, select=Select(where=()))


@frozen(eq=False, repr=False)
class Question:
    """A profile that is well formed; rules of extended files come first.

    `folder` is what relative paths in the profile start from; `files` are those that it extends,
    `price_files` those with its own `prices`; `notes` are findings that are no errors. Of the
    profile's `waivers`, `policy` has those that count by `waiving`. `traffic` is the log whose load
    its workload has, `traffic_files` the summary of it.
    """

    profile: Profile
    policy: Policy
    folder: Path
    origins: tuple[Origin, ...]
    document: Document
    notes: tuple[Diagnostic, ...] = ()
    files: tuple[Document, ...] = ()
    waivers: tuple[CompiledWaiver, ...] = ()
    waiving: Waiving = field(factory=Waiving)
    price_files: tuple[Document, ...] = ()
    prices: OwnPrices = OwnPrices()
    traffic_files: tuple[Document, ...] = ()
    traffic: Design | None = None

    @property
    def implied(self) -> tuple[Expression, ...]:
        """The conditions of `where` that nobody wrote, like `fits`."""
        return self.policy.where[len(self.profile.select.where) :]

    @property
    def hangs_on_the_day(self) -> bool:
        """Whether another day could give another answer."""
        return bool(self.waivers) or any(each.start for each in self.profile.rule)

    def place(self, keys: Keys, *, key: bool = False) -> Place | None:
        """Return where a value of the profile stands, like ("rule", 2, "require"), or its key."""
        document, keys = origin_of(self.document, self.origins, keys)
        return document.place(keys, key=key)


@frozen(eq=False, repr=False)
class RuleSet:
    """The rules of a file with those that it extends, well formed; a profile has its `question`."""

    rules: tuple[Rule, ...]
    policy: Policy
    origins: tuple[Origin, ...]
    notes: tuple[Diagnostic, ...] = ()
    question: Question | None = None


def load(
    path: Path,
    selection: Selection = EVERY,
    pinned: Collection[str] = frozenset(),
    waiving: Waiving | None = None,
) -> Question:
    """Return the question that a profile asks, with the selected rules.

    `pinned` are names of models and accelerators that a lock knows, so the catalog need not.
    `waiving` says whether waivers count, and on which day; without it they count today.
    Raises Problem with everything that is wrong with it and with the files that it extends.
    """
    return load_document(read_document(path), path.parent, selection, pinned, waiving)


def load_document(
    document: Document,
    folder: Path,
    selection: Selection = EVERY,
    pinned: Collection[str] = frozenset(),
    waiving: Waiving | None = None,
) -> Question:
    """Return the question of a parsed profile whose relative paths start from a folder.

    Raises Problem as load does.
    """
    question = with_trace(whole_question(document, folder, pinned, selection=selection))
    selection.refuse(question.profile.rule)
    asked = waived(selected(question, selection), waiving or Waiving())
    known = None if pinned else (asked.profile, folder)  # a lock has facts of its own
    found = together(Draft.of(asked.policy), document, asked.origins, known)
    return evolve(asked, notes=_without_errors((*asked.notes, *found)))


def whole_question(
    document: Document,
    folder: Path,
    pinned: Collection[str] = frozenset(),
    given: Settings = NOTHING,
    selection: Selection = EVERY,
    reader: Reader = DISK,
) -> Question:
    """Return the question of a parsed profile with all its rules; `given` sets parameters.

    Rules that `selection` does not take may contradict others.

    Raises Problem as load does.
    """
    profile, faults = read_profile(document)
    shared = gathered(document, profile, folder, given, reader)
    own = _own_prices(profile, document, folder, reader)
    log = _own_traffic(profile, document, folder, reader)
    if log is not None:
        profile = evolve(profile, workload=log.workload)
        faults += log.faults
    if profile.workload.request_rate_by_hour:
        profile = evolve(profile, fleet=evolve(profile.fleet, replicas="fewest"))
    profile = _without_answers(profile, folder)
    names = bounded(unknown_names(profile, document, folder, pinned, own.prices))
    faults += [*shared.faults, *own.faults, *names]
    profile = evolve(profile, rule=shared.rules)
    faults += bounded(_strangers(profile, document))
    policy = checked_policy(document, profile, shared, faults, selection, folder)
    notes = tuple(in_order(faults))
    files, waivers = shared.files, policy.waivers
    question = Question(profile, policy, folder, shared.origins, document, notes, files, waivers)
    question = evolve(question, price_files=own.files, prices=OwnPrices(own.prices))
    if log is None:
        return question
    return evolve(question, traffic_files=log.files, traffic=log.design)


def waived(question: Question, waiving: Waiving) -> Question:
    """Return a question whose waivers count if they hold on a day, and its rules if they do."""
    counting = tuple(each for each in question.waivers if waiving.status(each.waiver) == IN_FORCE)
    policy = evolve(on_day(question.policy, waiving), waivers=counting)
    return evolve(question, policy=policy, waiving=waiving)


def on_day(policy: Policy, waiving: Waiving) -> Policy:
    """Return a policy whose rules have the levels of a day."""
    levels = [waiving.level(each.rule) for each in policy.rules]
    rules = (
        each if level == each.rule.level else each.until_it_starts(level)
        for each, level in zip(policy.rules, levels, strict=True)
    )
    return evolve(policy, rules=tuple(rules))


def _own_prices(profile: Profile, document: Document, folder: Path, reader: Reader) -> OwnFiles:
    if not profile.fleet.prices:
        return OwnFiles()
    from sizer.load.prices.prices import own_prices  # noqa: PLC0415  # few profiles have some

    return own_prices(profile, document, folder, reader)


def _own_traffic(
    profile: Profile, document: Document, folder: Path, reader: Reader
) -> OwnTraffic | None:
    if not any(getattr(profile.workload, name) is not None for name in OF_A_LOG):
        return None
    from sizer.load.traffic import own_traffic  # noqa: PLC0415  # few profiles name a log

    return own_traffic(profile, document, folder, reader)


def _without_answers(profile: Profile, folder: Path) -> Profile:
    """Return a profile whose load writes nothing, where its models are known to write nothing."""
    task = task_asked(profile, folder)
    if task is None or not reads_only(task):
        return profile
    return evolve(profile, workload=without_answers(profile.workload))


def with_trace(question: Question) -> Question:
    """Return a question whose log has been read, if it names one. Raises Problem as that does."""
    if question.profile.workload.trace is None or question.traffic is not None:
        return question
    from sizer.load.traffic import traced  # noqa: PLC0415  # few profiles name a log

    log = traced(question.profile, question.document, question.folder)
    profile = evolve(question.profile, workload=log.workload)
    return evolve(question, profile=profile, traffic=log.design)


def rule_set(
    document: Document, folder: Path, given: Settings = NOTHING, reader: Reader = DISK
) -> RuleSet:
    """Return the rules of a parsed file to share; `given` sets parameters.

    Raises Problem as load does.
    """
    file, faults = read_rules(document)
    shared = gathered(document, file, folder, given, reader)
    faults += shared.faults
    policy = checked_policy(document, NO_QUESTION, shared, faults)
    return RuleSet(shared.rules, policy, shared.origins, tuple(in_order(faults)))


def selected(question: Question, selection: Selection) -> Question:
    """Return a question with the rules that a selection takes."""
    if selection == EVERY:
        return question
    rules = question.profile.rule
    kept = [index for index, rule in enumerate(rules) if selection.takes(rule)]
    compiled, origins = question.policy.rules, question.origins
    names = {rules[index].id for index in kept}
    return evolve(
        question,
        profile=evolve(question.profile, rule=tuple(rules[index] for index in kept)),
        waivers=tuple(each for each in question.waivers if each.waiver.rule in names),
        policy=evolve(question.policy, rules=tuple(compiled[index] for index in kept)),
        origins=tuple(origins[index] for index in kept),
    )


def _strangers(profile: Profile, document: Document) -> Iterator[Diagnostic]:
    """Yield a fault for each waiver of a rule that does not exist."""
    known = {rule.id for rule in profile.rule}
    for index, each in enumerate(profile.waiver):
        if each.rule and each.rule not in known:
            help_ = did_you_mean(each.rule, known) or f"rules: {listed(known) or 'none'}"
            place = document.place(("waiver", index, "rule"))
            yield Diagnostic(NO_RULE, f"no rule is called {each.rule!a}", place, help_)


def _without_errors(findings: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Return findings in order; raise Problem with all of them when one is an error."""
    found = tuple(in_order(findings))
    if any(each.severity == "error" for each in found):
        raise Problem(found)
    return found
