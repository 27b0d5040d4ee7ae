"""Two states compared, profile by profile and model by model."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve

from sizer.diff.case import Case, State
from sizer.diff.causes import Aspect, Trial, by_hash, candidate, content, estimator_causes
from sizer.diff.choice_status import choice_status
from sizer.schema.answered.difference import Cause, Change, ChangeKind, Difference, Inert
from sizer.schema.answered.lock import LockedAnswer, LockedFinding


def difference(before: State, after: State) -> Difference:
    """Return every changed answer with its causes."""
    changes: list[Change] = []
    inert: list[Inert] = []
    unchanged = 0
    for name in sorted(before.cases.keys() | after.cases.keys()):
        old, new = before.cases.get(name), after.cases.get(name)
        found = list(_changes(name, old, new))
        if name in after.broken:
            found = [evolve(each, kind="broken") for each in found]
        changes += found
        unchanged += _same(old, new)
        if not found and old is not None and new is not None:
            causes = _inert(old, new)
            inert += [Inert(name, causes)] if causes else []
    notes = (*before.notes, *after.notes)
    return Difference(before.name, after.name, tuple(changes), unchanged, tuple(inert), notes)


def _changes(name: str, before: Case | None, after: Case | None) -> Iterator[Change]:
    old = {} if before is None else before.answers
    new = {} if after is None else after.answers
    trial = None
    for model in dict.fromkeys((*old, *new)):
        was, now = old.get(model), new.get(model)
        if content(was) == content(now):
            continue
        if was is None or now is None or before is None or after is None:
            yield Change(name, model, "added" if was is None else "removed", was, now)
            continue
        trial = trial or _trial(before, after)
        yield _change(name, before, after, trial, model)


def _same(before: Case | None, after: Case | None) -> int:
    if before is None or after is None:
        return 0
    pairs = ((each, after.answers.get(model)) for model, each in before.answers.items())
    return sum(content(was) == content(now) for was, now in pairs)


def _trial(before: Case, after: Case) -> Trial | None:
    first, second = before.setup(), after.setup()
    return None if first is None or second is None else Trial.of(first, second)


def _change(name: str, before: Case, after: Case, trial: Trial | None, model: str) -> Change:
    was, now = before.answers[model], after.answers[model]
    kind = _kind(was, now)
    aspect = candidate if kind == "recommendation" else content
    causes, also = by_hash(before, after), tuple[Cause, ...]()
    if trial is not None:
        causes = _causes(before, after, trial, model, aspect)
        moved = _causes(before, after, trial, model, content)
        also = tuple(each for each in moved if each not in causes)
    status, refusing = None, tuple[LockedFinding, ...]()
    if trial is not None and kind == "recommendation" and was.candidate is not None:
        status, refusing = choice_status(trial.after, trial.before, model, was.candidate)
    return Change(
        profile=name,
        model=model,
        kind=kind,
        before=was,
        after=now,
        causes=causes or by_hash(before, after),
        also=also,
        certain=trial is not None or len(causes) == 1,
        fate=status,
        newly_failing=(*refusing, *_only(_broken(now), _broken(was))),
        no_longer_failing=_only(_broken(was), (*_broken(now), *_waived(now))),
        newly_waived=_only(_waived(now), _waived(was)),
    )


def _causes(
    before: Case, after: Case, trial: Trial, model: str, aspect: Aspect
) -> tuple[Cause, ...]:
    found = trial.causes(model, aspect)
    pairs = ((before, False), (after, True))
    moved = any(
        aspect(case.answers[model]) != aspect(trial.base(later=later).get(model))
        for case, later in pairs
    )
    return (*(estimator_causes(before, after) if moved else ()), *found)


def _kind(was: LockedAnswer, now: LockedAnswer) -> ChangeKind:
    if was.candidate != now.candidate:
        return "recommendation"
    return "figures" if was.metrics != now.metrics else "findings"


def _only(
    these: tuple[LockedFinding, ...], those: tuple[LockedFinding, ...]
) -> tuple[LockedFinding, ...]:
    """Return findings of rules that others do not name."""
    named = {each.rule for each in those}
    return tuple(each for each in these if each.rule not in named)


def _broken(answer: LockedAnswer) -> tuple[LockedFinding, ...]:
    return tuple(each for each in answer.findings if not each.waiver)


def _waived(answer: LockedAnswer) -> tuple[LockedFinding, ...]:
    return tuple(each for each in answer.findings if each.waiver)


def _inert(before: Case, after: Case) -> tuple[Cause, ...]:
    """Return what differs though the answers are the same."""
    if before.hashes == after.hashes:
        return estimator_causes(before, after)
    trial = _trial(before, after)
    if trial is None:
        return by_hash(before, after)
    return (*estimator_causes(before, after), *(cause for _, cause in trial.parts))
