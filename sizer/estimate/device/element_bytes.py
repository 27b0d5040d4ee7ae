"""Bytes per element of each part of a model as a deployment stores it."""

from __future__ import annotations

from sizer.catalog.formats import find_weight_format
from sizer.schema.facts.format import WeightFormat
from sizer.schema.facts.model import Role
from sizer.schema.scenario import Deployment

QUANTISED = frozenset({"attention", "mixer", "mixer_out", "mlp", "shared"})
TABLES = frozenset({"embedding", "head"})


def role_bytes(deployment: Deployment, role: Role) -> float:
    """Return mean bytes per element, scales included: the checkpoint's own exceptions first."""
    form, like = deployment.weights, _like(deployment, role)
    own = [each for each in deployment.model.exceptions(form.name) if each.part == role]
    rest = 1.0 - sum(each.share for each in own)
    matrix: Role = "expert" if like == "expert" else "mlp"
    stated = sum(each.share * _width(find_weight_format(each.form), matrix) for each in own)
    return stated + rest * _width(form, like) if rest > 0 else stated


def _like(deployment: Deployment, role: Role) -> Role:
    """Return the part that a part is stored like: modules for speculation are mostly experts."""
    if role != "draft":
        return role
    return "expert" if deployment.model.is_moe else "mlp"


def _width(form: WeightFormat, role: Role) -> float:
    if role in QUANTISED:
        return form.linear_bytes
    if role == "expert":
        return form.expert_bytes
    return form.embedding_bytes if role in TABLES else form.kept_bytes
