"""A known model with some of its numbers replaced by a user's own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import evolve

from sizer.schema.asked.profile import ModelAsk
from sizer.schema.facts.model import Attention, LayerGroup, Mlp, Model


def overridden(model: Model, asked: ModelAsk) -> tuple[Model, tuple[str, ...]]:
    """Return a model with every number that is asked otherwise, and what was replaced, in words.

    The rest follows: the residual is one side of every matrix, heads bring their projections,
    layers keep their proportions, and feed-forwards take what a total of parameters leaves.
    Raises ValueError for what the model does not have, and for numbers that contradict each other.
    """
    notes = []
    for name, (now, changed) in _FIELDS.items():
        wanted, known = getattr(asked, name), now(model)
        if wanted is None or wanted == known:
            continue
        notes.append(f"{asked.name}: {name} = {wanted:,} in place of {known:,}")
        model = changed(model, wanted)
    for group in model.layers if notes else ():
        heads, shared = group.attention.heads, group.attention.kv_heads
        if shared and heads % shared:
            raise ValueError(f"{shared} key and value heads do not divide {heads} heads")
    return model, tuple(notes)


def _with_hidden_size(model: Model, hidden: int) -> Model:
    def scaled(count: int) -> int:
        return round(count * hidden / model.hidden_size)

    def group_of(group: LayerGroup) -> LayerGroup:
        both = _with_scaled_mlp(_with_scaled_mixer(group, scaled), scaled)
        return evolve(both, norm_parameters=scaled(group.norm_parameters))

    return evolve(
        model,
        hidden_size=hidden,
        embedding_parameters=scaled(model.embedding_parameters),
        head_parameters=scaled(model.head_parameters),
        final_norm_parameters=scaled(model.final_norm_parameters),
        layers=tuple(group_of(each) for each in model.layers),
        known_parameters=None,
    )


def _with_layers(model: Model, count: int) -> Model:
    """Return a model with so many layers, those of each shape in the old proportion."""
    old, taken, done, groups = model.layer_count, 0, 0, []
    for group in model.layers:
        done += group.count
        upto = round(count * done / old)
        if upto > taken:
            groups.append(evolve(group, count=upto - taken))
        taken = upto
    return evolve(model, layers=tuple(groups), known_parameters=None)


def _with_heads(model: Model, heads: int) -> Model:
    def changed(attention: Attention) -> Attention:
        alike = attention.kv_heads == attention.heads
        kv_heads = heads if alike else attention.kv_heads
        more = heads - attention.heads + (kv_heads - attention.kv_heads)
        return evolve(
            attention,
            heads=heads,
            kv_heads=kv_heads,
            parameters=attention.parameters + more * _width(attention) * model.hidden_size,
        )

    return _with_attention(model, changed)


def _with_kv_heads(model: Model, heads: int) -> Model:
    def changed(attention: Attention) -> Attention:
        more = (heads - attention.kv_heads) * _width(attention) * model.hidden_size
        return evolve(attention, kv_heads=heads, parameters=attention.parameters + more)

    return _with_attention(model, changed)


def _with_attention(model: Model, changed: Callable[[Attention], Attention]) -> Model:
    """Return a model with its plain attention changed."""
    if not any(_is_plain(group) for group in model.layers):
        raise ValueError("it has no layer of plain attention, whose heads could be replaced")
    groups = [
        evolve(group, attention=changed(group.attention)) if _is_plain(group) else group
        for group in model.layers
    ]
    return evolve(model, layers=tuple(groups), known_parameters=None)


def _with_vocabulary(model: Model, size: int) -> Model:
    return evolve(
        model,
        vocab_size=size,
        embedding_parameters=round(model.embedding_parameters * size / model.vocab_size),
        head_parameters=round(model.head_parameters * size / model.vocab_size),
        known_parameters=None,
    )


def _with_parameters(model: Model, billions: float) -> Model:
    """Return a model whose feed-forwards, or else mixers, take what the rest leaves of a total."""
    total = round(billions * 1e9)
    mixers = not any(_of_mlp(group.mlp) for group in model.layers)
    held = sum(
        group.count * (group.attention.parameters if mixers else _of_mlp(group.mlp))
        for group in model.layers
    )
    rest = total - (model.parameters - held)
    if rest <= 0:
        raise ValueError(f"{billions:g} billion parameters are too few for its other parts")

    def scaled(count: int) -> int:
        return count * rest // held

    part = _with_scaled_mixer if mixers else _with_scaled_mlp
    groups = tuple(part(group, scaled) for group in model.layers)
    changed = evolve(model, layers=groups, known_parameters=total)
    rounded_off = total - changed.parameters
    return evolve(changed, other_parameters=changed.other_parameters + rounded_off)


def _with_scaled_mixer(group: LayerGroup, scaled: Callable[[int], int]) -> LayerGroup:
    mixer = group.attention
    parameters, output = scaled(mixer.parameters), scaled(mixer.output_parameters)
    return evolve(group, attention=evolve(mixer, parameters=parameters, output_parameters=output))


def _with_scaled_mlp(group: LayerGroup, scaled: Callable[[int], int]) -> LayerGroup:
    mlp = group.mlp
    changed = evolve(
        mlp,
        dense_parameters=scaled(mlp.dense_parameters),
        shared_parameters=scaled(mlp.shared_parameters),
        expert_parameters=scaled(mlp.expert_parameters),
        router_parameters=scaled(mlp.router_parameters),
    )
    return evolve(group, mlp=changed)


def _of_mlp(mlp: Mlp) -> int:
    routed = mlp.experts * mlp.expert_parameters + mlp.router_parameters
    return mlp.dense_parameters + mlp.shared_parameters + routed


def _is_plain(group: LayerGroup) -> bool:
    return group.attention.kind == "softmax" and group.attention.heads > 0


def _width(attention: Attention) -> int:
    """Return the elements of a head's two matrices per element of the residual."""
    return attention.head_dim + (attention.v_head_dim or attention.head_dim)


def _heads(model: Model) -> int:
    return max((group.attention.heads for group in model.layers), default=0)


def _kv_heads(model: Model) -> int:
    return max((group.attention.kv_heads for group in model.layers), default=0)


_FIELDS: Mapping[str, tuple[Callable[[Model], float], Callable[[Model, int], Model]]] = {
    "hidden_size": (lambda model: model.hidden_size, _with_hidden_size),
    "num_layers": (lambda model: model.layer_count, _with_layers),
    "num_attention_heads": (_heads, _with_heads),
    "num_kv_heads": (_kv_heads, _with_kv_heads),
    "vocab_size": (lambda model: model.vocab_size, _with_vocabulary),
    "max_sequence_length": (lambda model: model.max_context, Model.with_context),
    "num_parameters": (lambda model: model.parameters / 1e9, _with_parameters),
}
