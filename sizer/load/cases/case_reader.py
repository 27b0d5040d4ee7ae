"""What a case gives and the rules that judge it, with every fault of either."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from attrs import Factory, evolve, field, frozen

from sizer.diagnostic import Diagnostic, Problem
from sizer.expr.language import Expression
from sizer.load.cases.case_metrics import Row, read_given
from sizer.load.question.question import Question, RuleSet, on_day, waived
from sizer.load.rule_sets import well_formed
from sizer.load.rules.parameters import NOTHING, Settings, settings
from sizer.load.rules.waiver_day import Waiving
from sizer.load.sites.site import Site, refusal, shared_site
from sizer.schema.asked.case import OUTCOMES, Case
from sizer.structure.nearest import did_you_mean, listed
from sizer.structure.shape.faults import MISSING, VALUE
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

NO_RULE = "SZ601"
ONE = ""  # the name of a candidate that stands alone


@frozen(eq=False)
class CaseReader:
    """Reads the cases of a document that stands at `home`; notes what is wrong in `faults`."""

    document: Document
    home: Site
    target: Document
    site: Site
    rules: RuleSet
    faults: list[Diagnostic]
    read: dict[tuple[object, ...], RuleSet] = field(default=Factory(dict))

    def rows(self, index: int, case: Case, own: Mapping[str, Expression]) -> Mapping[str, Row]:
        """Return the candidates that a case gives, by name; `own` are metrics of its rules."""
        alike, faults = read_given(case.given, self.document, ("case", index, "given"), own)
        self.faults.extend(faults)
        if not case.candidates:
            return {ONE: alike} if case.by_hand else {}
        rows = {}
        for name, given in case.candidates.items():
            place = ("case", index, "candidates", name)
            mine, faults = read_given(given, self.document, place, own)
            self.faults.extend(faults)
            rows[name] = {**alike, **mine}
        return rows

    def rules_of(self, index: int, case: Case) -> RuleSet:
        """Return the rules that judge a case, by its parameters, its profile and its day."""
        same = (case.profile, case.model, case.today, tuple(sorted(case.params.items())))
        if same not in self.read:
            self.read[same] = self._judging(index, case)
        rules = self.read[same]
        known = {rule.id for rule in rules.rules}
        self.faults.extend(strangers(self.document, index, case, known))
        self.faults.extend(self._homeless(index, case, rules))
        return rules

    def _judging(self, index: int, case: Case) -> RuleSet:
        table: Keys = ("case", index, "params")
        given = settings(self.document, case.params, table) if case.params else NOTHING
        try:
            if case.profile is not None:
                document, site = self._profile(index, case.profile)
                found = well_formed(document, site.folder, given, reader=site.reader)
            else:
                found = self._retargeted(given) if given else self.rules
        except Problem as problem:
            self.faults.extend(problem.diagnostics)
            return self.rules
        last = Waiving(date.max, applied=False)  # without a day, every rule has started
        waiving = last if case.today is None else Waiving(case.today)
        if found.question is None:
            return evolve(found, policy=on_day(found.policy, waiving))
        question = self._of_model(index, case, waived(found.question, waiving))
        return evolve(found, policy=question.policy, question=question)

    def _retargeted(self, given: Settings) -> RuleSet:
        return well_formed(self.target, self.site.folder, given, reader=self.site.reader)

    def _profile(self, index: int, name: str) -> tuple[Document, Site]:
        found = shared_site(self.home, name)
        refused = refusal(found, name, self.home, (self.home.real,), 0)
        if refused:
            code, message, help_ = refused
            place = self.document.place(("case", index, "profile"))
            raise Problem((Diagnostic(code, message, place, help_),))
        return found.document(), found

    def _of_model(self, index: int, case: Case, question: Question) -> Question:
        """Return a question of the one model that a case is about."""
        models = {each.name: each for each in question.profile.models}
        asked = case.model
        if asked is None and (case.by_hand or len(models) == 1):
            return question
        if asked in models:
            return evolve(question, profile=evolve(question.profile, models=(models[asked],)))
        place = self.document.place(("case", index, "model"))
        listed = f"the profile has {', '.join(models)}"
        if asked is None:
            self.faults.append(Diagnostic(MISSING, "missing key 'model'", place, listed))
        else:
            help_ = did_you_mean(asked, models) or listed
            message = f"the profile has no model {asked!a}"
            self.faults.append(Diagnostic(VALUE, message, place, help_))
        return question

    def _homeless(self, index: int, case: Case, rules: RuleSet) -> Iterator[Diagnostic]:
        """Yield what only a profile can give: an estimate, or an order of candidates."""
        if rules.question is not None:
            return
        if case.candidates:
            said, key = "candidates are ranked by a profile", "candidates"
            help_ = "`rules` names the profile under test"
        elif not case.by_hand:
            said, key, help_ = "nothing is given", "name", "write `given`, or name a `profile`"
        else:
            return
        yield Diagnostic(VALUE, said, self.document.place(("case", index, key), key=True), help_)


def strangers(
    document: Document, index: int, case: Case, known: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield a fault for each rule that is expected to end somehow and does not exist."""
    for keys, name in _named(case):
        if name and name not in known:
            help_ = did_you_mean(name, known) or f"the rules are {listed(known)}"
            place = document.place(("case", index, "expect", *keys), key=True)
            yield Diagnostic(NO_RULE, f"no rule is called {name!a}", place, help_)


def _named(case: Case) -> Iterator[tuple[Keys, str]]:
    for outcome in OUTCOMES:
        names = getattr(case.expect, outcome)
        yield from (((outcome, position), name) for position, name in enumerate(names))
    yield from ((("messages", name), name) for name in case.expect.messages)
