"""Modules for multi-token prediction: stored with the model, loaded only to speculate."""

from __future__ import annotations

from sizer.catalog.config.fields import Fields
from sizer.schema.facts.model import Attention, LayerGroup, Mlp

LAYERS = ("num_nextn_predict_layers", "mtp_num_hidden_layers", "num_mtp_layers")
WITH_TABLES = frozenset({"deepseek_v3", "deepseek_v32", "glm4_moe"})  # copies of both tables


def draft_parameters(fields: Fields, layers: tuple[LayerGroup, ...], tables: int) -> int:
    """Return the parameters of the modules: a layer like the last full one, and what joins it.

    `tables` are the parameters of the input table and the output projection together.
    """
    count = fields.count(*LAYERS, default=0)
    if not count:
        return 0
    hidden = fields.hidden
    joined = 2 * hidden * hidden + 3 * hidden
    copies = tables if fields.family in WITH_TABLES else 0
    return count * (_like(layers) + joined + copies)


def _like(layers: tuple[LayerGroup, ...]) -> int:
    full = [each for each in layers if _sees_all(each.attention) and each.mlp != Mlp()]
    group = (full or list(layers))[-1]
    mlp = group.mlp
    routed = mlp.experts * mlp.expert_parameters + mlp.router_parameters
    fixed = mlp.dense_parameters + mlp.shared_parameters + group.norm_parameters
    return group.attention.parameters + routed + fixed


def _sees_all(attention: Attention) -> bool:
    return attention.kind in {"softmax", "mla"} and attention.window is None
