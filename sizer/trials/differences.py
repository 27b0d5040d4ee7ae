"""What came of a case, and how that differs from what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import evolve, frozen

from sizer.expr.check import CompiledRule, Policy
from sizer.expr.explain import explained
from sizer.expr.language import Cell, shown
from sizer.schema.answered.trial import Comparisons, Difference, Removed
from sizer.schema.asked.case import OUTCOMES, Case, Expect
from sizer.schema.verdict import FAILS, HOLDS, NOT_APPLICABLE, UNKNOWN, Verdict
from sizer.trials.subject import Subject, is_called

WORDS = {HOLDS: "passes", FAILS: "fails", UNKNOWN: "unknown", NOT_APPLICABLE: "not_applicable"}
NOBODY = "(no candidate)"


@frozen(eq=False)
class Outcome:
    """How every rule of a policy ended for a candidate; `row` is where the verdicts have it."""

    policy: Policy
    verdicts: Sequence[Verdict]
    row: int
    standing: Subject

    def found(self, case: Case) -> Expect:
        """Return what the case would have to expect."""
        expect, ends = case.expect, self.ends()
        by_outcome = {
            outcome: tuple(name for name in expect.outcomes if ends.get(name) == outcome)
            for outcome in OUTCOMES
        }
        said = {name: self.said(name, ends.get(name)) for name in expect.messages}
        found = evolve(
            expect,
            **by_outcome,
            survives=None if expect.survives is None else self.survives(case),
            chosen=self._chosen(expect.chosen),
            messages={name: text for name, text in said.items() if text is not None},
        )
        return found if found != Expect() else Expect(survives=False)

    def ends(self) -> dict[str, str]:
        """Return how each rule ended; nothing where there is no candidate."""
        if self.standing.metrics is None:
            return {}
        found = {}
        for each in self.verdicts[len(self.policy.where) :]:
            waived = each.waived is not None and bool(each.waived[self.row])
            found[each.label] = "waived" if waived else WORDS[int(each.outcome[self.row])]
        return found

    def said(self, rule: str, end: str | None) -> str | None:
        """Return what a rule says of the candidate; None where it is silent."""
        if self.standing.metrics is None or end in {None, "passes", "not_applicable"}:
            return None
        return self.rule(rule).said(self.standing.metrics)

    def survives(self, case: Case) -> bool:
        """Return whether the candidate survives or, where one is chosen, whether any does."""
        if self.standing.metrics is None:
            return False
        chosen = case.candidates or not (case.by_hand or case.candidate)
        return bool(chosen) or not self.removing()

    def removing(self) -> list[str]:
        """Return the conditions and rules that remove the candidate."""
        return [each.label for each in self.verdicts if not each.admits[self.row]]

    def rule(self, name: str) -> CompiledRule:
        """Return a rule by its id."""
        return next(each for each in self.policy.rules if each.rule.id == name)

    def _chosen(self, wanted: str | None) -> str | None:
        """Return the name of the chosen candidate; a pattern that fits it stays as it is."""
        if wanted is None or is_called(self.standing.chosen, wanted):
            return wanted
        return self.standing.chosen


def differences(case: Case, found: Expect, outcome: Outcome) -> Iterator[Difference]:
    """Yield each expectation that was not met."""
    expect, ends = case.expect, outcome.ends()
    if outcome.standing.missing is not None:
        yield Difference("candidate", case.candidate or "", NOBODY, outcome.standing.missing)
        return
    for name, wanted in expect.outcomes.items():
        if ends.get(name) != wanted:
            why = _why(outcome.rule(name), outcome.standing.metrics, ends.get(name))
            yield Difference(name, wanted, ends.get(name, NOBODY), why)
    for name, text in expect.messages.items():
        if found.messages.get(name) != text:
            silent = f"(nothing: {ends.get(name, NOBODY)})"
            yield Difference(f"message of {name}", text, found.messages.get(name, silent))
    if found.survives is not expect.survives:
        removing = outcome.removing() if outcome.standing.metrics is not None else []
        removed = Removed(tuple(removing)) if removing else None
        yield Difference("survives", shown(expect.survives), shown(found.survives), removed)
    if found.chosen != expect.chosen:
        yield Difference("chosen", expect.chosen or "", found.chosen or "(nothing survives)")


def _why(
    compiled: CompiledRule, metrics: Mapping[str, Cell] | None, end: str | None
) -> Comparisons | None:
    """Return the comparisons of a rule, or of its `when` if that keeps it from applying."""
    if metrics is None:
        return None
    idle = end == "not_applicable" and compiled.when is not None
    decisive = compiled.when if idle and compiled.when else compiled.require
    return Comparisons(tuple(explained(decisive, metrics).atoms))
