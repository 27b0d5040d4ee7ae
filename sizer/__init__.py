"""sizer: which accelerator, how many, split how, at which precision, by your own rules.

    from sizer import size
    report = size("profiles/quickstart.toml")

Names are imported when they are first used, so that `import sizer` costs nothing.

Comes in: a profile, or tables of points. Goes out: a report, or figures for each point.
It never runs a model, and asks the network for nothing but the facts of one.
"""

from __future__ import annotations

from importlib import import_module

TYPE_CHECKING = False  # as of typing, which takes as long to import as all that happens here
if TYPE_CHECKING:
    from typing import Any

    from sizer.diagnostic import Checked, Diagnostic, Place, Problem
    from sizer.imports.request_trace import read_trace
    from sizer.load import check
    from sizer.load.rules import Waiving
    from sizer.pipeline import size
    from sizer.pipeline.simulation import Replay, replay
    from sizer.reference import (
        GPURecommender,
        GPUSpec,
        ModelArchitecture,
        Performance,
        PerformanceEstimate,
        Recommendation,
        RecommendationResult,
        SyntheticBenchmarkEstimator,
        get_gpu_from_library,
        get_gpu_specs,
        list_available_gpus,
    )
    from sizer.render.report import why
    from sizer.schema.answered.report import Answer, Choice, Report
    from sizer.schema.answered.simulation import Simulation
    from sizer.schema.asked.profile import (
        CustomGpu,
        Estimation,
        Fleet,
        ModelAsk,
        Profile,
        Rule,
        Select,
        Waiver,
    )
    from sizer.schema.asked.serving import Engine, Workload
    from sizer.schema.facts.requests import Requests
    from sizer.simulate import Failure

_HOMES = {
    "sizer.diagnostic": ("Checked", "Diagnostic", "Place", "Problem"),
    "sizer.load": ("check",),
    "sizer.load.rules": ("Waiving",),
    "sizer.imports.request_trace": ("read_trace",),
    "sizer.pipeline": ("size",),
    "sizer.pipeline.simulation": ("Replay", "replay"),
    "sizer.reference": (
        "GPURecommender",
        "GPUSpec",
        "ModelArchitecture",
        "Performance",
        "PerformanceEstimate",
        "Recommendation",
        "RecommendationResult",
        "SyntheticBenchmarkEstimator",
        "get_gpu_from_library",
        "get_gpu_specs",
        "list_available_gpus",
    ),
    "sizer.render.report": ("why",),
    "sizer.schema.asked.profile": (
        "CustomGpu",
        "Engine",
        "Estimation",
        "Fleet",
        "ModelAsk",
        "Profile",
        "Rule",
        "Select",
        "Waiver",
        "Workload",
    ),
    "sizer.schema.answered.report": ("Answer", "Choice", "Report"),
    "sizer.schema.answered.simulation": ("Simulation",),
    "sizer.schema.facts.requests": ("Requests",),
    "sizer.simulate": ("Failure",),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Answer",
    "Checked",
    "Choice",
    "CustomGpu",
    "Diagnostic",
    "Engine",
    "Estimation",
    "Failure",
    "Fleet",
    "GPURecommender",
    "GPUSpec",
    "ModelArchitecture",
    "ModelAsk",
    "Performance",
    "PerformanceEstimate",
    "Place",
    "Problem",
    "Profile",
    "Recommendation",
    "RecommendationResult",
    "Replay",
    "Report",
    "Requests",
    "Rule",
    "Select",
    "Simulation",
    "SyntheticBenchmarkEstimator",
    "Waiver",
    "Waiving",
    "Workload",
    "check",
    "get_gpu_from_library",
    "get_gpu_specs",
    "list_available_gpus",
    "read_trace",
    "replay",
    "size",
    "why",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its home.

    Raises AttributeError for any other name.
    """
    if name == "__version__":
        return import_module("importlib.metadata").version("fleet-sizer")
    if name not in _HOME:
        raise AttributeError(f"module 'sizer' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted([*__all__, "__version__"])
