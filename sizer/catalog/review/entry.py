"""A checkpoint against its entry in the catalog: which facts differ, and the entry that agrees."""

from __future__ import annotations

from typing import Any

from attrs import evolve, fields_dict, frozen

from sizer.catalog.models import FOLDER, alias_of, index, structure
from sizer.catalog.names import match_of
from sizer.schema.facts.model import Alias, Model
from sizer.structure.facts import write_facts

# What the catalog alone has, or adds to a config.json.
OURS = frozenset(
    {
        *("name", "aliases", "stored", "note", "known_parameters", "parameters_by_dtype"),
        *("weights_source", "provenance", "explorer_possible_tp", "explorer_kv_bytes_per_token"),
    }
)
SILENT = frozenset({"other_parameters", "encoder_parameters", "draft_parameters"})  # 0: not said
FOLLOWS = ("rotary_table", "family")  # from a context, and what a repository calls its structure
OF_ALIAS = ("weights", "max_context", "kv_cache", "kv_cache_by")


@frozen
class Review:
    """An entry's file as it is and as the checkpoint would have it; which facts differ.

    `foreign` are shapes that an alias has otherwise than the structure of its entry, which no
    change of the entry can say.
    """

    stem: str
    before: str
    after: str
    differs: tuple[str, ...]
    foreign: tuple[str, ...] = ()

    @property
    def agrees(self) -> bool:
        """Whether the catalog has what the checkpoint says."""
        return not (self.differs or self.foreign)


def reviewed(name: str, found: Model) -> Review | None:
    """Return how a checkpoint differs from the catalog's entry of this very name, if it has one."""
    match = match_of(name, index())
    if match is None or match.note is not None:
        return None
    own = structure(match.stem)
    alias = alias_of(own, match.key)
    shapes = _differing(own, found)
    foreign: tuple[str, ...] = ()
    if alias is None:
        differs = (*shapes, *_parts(own, own.name, found))
        new = _as_read(own, found, differs)
    else:
        foreign = tuple(each for each in shapes if each not in (*OF_ALIAS, *FOLLOWS))
        new, differs = _with_alias(own, alias, found)
    before = FOLDER.joinpath(f"{match.stem}.toml").read_text("utf-8")
    return Review(match.stem, before, write_facts(new) if differs else before, differs, foreign)


def _differing(own: Model, found: Model) -> tuple[str, ...]:
    """Return the names of facts that a checkpoint states and an entry has otherwise."""
    stated = (name for name in fields_dict(Model) if name not in OURS)
    return tuple(name for name in stated if _differs(name, own, found))


def _differs(name: str, own: Model, found: Model) -> bool:
    if name == "rotary_table":  # an entry leaves the usual one out
        return own.rotary_elements != found.rotary_elements
    stated = getattr(found, name)
    return getattr(own, name) != stated and not (name in SILENT and not stated)


def _parts(own: Model, repository: str, found: Model) -> tuple[str, ...]:
    """Return `stored` where a repository's parts are in other formats than the entry says."""
    ours = {evolve(each, repository="") for each in own.stored if each.repository == repository}
    theirs = {evolve(each, repository="") for each in found.stored}
    return ("stored",) if ours != theirs else ()


def _as_read(own: Model, found: Model, differs: tuple[str, ...]) -> Model:
    changes = {name: getattr(found, name) for name in differs if name != "stored"}
    if "stored" in differs:
        changes["stored"] = _stored(own, own.name, found)
    return evolve(own, **changes, provenance=found.provenance) if differs else own


def _with_alias(own: Model, alias: Alias, found: Model) -> tuple[Model, tuple[str, ...]]:
    """Return an entry whose alias is as its checkpoint has it, and what of the alias differs."""
    context = None if found.max_context == own.max_context else found.max_context
    wanted: dict[str, Any] = {
        "weights": found.weights,
        "max_context": context,
        "kv_cache": found.kv_cache,
        "kv_cache_by": found.kv_cache_by,
    }
    differs = tuple(name for name in OF_ALIAS if getattr(alias, name) != wanted[name])
    differs += _parts(own, alias.name, found)
    if not differs:
        return own, ()
    changed = evolve(alias, **wanted, provenance=found.provenance)
    aliases = tuple(changed if each is alias else each for each in own.aliases)
    return evolve(own, aliases=aliases, stored=_stored(own, alias.name, found)), differs


def _stored(own: Model, repository: str, found: Model) -> tuple[Any, ...]:
    others = [each for each in own.stored if each.repository != repository]
    return (*others, *(evolve(each, repository=repository) for each in found.stored))
