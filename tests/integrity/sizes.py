"""Sizes of models against what was published: bytes of files, totals, contexts, sizes in names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from integrity.catalog import Offences, apart, asked, data, models

from sizer.catalog.formats import find_kv_format, find_weight_format
from sizer.catalog.models import knows_model
from sizer.estimate.device.checkpoint import checkpoint_bytes
from sizer.schema.facts.model import Model
from sizer.schema.scenario import Deployment

BYTES = 0.005
TOTAL = 0.002
NAMED = 0.12
ACTIVE = 0.25
UNITS = {"m": 1e6, "b": 1e9, "t": 1e12}
_EXPERTS = re.compile(r"-\d+e(?![a-z0-9])")
_UNDERSCORE = re.compile(r"(?<=\d)_(?=\d)")
_SIZE = re.compile(r"(?<![a-z0-9.])(?:(\d+)x)?(e|a)?(\d+(?:\.\d+)?)([mbt])(?![a-z0-9])")


def bytes_of_files() -> Offences:
    """Structure times format makes the files' bytes: every part, speculation's too. Within 0.5 %.

    Sizes: kaito's catalog of models, and indices of safetensors in public copies.
    """
    for row in _known(data("checkpoints")["checkpoints"]):
        model = asked(row["name"])
        made = checkpoint_bytes(_deployment(model, row.get("weights", model.weights)))
        if apart(made, row["bytes"]) > BYTES:
            share = made / row["bytes"] - 1
            said = (
                f"{made / 1e9:.1f} GB in {model.weights}, the files have {row['bytes'] / 1e9:.1f}"
            )
            yield row["name"], f"{said} ({share:+.1%})"


def shape_of_files() -> Offences:
    """Layers, residual and query heads are those of the files. Exact. Source: kaito's catalog."""
    for row in _known(data("checkpoints")["checkpoints"]):
        model = asked(row["name"])
        if row.get("layers", model.layer_count) != model.layer_count:
            yield row["name"], f"{model.layer_count} layers, published {row['layers']}"
        if row.get("hidden_size", model.hidden_size) != model.hidden_size:
            yield row["name"], f"residual of {model.hidden_size}, published {row['hidden_size']}"
        heads = {each.attention.heads for each in model.layers}
        if row.get("heads", 0) and row["heads"] not in heads:
            yield row["name"], f"{sorted(heads)} heads, published {row['heads']}"


def context_of_files() -> Offences:
    """The longest context is the files'. Exact. Source: kaito's catalog, `modelTokenLimit`."""
    for row in _known(data("checkpoints")["checkpoints"]):
        found = asked(row["name"]).max_context
        if row.get("context", found) != found:
            yield row["name"], f"{found:,}, published {row['context']:,}"


def context_of_tables() -> Offences:
    """The longest context is that of a table of models. Exact. Source: Xinference's families."""
    for name, tokens in data("contexts")["contexts"].items():
        found = asked(name).max_context if knows_model(name) else tokens
        if found != tokens:
            yield name, f"{found:,}, published {tokens:,}"


def shape_of_tables() -> Offences:
    """Layers, residual, heads and widths are those of tables of models. Exact.

    Sources: LitGPT, Pai-Megatron-Patch.
    """
    for table in data("shapes")["tables"]:
        for name, shape in table["shapes"].items():
            if knows_model(name) is not None and _shape(asked(name)) != shape:
                yield name, f"{_shape(asked(name))}, published {shape}"


def _shape(model: Model) -> list[int]:
    mixer, mlp = model.layers[-1].attention, model.layers[-1].mlp
    heads = [mixer.heads, mixer.kv_heads, mixer.head_dim]
    width = mlp.expert_width if mlp.experts else mlp.width
    return [model.layer_count, model.hidden_size, *heads, width]


def published_total() -> Offences:
    """The structure makes the published total, with or without layers that draft.

    Within 0.2 %, or half of the last digit of a rounded one. A note alone excuses nothing.
    """
    for model in models().values():
        known = model.known_parameters
        made = (model.parameters, model.parameters + model.draft_parameters)
        if known and all(
            abs(each - known) > max(TOTAL * known, _digit(known) / 2) for each in made
        ):
            share = model.parameters / known - 1
            yield model.name, f"{model.parameters:,}, published {known:,} ({share:+.2%})"


