"""Modules for multi-token prediction: stored with the model, loaded only to speculate."""

from __future__ import annotations

from sizer.catalog.config.fields import Fields
from sizer.catalog.config.hybrid import LETTERS
from sizer.schema.facts.model import Attention, LayerGroup, Mlp

KINDS = ("mtp_layers_block_type", "mtp_hybrid_override_pattern")
LAYERS = ("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_layers")
WITH_TABLES = frozenset(
    {"deepseek_v3", "deepseek_v32", "glm4_moe", "glm4_moe_lite"}
)  # copies of both tables


def draft_parameters(fields: Fields, layers: tuple[LayerGroup, ...], tables: int) -> int:
    """Return the parameters of the modules: layers like the model's own, and what joins them.

    A module has the kinds of layer that the file names, else one layer like the last full one.
    `tables` are the parameters of the input table and the output projection together.
    """
    count = fields.count(*LAYERS, default=0)
    if not count:
        return 0
    hidden = fields.hidden
    joined = 2 * hidden * hidden + 3 * hidden
    copies = tables if fields.family in WITH_TABLES else 0
    return count * (_module(fields, layers) + joined + copies)


def _module(fields: Fields, layers: tuple[LayerGroup, ...]) -> int:
    named = next((fields.inner[key] for key in KINDS if fields.inner.get(key)), ())
    kinds = [LETTERS.get(kind, kind) for kind in named]
    if fields.inner.get("moe_layers_enum"):  # it names the routed layers, and none behind the last
        return _held(next(each for each in reversed(layers) if each.mlp.dense_parameters))
    return sum(_held(_of_kind(layers, kind)) for kind in kinds) or _held(_last_full(layers))


def _of_kind(layers: tuple[LayerGroup, ...], kind: str) -> LayerGroup:
    """Return the layers of which each is one part alone: a mixer or a feed-forward."""
    found = (each for each in layers if _kind(each) == kind)
    return next(found, layers[-1])


def _kind(group: LayerGroup) -> str:
    if group.attention.kind == "none":
        return "moe" if group.mlp.experts else "mlp"
    return "mamba" if group.attention.kind == "mamba" else "attention"


def _last_full(layers: tuple[LayerGroup, ...]) -> LayerGroup:
    full = [each for each in layers if _sees_all(each.attention) and each.mlp != Mlp()]
    return (full or list(layers))[-1]


def _held(group: LayerGroup) -> int:
    mlp = group.mlp
    routed = mlp.experts * mlp.expert_parameters + mlp.router_parameters
    fixed = mlp.dense_parameters + mlp.shared_parameters + group.norm_parameters
    return group.attention.parameters + routed + fixed


def _sees_all(attention: Attention) -> bool:
    return attention.kind in {"softmax", "mla"} and attention.window is None
