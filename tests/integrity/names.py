"""Names of models: each reaches its own file, and the format and size that it says."""

from __future__ import annotations

import re

from integrity.catalog import Offences, asked, data, models, names_of
from integrity.sizes import named_sizes

from sizer.catalog.formats import find_weight_format
from sizer.catalog.models import find_model, index, knows_model, unstated, unstated_format
from sizer.catalog.names import normalised
from sizer.resolve.points import placed
from sizer.schema.asked.point import Point
from sizer.schema.facts.model import Model

INT4 = frozenset({"int4", "int4-g32", "int4-g64"})
AWQ = frozenset({"awq", "awq-g64", "awq-g32"})
GPTQ = frozenset({"gptq", "gptq-g64", "gptq-g32"})
# Words of a repository's name and the formats that they can mean, the telling word first.
WORDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("nvfp4", frozenset({"nvfp4"})),
    ("mxfp4", frozenset({"mxfp4"})),
    ("mxfp8", frozenset({"mxfp8", "fp8"})),
    ("awq", AWQ),
    ("gptq-int8", frozenset({"int8"})),
    ("gptq", GPTQ),
    ("w4a16", INT4),
    ("w8a8", frozenset({"int8"})),
    ("w8a16", frozenset({"int8"})),
    ("fp4", frozenset({"nvfp4"})),
    ("fp8", frozenset({"fp8", "fp8-block"})),
    ("int8", frozenset({"int8"})),
    ("int4", INT4),
    ("4bit", INT4 | {"bnb-nf4"}),
    ("8bit", frozenset({"int8"})),
    ("bf16", frozenset({"bf16"})),
    ("fp16", frozenset({"fp16"})),
)
STATED = {  # what recipes call a format
    "bf16": {"bf16", "fp16"},
    "fp8": {"fp8", "fp8-block"},
    "int4": {*INT4, *AWQ, *GPTQ, "bnb-nf4"},
    "fp4": {"nvfp4"},
    "mxfp8": {"mxfp8", "fp8"},
}
TABLES = {"embedding", "head"}
ENDINGS = {"FP8": "fp8", "AWQ": "awq", "GPTQ-Int4": "gptq", "NVFP4": "nvfp4", "FP8-dynamic": "fp8"}


def own_name_reaches_own_file() -> Offences:
    """A structure's own name, with and without its organisation, reaches its own file. Exact."""
    for stem, model in models().items():
        reached = knows_model(model.name)
        if reached != stem:
            yield model.name, f"stands in {stem}.toml, its name reaches {reached}"


def names_are_claimed_once() -> Offences:
    """No two files claim one name. Exact."""
    claims: dict[str, set[str]] = {}
    for stem, model in models().items():
        for name, _ in names_of(model):
            claims.setdefault(normalised(name), set()).add(stem)
    for name, stems in claims.items():
        if len(stems) > 1:
            yield name, f"claimed by {', '.join(sorted(stems))}"


def aliases_reach_their_entry() -> Offences:
    """Every alias reaches the file that lists it, under its own name and in its format. Exact."""
    for stem, model in models().items():
        for name, form in names_of(model):
            found = asked(name)
            if knows_model(name) != stem or found.weights != form or found.name != name:
                reached = knows_model(name)
                yield name, f"of {stem} in {form}: reaches {reached} in {found.weights}"


def format_is_in_name() -> Offences:
    """A format in a name is the entry's; `FP8-KV` names the cache, `a-fp8` activations. Exact."""
    for model in models().values():
        for name, form in names_of(model):
            text = re.sub(r"fp8-kv|a-fp8", "", name.lower())
            means = next((each for word, each in WORDS if word in text), None)
            if means and form not in means:
                yield name, f"{form}, its name says {' or '.join(sorted(means))}"


def recipe_formats() -> Offences:
    """A repository is in the format that vLLM's recipes state, as `precision`. Exact."""
    for row in data("recipes")["models"]:
        for name, stated in row["formats"]:
            if knows_model(name) is None:
                continue
            form = find_model(name).value.weights
            if form not in STATED.get(stated, {stated}):
                yield name, f"{form}, recipe {stated}"


def checkpoints_are_quantised_so() -> Offences:
    """Weights, weights of a group and cache are in the formats that the checkpoint states. Exact.

    Sources: copies of config.json and hf_quant_config.json in aiconfigurator.
    """
    for name, stated in data("quantised")["checkpoints"].items():
        if knows_model(name) is None:
            continue
        model = find_model(name).value
        form = find_weight_format(model.weights)
        if stated.get("weights", form.name) not in {form.name, form.name.partition("-")[0]}:
            yield name, f"weights in {form.name}, stated {stated['weights']}"
        if form.group_size and stated.get("group", form.group_size) != form.group_size:
            yield name, f"groups of {form.group_size}, stated {stated['group']}"
        cache = model.kv_cache or "none"
        if cache != stated["cache"]:
            yield name, f"cache in {cache}, stated {stated['cache']}"


