"""What contradicts prompts that are read apart from decoding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sizer.diagnostic import Diagnostic
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document

TABLE = ("engine", "disaggregated")
NOT_BY: Mapping[
    tuple[str, str], Mapping[str | bool, tuple[str, str]]
] = {  # keys beside it, their values, why not, and what helps
    ("engine", "name"): {
        "llamacpp": ("llamacpp decodes where it reads prompts", 'write `name = "vllm"`'),
    },
    ("engine", "static_batching"): {
        True: ("a static batch reads its own prompts", "leave `static_batching` out"),
    },
    ("estimator", "name"): dict.fromkeys(
        ("aiconfigurator", "both"),
        ("only the analytic estimator reads prompts apart", 'write `name = "analytic"`'),
    ),
    ("workload", "task"): dict.fromkeys(
        ("embed", "rerank", "classify"),
        ("nothing decodes, so prompts are read apart from nothing", "leave one of them out"),
    ),
    ("fleet", "replicas"): {
        "fewest": (
            "the fewest replicas are looked for where each of them does both",
            "leave it out, and name `replicas` of both sides",
        ),
    },
}


def apart_faults(document: Document) -> Iterator[Diagnostic]:
    """Yield what leaves no side that reads prompts alone, or nobody to estimate it."""
    if not _table(_table(document.data, "engine"), "disaggregated"):
        said = "nothing is read apart by an empty table"
        hint = "write `prefill = { replicas = [1, 2] }`, or leave the table out"
        yield Diagnostic(VALUE, said, document.place(TABLE), hint)
        return
    for (table, key), words in NOT_BY.items():
        value = _table(document.data, table).get(key)
        if isinstance(value, str | bool) and value in words:
            said, hint = words[value]
            yield Diagnostic(VALUE, said, document.place((table, key)), hint)


def _table(data: dict[str, Any], name: str) -> dict[str, Any]:
    found = data.get(name)
    return found if isinstance(found, dict) else {}
