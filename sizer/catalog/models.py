"""The catalog of models: one TOML file a structure, found by name, alias or config.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve

from sizer.catalog.lookup import Found, Unknown
from sizer.catalog.names import Entry, Match, bare, index_of, match_of, normalised

if TYPE_CHECKING:
    from sizer.catalog.hub import Hub
    from sizer.schema.asked.tasks import Task
    from sizer.schema.facts.model import Alias, Model, StoredPart

CONFIG = "config.json"
ITS_NAME = "its name"  # in place of a source: the name states a format
FILES = (".json", ".gguf")
FOLDER = Path(__file__).with_name("models")


def find_model(name: str, folder: Path | None = None, hub: Hub | None = None) -> Found[Model]:
    """Return the structure of a name: a path, the catalog's, a cached one, or else the hub's.

    A path is relative to `folder`: a config.json, a GGUF file, or a folder with a config.json,
    whose weights count too. Raises Unknown for a name that nobody knows (HubFault where the hub
    was asked) and ValueError for a file that cannot be read.
    """
    path = model_path(name, folder)
    if path is not None:
        model = _from_file(path, name)
        return Found(model, f"{name}: {model.note}" if model.note else None)
    if not knows_exactly(name):
        kept = _from_hub(name, hub, ask=False)
        if kept is not None:
            return kept
    match = match_of(name, index())
    if match is not None:
        model = structure(match.stem)
        return Found(_as_asked(model, name, match), match.note or _taken(name, model, match.form))
    asked = _from_hub(name, hub, ask=True)
    if asked is None:
        raise Unknown(f"unknown model {name!r}", partial(suggestions, name))
    return asked


def model_names() -> list[str]:
    """Return the full names of all structures, sorted."""
    return sorted(structure(stem).name for stem in _stems())


def models_called(text: str) -> list[str]:
    """Return the names of structures of which a name or alias contains a text, sorted.

    One that a profile would take it as is among them.
    """
    key = normalised(text)
    stems = {stem for name, (stem, _) in index().items() if key in name}
    taken = knows_model(text)
    return sorted(structure(stem).name for stem in stems | ({taken} if taken else set()))


def knows_model(name: str) -> str | None:
    """Return the file stem of a structure by name or alias, None if there is none.

    Reads the index only.
    """
    match = match_of(name, index())
    return match.stem if match else None


def knows_exactly(name: str) -> bool:
    """Return whether the catalog has this very name, not one that it is derived from."""
    return normalised(name) in index()


def may_be_on_hub(name: str) -> bool:
    """Return whether a name that the catalog lacks has the form of the hub's names."""
    from sizer.catalog.hub.repository import repository  # noqa: PLC0415  # few names need it

    return repository(name) is not None


def is_kept(name: str) -> bool:
    """Return whether the cache has an entry of this name, without reading it."""
    from sizer.catalog.hub import Hub, repository  # noqa: PLC0415  # few names need it

    what = repository(name)
    return what is not None and Hub().cache.knows(what)


def suggestions(name: str) -> tuple[str, ...]:
    """Return names of the catalog that are near to a wrong one."""
    from difflib import get_close_matches  # noqa: PLC0415  # only for what is wrong

    keys = list(index())
    near = get_close_matches(normalised(name), keys, n=3)
    return tuple(near or get_close_matches(bare(normalised(name)), keys, n=3))


def _taken(name: str, model: Model, form: str | None) -> str | None:
    """Return what an alias was taken as, None for the structure's own name."""
    if normalised(name) == normalised(model.name):
        return None
    weights = f" in {form}" if form not in {None, model.weights} else ""
    return f"{name} taken as {model.name}{weights}"


def _as_asked(model: Model, name: str, match: Match) -> Model:
    """Return a structure as the repository that was asked for has it.

    A derived name keeps the context of what it is derived from, and no cache format but its own.
    """
    alias = alias_of(model, match.key)
    called = alias.name if alias else model.name
    form = match.form or model.weights
    named = match.states_form or form != model.weights
    source = ITS_NAME if named else _source_of_weights(model)
    changed = evolve(
        model,
        name=name if match.note else called,
        weights=form,
        weights_source=source,
        stored=() if match.states_form else _parts_of(model, None if match.note else called, form),
        kv_cache=match.cache if match.note else (alias or model).kv_cache,
        kv_cache_by=(alias or model).kv_cache_by,
        provenance=(alias.provenance if alias else None) or model.provenance,
        task=_task(model, alias),
    )
    context = alias.max_context if alias else None
    return changed if context is None else changed.with_context(context)


def _source_of_weights(model: Model) -> str | None:
    """Return where the format of a structure is stated, which holds for its other repositories."""
    from sizer.schema.facts.provenance import Checkpoint  # noqa: PLC0415  # a check needs none

    read = model.provenance
    if model.weights_source is None and isinstance(read, Checkpoint):
        return f"{read.repository}@{read.commit}:{read.file}"
    return model.weights_source


def _parts_of(model: Model, repository: str | None, form: str) -> tuple[StoredPart, ...]:
    """Return the parts that a repository stores otherwise, which no other quantiser need do.

    Releases in the structure's own format are its maker's, and stored alike; None is a repository
    that the catalog lacks.
    """
    own = tuple(each for each in model.stored if each.repository == repository)
    if own or form != model.weights:
        return own
    return tuple(each for each in model.stored if each.repository == model.name)