def size_of_aliases() -> Offences:
    """The size in an alias is that of its entry's name, as far as both name one. Exact."""
    for model in models().values():
        own = named_sizes(model.name)
        for name, _ in names_of(model)[1:]:
            for mine, theirs in zip(own, named_sizes(name), strict=True):
                if mine and theirs and mine != theirs:
                    yield name, f"{theirs / 1e9:g} B, its entry {model.name} says {mine / 1e9:g} B"


def endings_change_the_format_alone() -> Offences:
    """`NAME-FP8` and the like are `NAME` in that format: same layers, same context. Exact."""
    for stem, model in models().items():
        if model.weights not in {"bf16", "fp16"} or re.search(r"bf16$", model.name, re.IGNORECASE):
            continue
        for ending, form in ENDINGS.items():
            name = f"someone/{model.name.rpartition('/')[2]}-{ending}"
            if knows_model(name) != stem:
                yield model.name, f"-{ending} reaches {knows_model(name)}"
                continue
            found = find_model(name).value
            if (found.weights, found.max_context) != (form, model.max_context):
                yield model.name, f"-{ending}: {found.weights}, {found.max_context:,}"


def parts_are_stored() -> Offences:
    """A part that a repository stores otherwise is one of the model, in another format. Exact.

    The repository is the entry's own or an alias, in the format that it is listed with.
    """
    for model in models().values():
        known = {(normalised(name), form) for name, form in names_of(model)}
        parts = _parts(model)
        for each in model.stored:
            name, part = each.repository, each.part
            if (normalised(name), each.weights) not in known:
                yield model.name, f"{name} in {each.weights} is no alias"
            if part not in parts or not 0.0 < each.share <= 1.0:
                yield model.name, f"{name}: it has no {each.share:g} of {part}"
            # tables are 16 bit unless a file says so
            same = each.form == each.weights and part not in TABLES
            if same or not find_weight_format(each.form).name:
                yield model.name, f"{name}: {part} in {each.form} as the rest"


def index_has_no_more() -> Offences:
    """Every name of the index is one that an entry lists, or its end. Exact."""
    listed = {normalised(name) for model in models().values() for name, _ in names_of(model)}
    ends = {name.rpartition("/")[2] for name in listed}
    for name in index():
        if name not in listed | ends:
            yield name, "no entry lists it"


def _parts(model: Model) -> set[str]:
    found = {"embedding", "head", "norm", "other"} | (
        {"draft"} if model.draft_parameters else set()
    )
    for group in model.layers:
        recurrent = group.attention.kind in {"linear", "mamba"}
        if group.attention.kind != "none":
            found |= {"mixer", "mixer_out"} if recurrent else {"attention"}
        sizes = {
            "mlp": group.mlp.dense_parameters,
            "shared": group.mlp.shared_parameters,
            "expert": group.mlp.expert_parameters,
            "router": group.mlp.router_parameters,
        }
        found |= {part for part, size in sizes.items() if size}
    return found


def formats_are_read() -> Offences:
    """An entry names what was read of its checkpoint, or its own format is unknown.

    That is a config.json, or a copy of its fields, a recipe, a log or the sizes of the files, with
    repository and commit. The class of a library is none.
    """
    for model in models().values():
        source = model.weights_source
        if source is not None and not model.is_read and not _SOURCE.match(source):
            yield model.name, f"no place to look at: {source}"
        if source is not None and "transformers" in source:
            yield model.name, f"a library says nothing of a checkpoint: {source}"
        if model.states_weights != (unstated_format(model.name) is None):
            yield model.name, "the index of what was not read says otherwise"


def auto_is_refused_unread() -> Offences:
    """`auto` is refused for each name of which no format was read, and taken for each other."""
    for name in index():
        (found,) = placed([Point(name, "H100")])
        refused = isinstance(found, str) and "weight format" in found
        if refused != (name in unstated()):
            yield name, "refused" if refused else "taken"


_SOURCE = re.compile(r"[\w.-]+/[\w.-]+@[0-9a-f]{7,40}:\S+|huggingface\.co/[\w.-]+/[\w.-]+")

CHECKS = (
    own_name_reaches_own_file,
    names_are_claimed_once,
    aliases_reach_their_entry,
    format_is_in_name,
    recipe_formats,
    checkpoints_are_quantised_so,
    size_of_aliases,
    endings_change_the_format_alone,
    parts_are_stored,
    formats_are_read,
    auto_is_refused_unread,
    index_has_no_more,
)
