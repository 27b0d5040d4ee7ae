"""Names that stand for several: globs, what a maker makes, what a provider sells, and all."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import partial
from typing import TYPE_CHECKING

from sizer.catalog.gpus import find_gpu, gpu_names, knows_gpu, near_gpus
from sizer.catalog.lookup import Unknown
from sizer.catalog.models import FILES, index, structure, suggestions
from sizer.catalog.names import bare, normalised
from sizer.structure.nearest import did_you_mean

if TYPE_CHECKING:  # few profiles have prices of their own
    from sizer.schema.facts.price import Price

ALL = "all"
VENDOR = "vendor"
PROVIDER = "provider"


def names_gpus(name: str) -> bool:
    """Return whether a name stands for several accelerators."""
    return is_all(name) or _kind(name) in {VENDOR, PROVIDER} or is_glob(name)


def names_models(name: str) -> bool:
    """Return whether a name stands for several models; a path never does."""
    return is_glob(name) and not name.endswith(FILES)


def is_all(name: str) -> bool:
    """Return whether a name stands for every accelerator that has a price."""
    return normalised(name) == ALL


def is_glob(name: str) -> bool:
    """Return whether a name has a `*` or a `?`."""
    return "*" in name or "?" in name


def gpus_of(pattern: str) -> tuple[str, ...]:
    """Return the accelerators of the catalog that a pattern stands for, sorted.

    Raises Unknown for one that stands for none, with near names.
    """
    kind, _, rest = pattern.partition(":")
    match normalised(kind):
        case "all":
            return gpu_names()
        case "vendor":
            return _made_by(rest.strip())
        case "provider":
            return _sold_by(rest.strip())
    found = tuple(each for each in gpu_names() if _fits(each, pattern.replace(" ", "-")))
    if not found:
        near, help_ = partial(near_gpus, _plain(pattern)), "`sizer gpus` lists the names"
        raise Unknown(f"no accelerator matches {pattern!r}", near, help=help_)
    return found


def models_of(pattern: str) -> tuple[str, ...]:
    """Return the models of the catalog that a glob stands for, each structure once, by name.

    With or without the organisation. A structure has its own name, or else the first alias that
    fits. Raises Unknown for a glob that stands for none, with near names.
    """
    stems = {stem for key, (stem, _) in index().items() if _fits(key, pattern)}
    found = filter(None, (_called(stem, pattern) for stem in stems))
    names = tuple(sorted(found, key=str.casefold))
    if not names:
        near, help_ = partial(suggestions, _plain(pattern)), "`sizer models` lists the names"
        raise Unknown(f"no model of the catalog matches {pattern!r}", near, help=help_)
    return names


def gpus_priced_by(pattern: str, own: Iterable[Price]) -> tuple[str, ...]:
    """Return the catalog's accelerators that a user's own prices say a provider sells, sorted."""
    kind, _, provider = pattern.partition(":")
    if normalised(kind) != PROVIDER:
        return ()
    sold = {each.gpu for each in own if normalised(each.provider) == normalised(provider)}
    return tuple(sorted(name for name in sold if knows_gpu(name)))


def _sold_by(provider: str) -> tuple[str, ...]:
    from sizer.catalog.prices import gpus_from, providers  # noqa: PLC0415  # few profiles name one

    found = gpus_from(provider)
    if not found:
        help_ = did_you_mean(provider, providers()) or f"one of {', '.join(providers())}"
        raise Unknown(f"no price of the catalog is from {provider!r}", help=help_)
    return found


def _made_by(vendor: str) -> tuple[str, ...]:
    made = {name: find_gpu(name).value.vendor for name in gpu_names()}
    found = tuple(name for name, each in made.items() if each.casefold() == vendor.casefold())
    if not found:
        makers = sorted({each.lower() for each in made.values()})
        help_ = did_you_mean(vendor, makers) or f"one of {', '.join(makers)}"
        raise Unknown(f"no accelerator of the catalog is from {vendor!r}", help=help_)
    return found


def _called(stem: str, pattern: str) -> str | None:
    model = structure(stem)
    names = (model.name, *(each.name for each in model.aliases))
    return next((name for name in names if _fits(name, pattern)), None)


def _fits(name: str, pattern: str) -> bool:
    """Return whether a name, whole or without its organisation, matches a glob in any case."""
    glob = normalised(pattern).replace("[", "[[]")
    key = normalised(name)
    return fnmatchcase(key, glob) or fnmatchcase(bare(key), glob)


def _kind(name: str) -> str:
    kind, colon, _ = name.partition(":")
    return normalised(kind) if colon else ""


def _plain(pattern: str) -> str:
    return pattern.replace("*", "").replace("?", "").strip("- ")
