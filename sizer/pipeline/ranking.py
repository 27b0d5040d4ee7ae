"""Models of which no candidate can be ranked, as findings at the sort."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from sizer.diagnostic import Diagnostic, Place
from sizer.load import Question
from sizer.schema.answered.report import Answer, Missing, Report
from sizer.schema.asked.energy import WITHOUT_DEFAULT

UNRANKED = "SZ305"
_FACTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "price": (
            "price",
            "`fleet.prices` takes your own; `sizer prices` lists those known",
        ),
        "link": ("link", "`[[fleet.custom]]` with `like` takes a `link_gb_s`"),
        "pcie": ("PCIe speed", "`[[fleet.custom]]` with `like` takes a `pcie_gb_s`"),
        "node_link": ("link between servers", "`fleet.node_link_gb_s` gives it"),
        "bandwidth": ("memory bandwidth", "`[[fleet.custom]]` takes a `memory_bandwidth_gb_s`"),
        "timing": (
            "times with its engine's settings",
            "sort by what needs no times, like `gpus asc then max_concurrency`",
        ),
        "peak": ("peak rate", "`[[fleet.custom]]` with `like` takes a `tflops_fp16`"),
        "power": ("thermal design power", "`[[fleet.custom]]` with `like` takes a `tdp_w`"),
        "host_power": ("power of a server beside its accelerators", "`energy.host_w` gives it"),
    }
)
_OTHERWISE = "sort by a metric that is known"


def ranking_notes(question: Question, report: Report) -> tuple[Diagnostic, ...]:
    """Return an error for each model whose survivors all lack the first metric of the sort."""
    place = question.place(("select", "sort")) or Place(question.document.file)
    metric = question.policy.sort[0].name
    return tuple(
        Diagnostic(UNRANKED, _said(answer, metric), place, _help(answer))
        for answer in report.answers
        if answer.chosen is None and answer.survivors
    )


def _said(answer: Answer, metric: str) -> str:
    every = "the survivor" if answer.survivors == 1 else f"all {answer.survivors:,} survivors"
    causes = "; ".join(_lacking(answer.missing))
    return f"{answer.model}: {metric} of {every} is unknown" + (f": {causes}" if causes else "")


def _lacking(missing: tuple[Missing, ...]) -> Iterator[str]:
    for each in missing:
        if each.fact in WITHOUT_DEFAULT:
            yield f"no `energy.{each.fact}` is given"
        elif each.fact in _FACTS:
            yield f"no {_FACTS[each.fact][0]} of {', '.join(each.gpus)} is known"


def _help(answer: Answer) -> str:
    ways = [_FACTS[each.fact][1] for each in answer.missing if each.fact in _FACTS]
    ways += [
        f"give `energy.{each.fact}`" for each in answer.missing if each.fact in WITHOUT_DEFAULT
    ]
    return "; ".join(ways) or _OTHERWISE
