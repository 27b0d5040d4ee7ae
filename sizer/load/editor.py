"""What an editor offers while a profile, a rule file or its tests are written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from attrs import AttrsInstance

from sizer.catalog.format_names import kv_format_names, weight_format_names
from sizer.catalog.gpus import gpu_names
from sizer.catalog.models import model_names
from sizer.catalog.prices import providers
from sizer.expr.language import FUNCTIONS
from sizer.load.names.names import vocabulary
from sizer.load.sites.packs import PREFIX, pack_names
from sizer.schema.asked.case import CaseFile
from sizer.schema.asked.profile import Profile
from sizer.schema.asked.serving import HOURS
from sizer.schema.metrics import METRICS, Metric
from sizer.structure.json_schema import Hints, Schema, json_schema
from sizer.structure.shape.profile import RuleFile
from sizer.units import NUMBER

PERCENTILES: Schema = {"propertyNames": {"pattern": r"^p\d{1,2}(\.\d+)?$"}, "minProperties": 2}
DAY: Schema = {"minItems": HOURS, "maxItems": HOURS, "contains": {"exclusiveMinimum": 0}}
KINDS: Mapping[str, tuple[type[AttrsInstance], str]] = {
    "profile": (Profile, "a sizer profile: models, accelerators, a load and rules"),
    "rules": (RuleFile, "sizer rules, to be shared by profiles"),
    "tests": (CaseFile, "tests of sizer rules"),
}


def editor_schema(kind: str) -> Schema:
    """Return the JSON Schema of one of KINDS, with what is known of every key and metric."""
    cls, title = KINDS[kind]
    found = json_schema(cls, title, _hints())
    if kind == "profile":
        found["required"] = ["dsl", "models"]
    return found


def _hints() -> Hints:
    metrics = "\n".join(f"- {_line(metric)}" for metric in METRICS)
    functions = "\n".join(f"- `{each.name}`: {each.doc}" for each in FUNCTIONS.values())
    condition = {"description": f"Functions:\n{functions}\n\nMetrics:\n{metrics}"}
    names = {"description": f"Metrics:\n{metrics}"}
    taken = sorted({*(metric.name for metric in METRICS), *FUNCTIONS})
    definition = {**condition, "propertyNames": {"not": {"enum": taken}}}
    packs = {"examples": [f"{PREFIX}{name}" for name in pack_names()]}
    return {
        "ModelAsk.name": _offered(model_names()),
        "ModelAsk.weights": _offered(("auto", *weight_format_names())),
        "ModelAsk.kv_format": _offered(("auto", *kv_format_names())),
        "Fleet.gpus": _offered(gpu_names()),
        "Fleet.provider": _offered(providers()),
        "CustomGpu.like": _offered(gpu_names()),
        "Workload.request_rate_by_hour": DAY,
        "Workload.input_tokens_percentiles": PERCENTILES,
        "Workload.output_tokens_percentiles": PERCENTILES,
        "Profile.metrics": definition,
        "RuleFile.metrics": definition,
        "Select.where": condition,
        "Select.sort": {**names, "examples": [metric.name for metric in METRICS]},
        "Rule.require": condition,
        "Rule.when": condition,
        "Rule.message": names,
        "Profile.extends": packs,
        "RuleFile.extends": packs,
        "Case.given": {"properties": {name: _given(each) for name, each in vocabulary().items()}},
    }


def _offered(names: Iterable[str]) -> Schema:
    """Return names to complete; any other text may be an alias, which the checker knows."""
    return {"anyOf": [{"enum": sorted(set(names))}, {"type": "string"}]}


def _given(metric: Metric) -> Schema:
    kinds: Mapping[str, Callable[[], Schema]] = {
        "number": lambda: {"type": ["number", "string"]},
        "bool": lambda: {"type": ["boolean", "string"]},
        "text": lambda: _offered(metric.members) if metric.members else {"type": "string"},
    }
    return {**kinds[metric.kind](), "description": _line(metric)}


def _line(metric: Metric) -> str:
    unit = f" ({metric.unit})" if metric.kind == "number" and metric.unit != NUMBER else ""
    values = f": {', '.join(metric.members)}" if metric.members else ""
    return f"`{metric.name}`{unit}: {metric.doc}{values}"
