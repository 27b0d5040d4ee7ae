"""What the reference recommender is asked, as a question of ours that knows its own places."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import inf
from pathlib import Path
from typing import Any, Protocol

from attrs import field, frozen

from sizer.diagnostic import Place, problem
from sizer.load import Question, load_document
from sizer.reference.lengths import Lengths
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys

SORT = "gpus then tokens_per_second then cost_usd_per_hour"


class Home(Protocol):
    """Where the fields of something stand, or their keys."""

    def __call__(self, keys: Keys, *, key: bool = False) -> Place:
        """Return the place of a field."""


@frozen(eq=False)
class Item:
    """A model or an accelerator as it is given; `is_name` says that it is a name alone."""

    fields: Mapping[str, Any]
    home: Home
    is_name: bool = False


@frozen(eq=False)
class Request:
    """Models, accelerators (by name from the catalog, and by hand) and the settings of a run.

    `empty` says where a list of models or accelerators stands that is empty, by its keys.
    """

    models: Sequence[Item]
    library: Sequence[Item]
    custom: Sequence[Item]
    precision: str = "fp16"
    batch_size: int = 1
    latency_bound_ms: float | None = None
    lengths: Lengths = Lengths()
    most_gpus: int = 8
    empty: Mapping[Keys, Home] = field(factory=dict)

    def question(self) -> Question:
        """Return the question; its places are those of what was given.

        Raises Problem with every fault of it.
        """
        if not self.library and not self.custom:
            place = self.empty.get(("fleet",), named("available_gpus"))(())
            raise problem("SZ104", "no accelerators", place, "name one at least")
        homes: dict[Keys, Home] = dict(self.empty)
        homes |= {("models", index): each.home for index, each in enumerate(self.models)}
        homes |= {("fleet", "gpus", index): each.home for index, each in enumerate(self.library)}
        homes |= {("fleet", "custom", index): each.home for index, each in enumerate(self.custom)}
        for index, each in enumerate(self.models):
            if "weights" not in each.fields:
                homes["models", index, "weights"] = named("precision")
        return load_document(_Asked("the request", "", self._data(), homes), Path())

    def _data(self) -> dict[str, Any]:
        models = [{"weights": self.precision, **each.fields} for each in self.models]
        fleet: dict[str, Any] = {"max_gpus_per_replica": self.most_gpus}
        if self.library:
            fleet["gpus"] = [each.fields["name"] for each in self.library]
        if self.custom:
            fleet["custom"] = [dict(each.fields) for each in self.custom]
        where = ["fits"]
        if self.latency_bound_ms is not None:
            where.append(f"itl_ms <= {self.latency_bound_ms!r}")
        return {
            "dsl": 1,
            "models": models,
            "fleet": fleet,
            "workload": {
                "task": "generate",
                "concurrency": self.batch_size,
                **self.lengths.workload(),
            },
            "select": {"where": where, "sort": SORT},
        }


@frozen(eq=False, repr=False)
class _Asked(Document):
    """A question that stands in no file: what was given has its place, the rest has none."""

    homes: Mapping[Keys, Home] = field(factory=dict)

    def place(self, path: Keys, *, key: bool = False) -> Place | None:
        """Return where what was given stands."""
        for size in range(len(path), -1, -1):
            home = self.homes.get(path[:size])
            if home is not None:
                return home(path[size:], key=key)
        return None

    def source(self, path: Keys) -> tuple[str, Callable[[int, int], Place | None]] | None:
        """Return a text and what maps its characters to places, None if there is none."""
        value = self.value(path)
        return (value, lambda *_: self.place(path)) if isinstance(value, str) else None


def named(what: str) -> Home:
    """Return the place of something that stands in no file, by its name."""
    return lambda _, *, key=False: Place(what)  # noqa: ARG005  # a thing has no keys


def bound_of(latency_ms: float | None) -> float | None:
    """Return a latency bound as a plain number; None and infinity are no bound.

    Raises Problem (SZ104) for what is no time.
    """
    if latency_ms is None or latency_ms == inf:
        return None
    if isinstance(latency_ms, bool) or not latency_ms > 0:
        said = f"latency_bound_ms must be above 0, not {latency_ms}"
        raise problem("SZ104", said, hint="None is no bound")
    return float(latency_ms)
