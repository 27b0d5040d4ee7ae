"""Facts that a lock holds, and facts written down while a profile is answered."""

from __future__ import annotations

from pathlib import Path

from attrs import Factory, field, frozen

from sizer.catalog.lookup import Found, Unknown
from sizer.catalog.models import model_path
from sizer.resolve.facts import CATALOG, Facts
from sizer.schema.answered.lock import Lock, LockedPrice, PatternKind
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.price import Price, Terms


@frozen(eq=False)
class Recording:
    """Facts of another source, each kept under the name that it was asked by."""

    source: Facts
    models: dict[str, Found[Model]] = field(default=Factory(dict))
    gpus: dict[str, Found[Gpu]] = field(default=Factory(dict))
    sold: dict[tuple[str, Terms], tuple[Price, ...]] = field(default=Factory(dict))
    patterns: dict[tuple[PatternKind, str], tuple[str, ...]] = field(default=Factory(dict))

    def model(self, name: str, folder: Path | None) -> Found[Model]:
        """Return a model's structure; a path starts from the folder."""
        self.models[name] = found = self.source.model(name, folder)
        return found

    def gpu(self, name: str) -> Found[Gpu]:
        """Return an accelerator."""
        self.gpus[name] = found = self.source.gpu(name)
        return found

    def gpus_of(self, pattern: str) -> tuple[str, ...]:
        """Return the accelerators that a pattern stands for."""
        self.patterns["accelerator", pattern] = found = self.source.gpus_of(pattern)
        return found

    def models_of(self, pattern: str) -> tuple[str, ...]:
        """Return the models that a glob stands for."""
        self.patterns["model", pattern] = found = self.source.models_of(pattern)
        return found

    def prices(self, gpu: str, terms: Terms) -> tuple[Price, ...]:
        """Return what is sold of an accelerator."""
        self.sold[gpu, terms] = found = self.source.prices(gpu, terms)
        return found


@frozen(eq=False)
class Pinned:
    """Facts of a lock; what it lacks comes from `beyond`, or without one is unknown.

    A model by path is read from its file, which the repository holds beside the lock.
    """

    lock: Lock
    beyond: Facts | None = None

    @property
    def names(self) -> frozenset[str]:
        """Names of models, accelerators, providers and regions that need no catalog."""
        sellers = {name for each in self.lock.price for name in (each.provider, each.region)}
        known = (*self.lock.named, *self.lock.pattern)
        return frozenset({*(each.name for each in known), *filter(None, sellers)})

    def model(self, name: str, folder: Path | None) -> Found[Model]:
        """Return a model's structure; a path starts from the folder."""
        if model_path(name, folder) is not None:
            return CATALOG.model(name, folder)
        for each in self.lock.model:
            if each.name == name and each.facts is not None:
                return Found(each.facts, each.note, each.revision)
        if self.beyond is None:
            raise Unknown(f"the lock has no model {name!r}")
        return self.beyond.model(name, folder)

    def gpu(self, name: str) -> Found[Gpu]:
        """Return an accelerator."""
        for each in self.lock.accelerator:
            if each.name == name:
                return Found(each.facts, each.note)
        if self.beyond is None:
            raise Unknown(f"the lock has no accelerator {name!r}")
        return self.beyond.gpu(name)

    def gpus_of(self, pattern: str) -> tuple[str, ...]:
        """Return the accelerators that a pattern stood for."""
        names = self._stood_for("accelerator", pattern)
        return names if names or self.beyond is None else self.beyond.gpus_of(pattern)

    def models_of(self, pattern: str) -> tuple[str, ...]:
        """Return the models that a glob stood for."""
        names = self._stood_for("model", pattern)
        return names if names or self.beyond is None else self.beyond.models_of(pattern)

    def _stood_for(self, kind: PatternKind, name: str) -> tuple[str, ...]:
        """Return the names that the lock has for a pattern; none where it does not know it."""
        for each in self.lock.pattern:
            if (each.kind, each.name) == (kind, name):
                return each.names
        if self.beyond is None:
            raise Unknown(f"the lock does not say what {name!r} stands for")
        return ()

    def prices(self, gpu: str, terms: Terms) -> tuple[Price, ...]:
        """Return what is sold of an accelerator."""
        for each in self.lock.price:
            if each.gpu == gpu and terms_of(each) == terms:
                return each.facts
        return () if self.beyond is None else self.beyond.prices(gpu, terms)


def terms_of(price: LockedPrice) -> Terms:
    """Return the terms that an entry answers."""
    return Terms(price.provider, price.region, price.term, price.since)
