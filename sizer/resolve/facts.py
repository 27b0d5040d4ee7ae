"""Where facts come from: the catalog, or a lock that stands in for it."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from attrs import frozen

from sizer.catalog.gpus import find_gpu
from sizer.catalog.hub import Hub
from sizer.catalog.lookup import Found
from sizer.catalog.models import find_model
from sizer.catalog.patterns import gpus_of, models_of
from sizer.catalog.prices import prices_on
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.price import Price, Terms


class Facts(Protocol):
    """Facts by the name that a profile gives. Unknown is raised for names that nobody knows."""

    def model(self, name: str, folder: Path | None) -> Found[Model]:
        """Return a model's structure; a path starts from the folder."""

    def gpu(self, name: str) -> Found[Gpu]:
        """Return an accelerator."""

    def gpus_of(self, pattern: str) -> tuple[str, ...]:
        """Return the names of the accelerators that a pattern stands for."""

    def models_of(self, pattern: str) -> tuple[str, ...]:
        """Return the names of the models that a glob stands for."""

    def prices(self, gpu: str, terms: Terms) -> tuple[Price, ...]:
        """Return what is sold of an accelerator on these terms; `gpu` is its full name."""


@frozen
class Catalog:
    """Facts of today: the catalog and files; for models also the cache, and then the hub."""

    hub: Hub | None = None

    def model(self, name: str, folder: Path | None) -> Found[Model]:
        """Return a model's structure; a path starts from the folder."""
        return find_model(name, folder, self.hub)

    def gpu(self, name: str) -> Found[Gpu]:
        """Return an accelerator."""
        return find_gpu(name)

    def gpus_of(self, pattern: str) -> tuple[str, ...]:
        """Return the names of the catalog's accelerators that a pattern stands for."""
        return gpus_of(pattern)

    def models_of(self, pattern: str) -> tuple[str, ...]:
        """Return the names of the catalog's models that a glob stands for."""
        return models_of(pattern)

    def prices(self, gpu: str, terms: Terms) -> tuple[Price, ...]:
        """Return the catalog's prices on these terms."""
        return prices_on(gpu, terms)


CATALOG = Catalog()
