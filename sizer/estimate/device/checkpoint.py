"""The size of a checkpoint: every parameter once, as it is stored."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.estimate.device.element_bytes import role_bytes
from sizer.schema.facts.model import LayerGroup, Role
from sizer.schema.scenario import Deployment

RECURRENT = frozenset({"linear", "mamba"})


def checkpoint_bytes(deployment: Deployment) -> float:
    """Return the bytes of a model's files in a weight format, modules for speculation included."""
    model = deployment.model
    parts: list[tuple[Role, float]] = [
        ("embedding", model.embedding_parameters),
        ("head", model.head_parameters),
        ("norm", model.final_norm_parameters),
        ("other", model.other_parameters),
        ("expert" if model.is_moe else "mlp", model.draft_parameters),
    ]
    for group in model.layers:
        parts += [(role, group.count * number) for role, number in _layer(group)]
    return sum(number * role_bytes(deployment, role) for role, number in parts)


def _layer(group: LayerGroup) -> Iterator[tuple[Role, int]]:
    attention, mlp = group.attention, group.mlp
    out = attention.output_parameters
    yield "mixer" if attention.kind in RECURRENT else "attention", attention.parameters - out
    yield "mixer_out", out
    yield "mlp", mlp.dense_parameters
    yield "shared", mlp.shared_parameters
    yield "expert", mlp.experts * mlp.expert_parameters
    yield "router", mlp.router_parameters
    yield "norm", group.norm_parameters
