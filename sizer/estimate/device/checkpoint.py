"""The size of a checkpoint and of its weights: every parameter once, as it is stored."""

from __future__ import annotations

from collections.abc import Iterator

from sizer.estimate.device.element_bytes import role_bytes
from sizer.schema.facts.model import LayerGroup, Role
from sizer.schema.scenario import Deployment

RECURRENT = frozenset({"linear", "mamba"})


def checkpoint_bytes(deployment: Deployment) -> float:
    """Return the bytes of a model's files in a weight format, modules for speculation included."""
    return sum(number * role_bytes(deployment, role) for role, number in _parts(deployment))


def weight_bits(deployment: Deployment) -> float:
    """Return the mean bits of a stored parameter, scales of its format included."""
    parameters = sum(number for _, number in _parts(deployment))
    return 8.0 * checkpoint_bytes(deployment) / parameters


def _parts(deployment: Deployment) -> Iterator[tuple[Role, float]]:
    model = deployment.model
    yield "embedding", model.embedding_parameters
    yield "head", model.head_parameters
    yield "norm", model.final_norm_parameters
    yield "other", model.other_parameters
    yield "draft", model.draft_parameters
    for group in model.layers:
        yield from ((role, group.count * number) for role, number in _layer(group))


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
