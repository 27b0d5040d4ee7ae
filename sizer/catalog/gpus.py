"""Accelerators by name: one TOML each, and an index of names that is quick to read.

`memory_gib` is the total that an engine is told (`torch.cuda.mem_get_info`), which is less than
`nvidia-smi` shows. Where no log gives it, it follows from the number on the box, read as GiB: 0.99
of it for NVIDIA's HBM, 0.98 for GDDR without ECC, 0.92 for GDDR that pays for its ECC, 0.95 for
memory shared with the processor, all of it for other makers. Each entry's note says which holds.
Peaks are dense; 16-bit and fp8 peaks accumulate in 32 bit.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from sizer.catalog.lookup import Found, Unknown

if TYPE_CHECKING:
    from sizer.schema.facts.gpu import Gpu

FOLDER = Path(__file__).parent / "gpus"
_LINES = frozenset(
    [
        "amd",
        "edition",
        "geforce",
        "generation",
        "gpu",
        "graphics",
        "hbm3",
        "instinct",
        "intel",
        "nvidia",
        "oam",
        "radeon",
        "tesla",
        "unified",
    ]
)
_REMARK = r"\([^)]*\)|\[[^\]]*\]"
_MEMORY = r"\b(\d+)[ -]?gb\b"
_JOIN = re.compile(r"\s*[+,/&]\s*|\s+and\s+", re.IGNORECASE)
_COUNT = re.compile(r"^\d+\s*[x*]?\s*|\s*[x*]\s*\d+$", re.IGNORECASE)  # 4xH100, 4 H100, H100 x 4
_GLUED = (  # what clouds write as one word, like RTX4090, RTXA4000, RTXPRO6000 and RTX6000Ada
    (r"\b(rtx|rx)(?=a?\d|pro)", r"\1 "),
    (r"\b(pro)(?=\d)", r"\1 "),
    (r"\b(\d{3,4})(ti|super|xtx|xt|ada)\b", r"\1 \2"),
)


def find_gpu(name: str) -> Found[Gpu]:
    """Return an accelerator by its name or an alias, and a note if the name says less than that.

    Raises Unknown with the nearest names.
    """
    known = knows_gpu(name)
    if known is None:
        mixture = of_several_kinds(name)
        if mixture:
            raise Unknown(mixture[0], help=mixture[1])
        raise Unknown(f"unknown accelerator {name!r}", partial(near_gpus, name))
    whole = _normal(name).endswith(_normal(known))  # a maker's name may stand before it
    return Found(_read(known), None if whole else f"{name} taken as {known}")


def knows_gpu(name: str) -> str | None:
    """Return the catalog's name for a name or alias, None if there is none."""
    exact = _index().get(_normal(name))
    return exact or _by_words().get(_words(name)) or _by_memory(name)


def of_several_kinds(name: str) -> tuple[str, str] | None:
    """Return what is wrong and what to write where a name joins kinds, like `4xH100 + 4xA100`."""
    kinds = dict.fromkeys(_without_count(each) for each in _JOIN.split(name))
    if len({knows_gpu(each) for each in kinds}) < 2 or not all(map(knows_gpu, kinds)):
        return None
    names = ", ".join(f'"{each}"' for each in kinds)
    said = f"{name!r} is of several kinds, and a replica has accelerators of one"
    return said, f"write each on its own: {names}"


@cache
def gpu_names() -> tuple[str, ...]:
    """Return every accelerator of the catalog, sorted."""
    return tuple(sorted(set(_index().values())))


def build_index() -> dict[str, str]:
    """Return the index that the folder implies: normalised name or alias to name.

    Raises ValueError when two accelerators claim the same name.
    """
    index: dict[str, str] = {}
    for entry in sorted(FOLDER.iterdir(), key=lambda each: each.name):
        if not entry.name.endswith(".toml"):
            continue
        gpu = _facts(entry)
        for name in (gpu.name, *gpu.aliases):
            if index.setdefault(_normal(name), gpu.name) != gpu.name:
                raise ValueError(f"{name!r} names both {index[_normal(name)]} and {gpu.name}")
    return dict(sorted(index.items()))


def near_gpus(name: str) -> tuple[str, ...]:
    """Return names of the catalog that are near to a wrong one."""
    index = _index()
    from difflib import get_close_matches  # noqa: PLC0415  # `sizer check` never needs it

    near = get_close_matches(_normal(name), index, n=9)
    return tuple(dict.fromkeys(index[each] for each in near))[:3]


@cache
def _read(name: str) -> Gpu:
    return _facts(FOLDER / f"{name.lower()}.toml")


def _facts(path: Path) -> Gpu:
    from sizer.schema.facts.gpu import Gpu  # noqa: PLC0415  # `sizer check` never needs it
    from sizer.structure.facts import read_facts  # noqa: PLC0415  # `sizer check` never needs it

    return read_facts(path.read_text("utf-8"), Gpu)


@cache
def _index() -> Mapping[str, str]:
    index: dict[str, str] = json.loads(FOLDER.joinpath("index.json").read_text("utf-8"))
    return index


@cache
def _by_words() -> Mapping[frozenset[str], str]:
    """Return names by the words that tell accelerators apart, where only one has them."""
    found: dict[frozenset[str], set[str]] = {}
    for key, name in _index().items():
        found.setdefault(_words(key), set()).add(name)
    return {words: names.pop() for words, names in found.items() if len(names) == 1}


def _without_count(name: str) -> str:
    return name if knows_gpu(name) else _COUNT.sub("", name, count=1)


def _by_memory(name: str) -> str | None:
    """Return what a name means that repeats the memory on the box, like `L4 24GB`."""
    told = re.search(_MEMORY, name.lower())
    known = _by_words().get(_words(re.sub(_MEMORY, " ", name.lower()))) if told else None
    return known if told and known and _read(known).memory_gb == float(told[1]) else None


def _words(name: str) -> frozenset[str]:
    """Return the words of a name in any order, without makers, product lines and remarks."""
    plain = re.sub(_REMARK, " ", _normal(name).replace("-", " "))
    for glued, apart in _GLUED:
        plain = re.sub(glued, apart, plain)
    return frozenset(plain.split()) - _LINES


def _normal(name: str) -> str:
    return "-".join(name.lower().replace("_", " ").replace("-", " ").split())
