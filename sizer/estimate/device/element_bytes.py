"""Bytes per element of each part of a model as a deployment stores it."""

from __future__ import annotations

from sizer.catalog.formats import find_weight_format
from sizer.schema.facts.format import WeightFormat
from sizer.schema.facts.model import Role
from sizer.schema.scenario import Deployment

QUANTISED = frozenset({"attention", "mixer", "mixer_out", "mlp", "shared"})
WIDE_BYTES = 4.0  # kept at 32 bit whatever the format
TABLES = frozenset({"embedding", "head"})


def role_bytes(deployment: Deployment, role: Role) -> float:
    """Return bytes per element, scales included: the checkpoint's own exceptions first."""
    form = deployment.weights
    exception = deployment.model.exceptions(form.name).get(role)
    return _width(form, role) if exception is None else find_weight_format(exception).linear_bytes


def _width(form: WeightFormat, role: Role) -> float:
    if role in QUANTISED:
        return form.linear_bytes
    if role == "expert":
        return form.expert_bytes
    if role == "wide":
        return WIDE_BYTES
    return form.embedding_bytes if role in TABLES else form.kept_bytes
