"""Names of a profile that stand for several, and what each of them stands for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import evolve, frozen

from sizer.catalog.lookup import Unknown
from sizer.catalog.models import knows_model
from sizer.catalog.patterns import ALL, gpus_priced_by, is_all, names_gpus, names_models
from sizer.resolve.facts import Facts
from sizer.resolve.market import Market, told
from sizer.schema.asked.profile import Fleet, ModelAsk


@frozen
class Expansion:
    """A name of a profile with the names that it stands for, which may be itself alone.

    `unpriced` counts what `all` leaves out, as nobody says what it costs.
    """

    asked: str
    names: tuple[str, ...]
    unpriced: int = 0

    @property
    def several(self) -> bool:
        """Whether the name is a pattern."""
        return self.names != (self.asked,)


def expanded_gpus(fleet: Fleet, market: Market) -> list[Expansion]:
    """Return each name of `fleet.gpus` with the accelerators that it stands for.

    A fleet that names none has every accelerator with a price. Raises Unknown for a pattern that
    stands for nothing.
    """
    asked = fleet.named or (() if fleet.custom else (ALL,))
    return [_gpus(name, market) if names_gpus(name) else Expansion(name, (name,)) for name in asked]


def expanded_model(asked: ModelAsk, facts: Facts, taken: set[str]) -> Iterator[ModelAsk]:
    """Yield what an entry of `[[models]]` asks for: itself, or each model that its glob stands for.

    What stands in `taken` is not asked for by a glob too; its models are added. Raises Unknown for
    a glob that stands for nothing.
    """
    if not _is_glob(asked):
        yield asked
        return
    for name in facts.models_of(asked.name):
        if _thing(name) not in taken:
            taken.add(_thing(name))
            yield evolve(asked, name=name)


def plainly_named(models: Iterable[ModelAsk]) -> set[str]:
    """Return what is asked for by its own name, as `expanded_model` takes it."""
    return {_thing(each.name) for each in models if not _is_glob(each)}


def _gpus(pattern: str, market: Market) -> Expansion:
    sold = gpus_priced_by(pattern, market.own)
    try:
        names = market.facts.gpus_of(pattern)
    except Unknown:
        if not sold:
            raise
        names = ()
    names = tuple(sorted({*names, *sold}))
    if not is_all(pattern):
        return Expansion(pattern, names)
    priced = tuple(name for name in names if market.sells(name))
    if not priced:
        said = f"no accelerator of the catalog has a price{told(market.terms)}"
        raise Unknown(said, help="name some as `gpus`")
    return Expansion(pattern, priced, len(names) - len(priced))


def _is_glob(asked: ModelAsk) -> bool:
    return not asked.by_hand and names_models(asked.name)


def _thing(name: str) -> str:
    """Return what a name means: the catalog's file, or itself."""
    return knows_model(name) or name
