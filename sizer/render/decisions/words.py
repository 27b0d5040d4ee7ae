"""Decisions in words and figures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sizer.render.kit.figures import digits, figure, measured, unit_behind, with_unit
from sizer.schema.answered.decision import Change, Decision, Part, Relief, Shortfall
from sizer.schema.answered.report import Value
from sizer.units import counted

Steps = tuple[tuple[int | str | None, str, str], ...]
_JUNCTIONS = {"all": "all of", "any": "any of", "not": "not", "choice": "choice"}


def headline(decision: Decision) -> str:
    """Return whether a candidate survives, and what refused it first."""
    failed = decision.first_failed
    if failed is None:
        verb = "survives" if decision.survivors == 1 else "survive"
        among = f"{decision.survivors:,} of {counted(decision.candidates, 'candidate')} {verb}"
        if decision.rank is None:
            return f"passes at this load, and not at every other; {among}"
        return f"survives, ranked {decision.rank} by {decision.sort}; {among}"
    others = sum(not each.admits for each in decision.judgements) - 1
    also = f", and by {others} more" if others else ""
    return f"refused by {failed.label} ({failed.kind}){also}"


def binding(metrics: Mapping[str, Value]) -> Iterator[str]:
    """Yield which side of two binds, and how near both are to what they sustain."""
    side, names = metrics.get("binding_side"), ("prefill_utilization", "decode_utilization")
    shares = [metrics.get(name) for name in names]
    if side in {None, "both"}:
        return
    reads, decodes = (
        f"{digits(100 * share)} %" if isinstance(share, float) else "an unknown share"
        for share in shares
    )
    yield f"{side} binds: prefill is at {reads} of what it sustains, decode at {decodes}"


def standing(decision: Decision) -> Iterator[str]:
    """Yield what was chosen, and how the candidate compares by the metrics of the sort."""
    if decision.chosen is None and decision.survivors:
        yield "nothing is chosen: the first metric of the sort is unknown for every survivor"
    elif decision.chosen is None:
        yield f"none of {counted(decision.candidates, 'candidate')} survives"
    elif decision.chosen != decision.candidate:
        yield f"chosen: {decision.chosen}"
        own = {each.name: each.unit for each in decision.own_metrics}
        for name, value, best in decision.standing:
            here, there = (measured(name, {name: each}, own) for each in (value, best))
            yield f"{name}: {here}, the chosen {there}"


def lacking(found: Shortfall) -> Iterator[str]:
    """Yield how much memory is missing, and each step with which it would fit."""
    yield f"{figure(found.missing_gib)} GiB are missing on each accelerator"
    steps: Steps = (
        (found.concurrency, "at most {} in flight", "request"),
        (found.context_tokens, "sequences of at most {}", "token"),
        (found.weights, "weights in {}", ""),
        (found.kv_format, "the cache in {}", ""),
        (found.gpus_per_replica, "{} in a replica", "accelerator"),
    )
    yield from (f"would fit with {step}" for step in _said(steps))


def relieved(found: Relief) -> Iterator[str]:
    """Yield each step with which an overloaded candidate would keep up."""
    rate = None if found.request_rate is None else with_unit(found.request_rate, "request/s")
    steps: Steps = (
        (rate, "at most {}", ""),
        (found.weights, "weights in {}", ""),
        (found.kv_format, "the cache in {}", ""),
        (found.gpus_per_replica, "{} in a replica", "accelerator"),
    )
    yield from (f"would keep up with {step}" for step in _said(steps))


def _said(steps: Steps) -> Iterator[str]:
    for step, words, noun in steps:
        if step is not None:
            yield words.format(counted(step, noun) if isinstance(step, int) else step)


def reason(part: Part) -> str:
    """Return a part with its value, like `itl_ms < 10: false, 14.2 against 10, 42 % off`."""
    value = _figure(part.value)
    if part.role in _JUNCTIONS:
        return f"{_JUNCTIONS[part.role]}: {value}"
    said = f"{part.text}: {value}"
    if part.role == "value":
        return _with_unit(said, part)
    return f"{said}{_sides(part)}"


def noted(part: Part) -> str:
    """Return what a reader must know to understand a condition's value."""
    if part.role == "value" or part.wanted is True:
        return ""
    return "must be false" if part.wanted is False else "decides nothing"


def failed_of(part: Part) -> str:
    """Return how the first failed condition is pointed out."""
    return "the first that fails" if part.value is not None else "the first that is unknown"


def changed(change: Change) -> str:
    """Return a change, like `itl_ms below 10 ms (4.2 ms less, 30 %)`."""
    if change.relation == "known":
        return f"{change.metric} known"
    if isinstance(change.needed, tuple):
        words = {"one of": "one of ", "none of": "none of "} if len(change.needed) > 1 else {}
        single = {"none of": "other than ", "like": "like "}.get(change.relation, "")
        return f"{change.metric} {words.get(change.relation, single)}{', '.join(change.needed)}"
    if not isinstance(change.needed, float):
        return f"{change.metric} {_figure(change.needed)}"
    needed = measured(change.metric, {change.metric: change.needed})
    return f"{change.metric} {change.relation} {needed}{_by_how_much(change)}"


def too_long(looked_at: int) -> str:
    """Return that changes of a few metrics were looked for, and of no more."""
    metrics = "metric" if looked_at == 1 else f"{looked_at} metrics"
    return f"this rule is too long to look for changes beyond the first {metrics}"


def speaks(part: Part) -> bool:
    """Whether a part's value says more than its text, unlike that of a constant or a list."""
    listed = part.role == "value" and part.value is None and part.text[:1] in "(["
    quoted = isinstance(part.value, str) and part.text[:1] in "'\""
    return not (listed or quoted or part.text == _figure(part.value))


def shortened(names: Sequence[str], most: int) -> str:
    """Return the first few names, and how many more there are."""
    more = len(names) - most
    return ", ".join(names[:most]) + (f" and {more} more" if more > 0 else "")


def _by_how_much(change: Change) -> str:
    difference = change.difference
    if not difference:
        return ""
    amount = measured(change.metric, {change.metric: abs(difference)})
    share = "" if change.share is None else f", {digits(abs(100 * change.share))} %"
    return f" ({amount} {'more' if difference > 0 else 'less'}{share})"


def _sides(part: Part) -> str:
    if part.role != "comparison":
        return ""
    left, right = part.parts
    told = [_with_unit(_figure(side.value), side) for side in (left, right) if speaks(side)]
    off = "" if part.margin is None else f", {digits(100 * part.margin)} % {_away(part)}"
    return f", {' against '.join(told)}{off}" if told else ""


def _away(part: Part) -> str:
    return "to spare" if part.value is part.wanted else "off"


def _figure(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else figure(value)


def _with_unit(said: str, part: Part) -> str:
    number = isinstance(part.value, float) and part.unit is not None
    return f"{said}{unit_behind(part.value, part.unit or '')}" if number else said
