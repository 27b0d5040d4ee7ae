"""Structures of the catalog against copies of config.json: prints every difference.

Run `python tests/integrity/against_copies.py FOLDER...`. A copy is named by its file or folder,
`ORG__NAME.json`, `ORG--NAME_config.json` or `ORG/NAME/config.json`, or by `_name_or_path` inside.
What ModelOpt writes beside it, `hf_quant_config.json`, is read with it.
Copies are material of others and are not committed. Exits 1 where anything differs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sizer.catalog.config_json import read_config
from sizer.catalog.models import find_model, knows_model
from sizer.schema.facts.model import Model

FACTS = (
    "hidden_size",
    "vocab_size",
    "layer_count",
    "max_context",
    "weights",
    "tied_embeddings",
    "embedding_parameters",
    "head_parameters",
    "draft_parameters",
    "encoder_parameters",
    "parameters",
    "active_parameters",
)
BESIDE = "hf_quant_config.json"
PARTIAL = "_secondary_source"  # our own mark of a file that is no copy


def differences(copy: Model, ours: Model) -> Iterator[str]:
    """Yield each fact in which the catalog departs from a copy."""
    for fact in FACTS:
        theirs, mine = getattr(copy, fact), getattr(ours, fact)
        if theirs != mine:
            yield f"{fact}: {mine}, the copy {theirs}"
    if [each.attention for each in copy.layers] != [each.attention for each in ours.layers]:
        yield "attention of its layers"
    if [each.mlp for each in copy.layers] != [each.mlp for each in ours.layers]:
        yield "feed-forward of its layers"
    if copy.exceptions(copy.weights) != ours.exceptions(ours.weights):
        yield f"parts: {ours.exceptions(ours.weights)}, the copy {copy.exceptions(copy.weights)}"


def name_of(path: Path, config: Mapping[str, Any]) -> str | None:
    """Return the name of a copy that the catalog knows, None if it knows none of them."""
    stem = path.parent.name if path.stem == "config" else path.stem.removesuffix("_config")
    folders = "/".join(path.with_suffix("").parts[-2:])
    inside = str(config.get("_name_or_path") or "")
    for name in (stem.replace("__", "/").replace("--", "/"), stem, folders, inside):
        if name.count("/") <= 1 and knows_model(name) is not None:
            return name
    return None


def compared(folders: list[Path]) -> Iterator[tuple[Path, str | None, list[str]]]:
    """Yield each copy, the name that the catalog has for it, and how the two differ."""
    for path in sorted(each for folder in folders for each in folder.rglob("*.json")):
        if path.name.endswith(BESIDE):
            continue
        config = _config(path)
        name = name_of(path, config) if isinstance(config, dict) else None
        if name is None or PARTIAL in config:
            yield path, None, []
            continue
        try:
            copy = read_config(config, name)
        except ValueError as fault:
            yield path, name, [f"not read: {fault}"]
        else:
            yield path, name, [*differences(copy, find_model(name).value)]


def _config(path: Path) -> dict[str, Any]:
    """Return a copy with the quantisation that its tool wrote beside it."""
    config: dict[str, Any] = json.loads(path.read_text("utf-8"))
    beside = path.with_name(path.name.removesuffix("config.json") + BESIDE)
    if beside.is_file() and not config.get("quantization_config"):
        stated = json.loads(beside.read_text("utf-8"))["quantization"]
        return {**config, "quantization_config": stated}
    return config


if __name__ == "__main__":
    rows = [*compared([Path(each) for each in sys.argv[1:]])]
    for path, name, said in rows:
        if said:
            print(f"{name} ({path.name})", *said, sep="\n  ")
    known = [said for _, name, said in rows if name]
    print(
        f"{len(rows)} files, {len(known)} of the catalog's models, {sum(map(bool, known))} differ"
    )
    sys.exit(1 if any(known) else 0)
