"""What drafting tokens adds to one device: weights of the draft, and layers of its cache.

Modules for multi-token prediction are loaded beside the last stage's layers. They share both
tables with the model, unless the input table is on another stage (vLLM,
vllm/v1/spec_decode/llm_base_proposer.py). A draft of its own runs whole on every tensor group, and
EAGLE's are layers and what joins the hidden states, with the tables of the model.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from sizer.estimate.device.element_bytes import role_bytes
from sizer.estimate.device.stages import Stage
from sizer.estimate.device.tensors import Tensor, group_tensors, layer_tensors, stage_tensors
from sizer.estimate.engine.settings import CURRENT
from sizer.schema.facts.engine_constants import Release
from sizer.schema.facts.model import Attention, LayerGroup, Mlp, Model
from sizer.schema.scenario import Deployment, Draft

MOST_MODULES = 16
JOINED = {"eagle": 2, "eagle3": 3}  # hidden states, as wide as the residual, that one matrix joins


@frozen
class Module:
    """A model's modules for multi-token prediction: how many, and the layer that each repeats.

    Without a `layer`, only what all of them hold is known, in `elements`.
    """

    number: int
    layer: LayerGroup | None
    elements: int


def draft_tensors(
    deployment: Deployment, stage: Stage, version: Release = CURRENT
) -> Iterator[Tensor]:
    """Yield what a draft loads on one device of a stage: on the last, nothing on the others."""
    draft = deployment.draft
    if draft is None or not stage.last:
        return
    if draft.method == "mtp":
        yield from _modules(deployment, stage, version)
    elif draft.model is not None:
        yield from _of_its_own(deployment, draft, version)
    elif draft.method in JOINED:
        yield from _like_the_model(deployment, draft, version)


def drafting_mixers(deployment: Deployment) -> Iterator[tuple[Attention, int]]:
    """Yield the mixers of a draft whose tokens are cached too, each with its number of layers."""
    draft = deployment.draft
    if draft is None:
        return
    if draft.method == "mtp":
        yield _kept(deployment.model), module(deployment.model).number
    elif draft.method in JOINED and draft.model is None:
        yield full_layer(deployment.model).attention, 1
    elif draft.model is not None:
        yield from ((group.attention, group.count) for group in draft.model.layers)


def module(model: Model) -> Module:
    """Return the modules of a model, by the parameters that they are known to hold.

    A module is a layer like the last that sees everything, three norms and the matrix that joins
    two hidden states; some checkpoints store copies of both tables in each.
    """
    layer, hidden = full_layer(model), model.hidden_size
    one = _held(layer) + 2 * hidden * hidden + 3 * hidden
    tables = model.embedding_parameters + (model.head_parameters or model.embedding_parameters)
    for number in range(1, MOST_MODULES + 1):
        if model.draft_parameters in {number * one, number * (one + tables)}:
            return Module(number, layer, number * one)
    return Module(1, None, model.draft_parameters)


def _modules(deployment: Deployment, stage: Stage, version: Release) -> Iterator[Tensor]:
    model, found = deployment.model, module(deployment.model)
    if found.layer is None:
        elements = found.elements / deployment.tp
        width = role_bytes(deployment, "draft")
        yield Tensor("draft", "draft", 1, elements, elements * width)
    else:
        for each in group_tensors(found.layer, deployment, found.number, version):
            yield _stored(each, deployment)
        joined = 2 * model.hidden_size * model.hidden_size
        yield Tensor("draft joined", "norm", found.number, joined, 2.0 * joined)
    if not stage.first and not model.tied_embeddings:
        elements = model.embedding_parameters / deployment.tp
        width = role_bytes(deployment, "embedding")
        yield Tensor("draft embedding", "embedding", 1, elements, elements * width)


def _stored(tensor: Tensor, deployment: Deployment) -> Tensor:
    """Return a tensor of a module, in the format of the modules where the checkpoint has one."""
    name = f"draft {tensor.name}"
    kept = any(
        each.part == "draft" for each in deployment.model.exceptions(deployment.weights.name)
    )
    if not kept:
        return evolve(tensor, name=name)
    width = role_bytes(deployment, "draft")
    return evolve(tensor, name=name, bytes_each=tensor.elements_each * width)


def _of_its_own(deployment: Deployment, draft: Draft, version: Release) -> Iterator[Tensor]:
    placed = draft_deployment(deployment, draft)
    if placed is None:
        return
    whole = Stage(placed.model.layer_count, first=True, last=True)
    tensors = stage_tensors if draft.method == "draft_model" else layer_tensors
    for each in tensors(placed, whole, version):
        yield evolve(each, name=f"draft {each.name}")
    states = JOINED.get(draft.method, 0)
    if states:
        elements = states * deployment.model.hidden_size * placed.model.hidden_size
        yield Tensor("draft joined", "norm", 1, elements, 2.0 * elements)


def _like_the_model(deployment: Deployment, draft: Draft, version: Release) -> Iterator[Tensor]:
    """Yield a draft that nobody describes: a 16-bit layer like the model's, without experts."""
    layer, hidden = full_layer(deployment.model), deployment.model.hidden_size
    dense = Mlp(width=layer.mlp.width, dense_parameters=layer.mlp.dense_parameters)
    for each in group_tensors(evolve(layer, mlp=dense), deployment, 1, version):
        yield evolve(each, name=f"draft {each.name}", bytes_each=2.0 * each.elements_each)
    elements = JOINED[draft.method] * hidden * hidden
    yield Tensor("draft joined", "norm", 1, elements, 2.0 * elements)


def draft_deployment(deployment: Deployment, draft: Draft) -> Deployment | None:
    """Return how a draft of its own is split: as the model is, in one stage."""
    if draft.model is None or draft.weights is None:
        return None
    return Deployment(draft.model, draft.weights, deployment.kv_format, tp=deployment.tp)


def full_layer(model: Model) -> LayerGroup:
    """Return the last layers that see everything, of those the last with a feed-forward part."""
    full = [
        each
        for each in model.layers
        if each.attention.kind in {"softmax", "mla"} and each.attention.window is None
    ]
    whole = [each for each in full if each.mlp != Mlp()]
    return (whole or full or list(model.layers))[-1]


def _kept(model: Model) -> Attention:
    """Return the mixer whose cache a module has: a full layer's, which presses nothing.

    DeepSeek-V4's `compress_ratios` end with a 0 for its module (vLLM, vllm/models/deepseek_v4).
    """
    mixer = full_layer(model).attention
    if not mixer.compression:
        return mixer
    width = mixer.kv_lora_rank * mixer.compression
    window = mixer.window or mixer.state_elements // width
    return evolve(mixer, compression=1, kv_lora_rank=width, window=window, index_head_dim=0)


def _held(group: LayerGroup) -> int:
    mlp = group.mlp
    routed = mlp.experts * mlp.expert_parameters + mlp.router_parameters
    fixed = mlp.dense_parameters + mlp.shared_parameters + group.norm_parameters
    return group.attention.parameters + routed + fixed
