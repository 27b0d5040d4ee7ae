"""Why a candidate was chosen, or none, in one sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sizer.render.kit.figures import with_unit
from sizer.schema.answered.report import Answer, Choice, Reasoning
from sizer.schema.asked.energy import WITHOUT_DEFAULT

MOST = 4  # accelerators that a sentence names; JSON has all
_FACTS: Mapping[str, str] = MappingProxyType(
    {
        "price": "price",
        "link": "link speed",
        "node_link": "link speed between servers",
        "bandwidth": "memory bandwidth",
        "peak": "peak rate",
        "power": "thermal design power",
        "host_power": "power of a server beside its accelerators",
        "timing": "model of times with these settings of the engine",
    }
)


def why(answer: Answer) -> str:
    """Return how many candidates of a model survive, and what put the chosen one first."""
    if answer.chosen is not None and answer.reasoning is not None:
        verb = "survives" if answer.survivors == 1 else "survive"
        among = f"{answer.survivors:,} of {_candidates(answer)} {verb} {_conditions(answer)}"
        return f"{among}; {_first(answer.chosen, answer.reasoning)}{_unranked(answer)}"
    if answer.survivors:
        return f"of {_candidates(answer)} {answer.survivors:,} survive, and none can be ranked"
    if not answer.candidates:
        return "no accelerator of the fleet takes this model in any split and format asked for"
    return f"none of {_candidates(answer)} survives {_conditions(answer)}"


def _conditions(answer: Answer) -> str:
    everywhere = f" at each of {answer.loads} loads" if answer.loads > 1 else ""
    return f"the conditions{everywhere}"


def _candidates(answer: Answer) -> str:
    return f"{answer.candidates:,} {'candidate' if answer.candidates == 1 else 'candidates'}"


def _unranked(answer: Answer) -> str:
    if not (answer.unranked and answer.reasoning):
        return ""
    causes = "; ".join(_causes(answer))
    because = f" ({causes})" if causes else ""
    replaced = answer.reasoning.instead_of
    if replaced:
        return f"; {replaced}, the default, is unknown for every survivor{because}"
    many = "candidate ranks" if answer.unranked == 1 else "candidates rank"
    return f"; {answer.unranked:,} {many} last, as {answer.reasoning.metric} is unknown{because}"


def _causes(answer: Answer) -> Iterator[str]:
    for each in answer.missing:
        if each.fact in WITHOUT_DEFAULT:
            yield f"no `energy.{each.fact}`"
        elif each.fact in _FACTS:
            yield f"no {_FACTS[each.fact]} of {_few(each.gpus)}"


def _few(names: tuple[str, ...]) -> str:
    more = f" and {len(names) - MOST:,} more" if len(names) > MOST else ""
    return ", ".join(names[:MOST]) + more


def _first(chosen: Choice, reasoning: Reasoning) -> str:
    figures = with_unit(reasoning.value, reasoning.unit or "")
    value = f"{reasoning.extreme} {reasoning.metric} ({figures})"
    waived = ", ".join(finding.rule for finding in chosen.findings if finding.waiver)
    also = f"; waived for it: {waived}" if waived else ""
    worst = f" at its worst load, {chosen.load}" if chosen.load else ""
    return f"{chosen.candidate} has the {value}{worst}{_tied(reasoning)}{also}"


def _tied(reasoning: Reasoning) -> str:
    if not reasoning.tied:
        return ""
    others = f"{reasoning.tied:,} {'other' if reasoning.tied == 1 else 'others'}"
    first = f"first by {reasoning.then}" if reasoning.then else "first by name"
    return f", tied with {others} on {' and '.join(reasoning.on)}; {first}"