def alias_of(model: Model, key: str) -> Alias | None:
    """Return the repository that a key of the index means, None for the structure's own."""
    keys = [(normalised(each.name), each) for each in model.aliases]
    whole = next((each for name, each in keys if name == key), None)
    if whole is not None or bare(normalised(model.name)) == key:
        return whole
    return next((each for name, each in keys if bare(name) == key), None)


@cache
def index() -> Mapping[str, Entry]:
    """Return {normalised name: (file stem, weight format)}."""
    text = FOLDER.joinpath("index.json").read_text("utf-8")
    return {key: (stem, form) for key, (stem, form) in json.loads(text).items()}


def task_of(name: str) -> Task:
    """Return what a model of the catalog is made for; of any other nobody knows.

    Reads the indices only.
    """
    match = match_of(name, index())
    return tasks().get(match.key, "generate") if match else "generate"


@cache
def tasks() -> Mapping[str, Task]:
    """Return the task of each name of the index that is not made to generate."""
    found: dict[str, Task] = json.loads(FOLDER.joinpath("tasks.json").read_text("utf-8"))
    return found


def unstated_format(name: str) -> str | None:
    """Return the format that a model of the catalog is taken in, where no file of it was read.

    None where a file or the name states the format, and for names that the catalog lacks. Reads
    the indices only.
    """
    match = match_of(name, index())
    if match is None or match.states_form or match.key not in unstated():
        return None
    return match.form


@cache
def unstated() -> frozenset[str]:
    """Return the names of the index of which no file states the weight format."""
    return frozenset(json.loads(FOLDER.joinpath("unstated.json").read_text("utf-8")))


def build_unstated() -> str:
    """Return what unstated.json must hold, from the structures themselves."""
    entries: dict[str, Entry] = json.loads(build_index())
    found = [key for key, (stem, form) in entries.items() if not _states(key, stem, form)]
    return json.dumps(found, indent=1) + "\n"


def _states(key: str, stem: str, form: str | None) -> bool:
    return _as_asked(structure(stem), key, Match(key, stem, form)).states_weights


def build_tasks() -> str:
    """Return what tasks.json must hold, from the structures themselves."""
    known = {key: _task(structure(stem), alias_of(structure(stem), key)) for key, stem in _keys()}
    found = {key: task for key, task in known.items() if task != "generate"}
    return json.dumps(found, indent=1) + "\n"


def _keys() -> list[tuple[str, str]]:
    return [(key, stem) for key, (stem, _) in json.loads(build_index()).items()]


def _task(model: Model, alias: Alias | None) -> Task:
    return (alias.task if alias else None) or model.task


def build_index() -> str:
    """Return what index.json must hold, from the structures themselves."""
    models = {stem: structure(stem) for stem in _stems()}
    known = {stem: _named(model) for stem, model in models.items()}
    lines = (f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in index_of(known).items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def _named(model: Model) -> list[tuple[str, str]]:
    """Return the repositories of a structure, each with its weight format."""
    others = [(each.name, each.weights) for each in model.aliases]
    return [(model.name, model.weights), *others]


@cache
def structure(stem: str) -> Model:
    """Return the structure in a file of the catalog."""
    from sizer.schema.facts.model import Model  # noqa: PLC0415  # `sizer check` never needs it
    from sizer.structure.facts import read_facts  # noqa: PLC0415  # `sizer check` never needs it

    return read_facts(FOLDER.joinpath(f"{stem}.toml").read_text("utf-8"), Model)


def _stems() -> list[str]:
    names = (each.name for each in FOLDER.iterdir())
    return sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def model_path(name: str, folder: Path | None) -> Path | None:
    """Return the config.json or GGUF file that a name means, None when it is no path."""
    if not name or "\0" in name:
        return None
    path = (folder or Path()) / name
    if name.endswith(FILES):
        return path
    if normalised(name) in index():
        return None
    try:
        if path.is_file():
            return path
        return path / CONFIG if (path / CONFIG).is_file() else None
    except OSError:  # a name too long is no path
        return None


def _from_file(path: Path, name: str) -> Model:
    from sizer.catalog.local import read_local  # noqa: PLC0415  # only for own files

    try:
        return read_local(path, name)
    except OSError as error:
        raise Unknown(f"cannot read {name}: {error.strerror}") from error


def _from_hub(name: str, hub: Hub | None, *, ask: bool) -> Found[Model] | None:
    """Return what the cache, or if it may be asked the hub, says of a name of its form."""
    from sizer.catalog.hub import Hub, HubFault, repository  # noqa: PLC0415  # few names need it

    what = repository(name)
    if what is None:
        return None
    from sizer.catalog.hub.structure import found_in  # noqa: PLC0415  # the same

    hub = hub or Hub()
    try:
        snapshot = hub.snapshot(what) if ask else hub.kept(what)
    except HubFault as fault:
        raise fault.about(name, partial(suggestions, name)) from fault
    return found_in(snapshot, name) if snapshot else None
