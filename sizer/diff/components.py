"""The parts of a setup that can be told apart, compared and exchanged one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from attrs import astuple, evolve, fields_dict, frozen

from sizer.diff.fields import field_differences, gone_and_come
from sizer.diff.rules import rule_differences
from sizer.diff.setup import Setup, costs
from sizer.expr.check import CompiledWaiver
from sizer.schema.answered.difference import (
    CauseKind,
    Detail,
    FieldChange,
    OtherParameters,
    PriceChange,
    Side,
    WaiverPresence,
)
from sizer.schema.asked.profile import CustomGpu, Fleet, ModelAsk, Profile
from sizer.schema.facts.price import Price, quoted

UNSEEN = frozenset({"aliases", "source", "note"})
TERMS = ("provider", "region", "term", "prices", "owned")
BY_HAND = tuple(
    name for name in fields_dict(ModelAsk) if name not in {"name", "weights", "kv_format"}
)
_TOLD = {
    *("dsl", "description", "extends", "params", "metrics", "levels"),
    *("models", "fleet", "workload", "engine", "estimator", "select", "rule", "waiver"),
}
REST = tuple(name for name in fields_dict(Profile) if name not in _TOLD)


@frozen
class Component:
    """One kind of cause: what differs, and the first setup with this part of a second."""

    kind: CauseKind
    differences: Callable[[Setup, Setup], Iterator[Detail]]
    exchanged: Callable[[Setup, Setup], Setup]


def _prices(a: Setup, b: Setup) -> Iterator[Detail]:
    before, after = costs(a), costs(b)
    for gpu in sorted(before.keys() & after.keys()):
        changed = _other_offers(before[gpu], after[gpu])
        if changed:
            yield PriceChange(gpu, _middle(before[gpu]), _middle(after[gpu]), changed)


def _other_offers(before: tuple[Price, ...], after: tuple[Price, ...]) -> int:
    """Return how many instances one side sells alone, or for another price."""
    was, now = ({_offer(each): each.usd_per_hour for each in side} for side in (before, after))
    return sum(was.get(offer) != now.get(offer) for offer in was.keys() | now.keys())


def _offer(price: Price) -> tuple[str | int | None, ...]:
    return price.provider, price.region, price.term, price.instance, price.gpus


def _middle(sold: tuple[Price, ...]) -> Price | None:
    quote = quoted(sold)
    return None if quote is None else quote.middle


def _with_prices(a: Setup, b: Setup) -> Setup:
    theirs = {each.name: each.cost_per_hour for each in _fleet(b).custom}
    custom = tuple(
        evolve(each, cost_per_hour=theirs.get(each.name, each.cost_per_hour))
        for each in _fleet(a).custom
    )
    terms = {name: getattr(_fleet(b), name) for name in TERMS}
    made = _with(a, fleet=evolve(_fleet(a), custom=custom, **terms))
    question = evolve(made.question, prices=b.question.prices)
    return evolve(made, question=question, sold=b.sold)


def _accelerators(a: Setup, b: Setup) -> Iterator[Detail]:
    for name in sorted(a.gpus.keys() & b.gpus.keys()):
        yield from field_differences(a.gpus[name].value, b.gpus[name].value, name, unseen=UNSEEN)
    for mine, theirs in _custom_pairs(a, b):
        unseen = frozenset({"cost_per_hour"})
        yield from field_differences(mine, theirs, mine.name, unseen=unseen)


def _with_accelerators(a: Setup, b: Setup) -> Setup:
    theirs = {each.name: each for each in _fleet(b).custom}
    custom = tuple(
        evolve(theirs.get(each.name, each), cost_per_hour=each.cost_per_hour)
        for each in _fleet(a).custom
    )
    return evolve(_with(a, fleet=evolve(_fleet(a), custom=custom)), gpus=b.gpus)


def _model_facts(a: Setup, b: Setup) -> Iterator[Detail]:
    for name in sorted(a.models.keys() & b.models.keys()):
        yield from field_differences(
            a.models[name].value, b.models[name].value, name, unseen=UNSEEN
        )
    for mine, theirs in _asked_pairs(a, b):
        yield from field_differences(mine, theirs, mine.name, only=BY_HAND)


def _with_model_facts(a: Setup, b: Setup) -> Setup:
    theirs = {each.name: each for each in b.question.profile.models}
    models = tuple(
        evolve(each, **{name: getattr(theirs.get(each.name, each), name) for name in BY_HAND})
        for each in a.question.profile.models
    )
    return evolve(_with(a, models=models), models=b.models)


def _models(a: Setup, b: Setup) -> Iterator[Detail]:
    """Yield formats asked for; a model that came or went is a change of its own."""
    for mine, theirs in _asked_pairs(a, b):
        yield from field_differences(mine, theirs, mine.name, only=("weights", "kv_format"))


def _with_models(a: Setup, b: Setup) -> Setup:
    theirs = {each.name: each for each in b.question.profile.models}
    models = tuple(
        evolve(
            each,
            weights=theirs.get(each.name, each).weights,
            kv_format=theirs.get(each.name, each).kv_format,
        )
        for each in a.question.profile.models
    )
    return _with(a, models=models)


def _fleets(a: Setup, b: Setup) -> Iterator[Detail]:
    mine, theirs = _fleet(a), _fleet(b)
    yield from gone_and_come(mine.gpus, theirs.gpus)
    names = ([each.name for each in fleet.custom] for fleet in (mine, theirs))
    yield from gone_and_come(*names)
    yield from field_differences(mine, theirs, unseen=frozenset({"gpus", "custom", *TERMS}))
    for pattern in sorted(a.patterns.keys() & b.patterns.keys()):
        yield from gone_and_come(a.patterns[pattern], b.patterns[pattern])


def _with_fleet(a: Setup, b: Setup) -> Setup:
    mine = {each.name: each for each in _fleet(a).custom}
    custom = tuple(mine.get(each.name, each) for each in _fleet(b).custom)
    terms = {name: getattr(_fleet(a), name) for name in TERMS}
    made = _with(a, fleet=evolve(_fleet(b), custom=custom, **terms))
    return evolve(made, patterns=b.patterns)


def _with_rules(a: Setup, b: Setup) -> Setup:
    policy = evolve(a.question.policy, rules=b.question.policy.rules)
    question = evolve(a.question, policy=policy, origins=b.question.origins)
    return _with(evolve(a, question=question), rule=b.question.profile.rule)


def _waivers(a: Setup, b: Setup) -> Iterator[Detail]:
    mine, theirs = (each.question.policy.waivers for each in (a, b))
    yield from _waivers_missing(mine, theirs, "before")
    yield from _waivers_missing(theirs, mine, "after")


def _waivers_missing(
    here: Iterable[CompiledWaiver], there: Iterable[CompiledWaiver], side: Side
) -> Iterator[Detail]:
    """Yield the waivers of one side that the other lacks."""
    own, others = ({_waiver(each, side) for each in waivers} for waivers in (here, there))
    yield from sorted(own - others, key=astuple)


def _waiver(compiled: CompiledWaiver, side: Side) -> WaiverPresence:
    waiver = compiled.waiver
    return WaiverPresence(waiver.rule, waiver.match, waiver.owner, str(waiver.expires), side)


def _with_waivers(a: Setup, b: Setup) -> Setup:
    policy = evolve(a.question.policy, waivers=b.question.policy.waivers)
    question = evolve(a.question, policy=policy, waivers=b.question.waivers)
    return _with(evolve(a, question=question), waiver=b.question.profile.waiver)


def _selects(a: Setup, b: Setup) -> Iterator[Detail]:
    mine, theirs = a.question.profile.select, b.question.profile.select
    yield from field_differences(mine, theirs)
    before, after = (_own_metrics(each) for each in (a, b))
    for name in before:
        if name in after and before[name] != after[name]:
            yield FieldChange((name,), before[name], after[name])
    if mine == theirs and before == after and a.question.policy.where != b.question.policy.where:
        yield OtherParameters("where")


def _own_metrics(setup: Setup) -> dict[str, str]:
    return {name: each.text for name, each in setup.question.policy.metrics.items()}


def _with_select(a: Setup, b: Setup) -> Setup:
    theirs = b.question.policy
    policy = evolve(
        a.question.policy,
        where=theirs.where,
        sort=theirs.sort,
        limit=theirs.limit,
        any_load=theirs.any_load,
        metrics=theirs.metrics,
    )
    question = evolve(a.question, policy=policy)
    return _with(evolve(a, question=question), select=b.question.profile.select)


def _loads(a: Setup, b: Setup) -> Iterator[Detail]:
    """Yield what is asked of the load; of two logs that make one load alike, what they are of."""
    mine, theirs = (each.question.profile.workload for each in (a, b))
    yield from field_differences(mine, theirs)
    logs = [each.question.traffic for each in (a, b)]
    if mine == theirs and logs[0] != logs[1]:
        before, after = (None if log is None else log.traffic.requests for log in logs)
        yield FieldChange(("traffic", "requests"), before, after)


def _with_load(a: Setup, b: Setup) -> Setup:
    made = _with(a, workload=b.question.profile.workload)
    return evolve(made, question=evolve(made.question, traffic=b.question.traffic))


def _table(kind: CauseKind, name: str) -> Component:
    """Return the component of a whole table of the profile."""

    def differences(a: Setup, b: Setup) -> Iterator[Detail]:
        mine, theirs = (getattr(each.question.profile, name) for each in (a, b))
        if hasattr(type(mine), "__attrs_attrs__"):
            yield from field_differences(mine, theirs)
        elif mine != theirs:
            yield FieldChange((name,), mine, theirs)

    return Component(
        kind, differences, lambda a, b: _with(a, **{name: getattr(b.question.profile, name)})
    )


COMPONENTS: tuple[Component, ...] = (
    Component("price", _prices, _with_prices),
    Component("accelerator facts", _accelerators, _with_accelerators),
    Component("model facts", _model_facts, _with_model_facts),
    Component("rules", rule_differences, _with_rules),
    Component("waivers", _waivers, _with_waivers),
    Component("select", _selects, _with_select),
    Component("models", _models, _with_models),
    Component("fleet", _fleets, _with_fleet),
    Component("workload", _loads, _with_load),
    _table("engine", "engine"),
    _table("estimator", "estimator"),
    *(_table("profile", name) for name in REST),
)


def _fleet(setup: Setup) -> Fleet:
    return setup.question.profile.fleet


def _with(setup: Setup, **tables: Any) -> Setup:
    profile = evolve(setup.question.profile, **tables)
    return evolve(setup, question=evolve(setup.question, profile=profile))


def _custom_pairs(a: Setup, b: Setup) -> Iterator[tuple[CustomGpu, CustomGpu]]:
    theirs = {each.name: each for each in _fleet(b).custom}
    return ((each, theirs[each.name]) for each in _fleet(a).custom if each.name in theirs)


def _asked_pairs(a: Setup, b: Setup) -> Iterator[tuple[ModelAsk, ModelAsk]]:
    theirs = {each.name: each for each in b.question.profile.models}
    mine = a.question.profile.models
    return ((each, theirs[each.name]) for each in mine if each.name in theirs)
