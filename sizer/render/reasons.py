"""Why a candidate was chosen, or none, in one sentence."""

from __future__ import annotations

from sizer.render.figures import figure
from sizer.schema.answered.report import Answer, Choice, Reasoning


def why(answer: Answer) -> str:
    """Return how many candidates of a model survive, and what put the chosen one first."""
    if answer.chosen is not None and answer.reasoning is not None:
        verb = "survives" if answer.survivors == 1 else "survive"
        among = f"{answer.survivors:,} of {_candidates(answer)} {verb} the conditions"
        return f"{among}; {_first(answer.chosen, answer.reasoning)}"
    if not answer.candidates:
        return "no accelerator of the fleet takes this model in any split and format asked for"
    return f"none of {_candidates(answer)} survives the conditions"


def _candidates(answer: Answer) -> str:
    return f"{answer.candidates:,} {'candidate' if answer.candidates == 1 else 'candidates'}"


def _first(chosen: Choice, reasoning: Reasoning) -> str:
    value = f"{reasoning.extreme} {reasoning.metric} ({figure(reasoning.value)})"
    waived = ", ".join(finding.rule for finding in chosen.findings if finding.waiver)
    also = f"; waived for it: {waived}" if waived else ""
    return f"{chosen.candidate} has the {value}{also}"