def size_in_name() -> Offences:
    """`8B` in a name is the total, or the total less tower or tables: within 12 %.

    `A3B`, and `17B` before `16E`, is the active size, input table counted or not: within 25 %.
    """
    for model in models().values():
        yield from _as_stated(model.name, model, *named_sizes(model.name), "its name says")


def recipe_sizes() -> Offences:
    """Total and active are what recipes state, counted as in names: within 12 and 25 %.

    Source: vLLM's recipes, `parameter_count` and `active_parameters`.
    """
    for row in _known(data("recipes")["models"]):
        model, total, active = asked(row["name"]), row["parameters"], row.get("active")
        yield from _as_stated(row["name"], model, total, active, "recipe")


def bytes_of_formats() -> Offences:
    """A weight takes its bits and its share of the group's scale and zero point. Exact.

    Experts decide: some formats leave the rest at 16 bit. Source: makers' papers of the formats.
    """
    for name, form in data("formats")["formats"].items():
        made = (form["bits"] + form.get("scale", 0) / form.get("group", 1)) / 8
        stated = find_weight_format(name).expert_bytes
        if abs(stated - made) > 1e-9:
            yield name, f"{stated} bytes, bits and scales make {made}"


def _as_stated(
    name: str, model: Model, total: float | None, active: float | None, said: str
) -> Offences:
    tables = model.embedding_parameters + model.head_parameters
    text = model.parameters - model.other_parameters
    if total and all(
        apart(each, total) > NAMED for each in (model.parameters, text, text - tables)
    ):
        yield name, f"{model.parameters / 1e9:.2f} B, {said} {total / 1e9:g} B"
    used = model.active_parameters
    both = (used, used + model.embedding_parameters)
    if active and all(apart(each, active) > ACTIVE for each in both):
        yield name, f"{used / 1e9:.2f} B active, {said} {active / 1e9:g} B"


def _digit(number: int) -> int:
    """Return the worth of the last digit of a number that is not 0."""
    text = str(number)
    return int(10 ** (len(text) - len(text.rstrip("0"))))


def recipe_contexts() -> Offences:
    """The longest context is the recipe's. Exact. Source: vLLM's recipes, `context_length`."""
    for row in _known(data("recipes")["models"]):
        found = asked(row["name"]).max_context
        if found != row["context"]:
            yield row["name"], f"{found:,}, recipe {row['context']:,}"


def recipe_drafts() -> Offences:
    """A model whose recipe speculates with its own layers has them: 0.1 to 10 % of all.

    Source: vLLM's recipes, features that set an MTP method.
    """
    for row in _known(data("recipes")["models"]):
        model = asked(row["name"])
        share = model.draft_parameters / model.parameters
        if row.get("drafts") and not 0.001 <= share <= 0.1:
            yield row["name"], f"{model.draft_parameters:,} parameters of drafts ({share:.2%})"


def named_sizes(name: str) -> tuple[float | None, float | None]:
    """Return the total and the active size that a name states, in parameters."""
    text = _UNDERSCORE.sub(".", name.rpartition("/")[2].lower()).replace("_", "-")
    total = active = None
    for times, mark, number, unit in _SIZE.findall(text):
        size = float(number) * UNITS[unit]
        if mark == "a":
            active = active or size
        elif mark != "e" and not times:
            total = total or size
    return (None, total) if _EXPERTS.search(text) else (total, active)


def _known(rows: list[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the rows of models that the catalog has, by name or by the name's ending."""
    return (row for row in rows if knows_model(row["name"]) is not None)


def _deployment(model: Model, weights: str) -> Deployment:
    return Deployment(model, find_weight_format(weights), find_kv_format("bf16"))


CHECKS = (
    bytes_of_files,
    shape_of_files,
    context_of_files,
    context_of_tables,
    shape_of_tables,
    published_total,
    size_in_name,
    recipe_sizes,
    recipe_contexts,
    recipe_drafts,
    bytes_of_formats,
)
