"""Models of one series against each other: what all sizes and tunings of it share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator

from integrity.catalog import Offences, apart, data, models

from sizer.schema.facts.model import Attention, Model

_SIZE = re.compile(r"(\d+x)?[ea]?\d+(\.\d+)?[mbt]|\d+e|a\d+(\.\d+)?[mb]")
PADDING = 0.01


def vocabulary_of_series() -> Offences:
    """Sizes of one series share a vocabulary, up to padding. Within 1 %."""
    yield from _odd(lambda model: model.vocab_size, PADDING)


def context_of_series() -> Offences:
    """Sizes and tunings of one series share their longest context. Exact."""
    yield from _odd(lambda model: model.max_context, 0.0)


def windows_of_series() -> Offences:
    """Sizes of one series have the same windows, or none. Exact."""
    yield from _odd(_window, 0.0)


def heads_of_series() -> Offences:
    """A bigger size of a series has no narrower heads than a smaller one. Exact."""
    for series, members in _series().items():
        widest = (0, "")
        for model in sorted(members, key=lambda each: each.parameters):
            width = max(_width(each.attention) for each in model.layers)
            if width < widest[0]:
                said = f"heads of {width}, the smaller {widest[1]} of {widest[0]}"
                yield model.name, f"{said} ({series})"
            widest = max(widest, (width, model.name))


def family_of_series() -> Offences:
    """Sizes of one series are of one `model_type`, but for experts and towers. Exact."""
    for series, members in _series().items():
        counts = Counter(_family(each) for each in members)
        usual = counts.most_common(1)[0][0]
        for model in members:
            if _family(model) != usual and len(members) > 2:
                yield model.name, f"{model.family}, the others of {series} {usual}"


def _width(mixer: Attention) -> int:
    return mixer.head_dim * max(mixer.compression, 1)  # those of a compressed one are for one token


def _family(model: Model) -> str:
    return re.sub(r"_?(moe|text)$", "", model.family)


def twins_are_alike() -> Offences:
    """Files of one name and size, but for tuning, date and format, have the same layers. Exact."""
    found: dict[str, list[Model]] = {}
    aside = {*data("series")["tunings"], *data("series")["dates"]}
    for model in models().values():
        key = "-".join(word for word in _split(model.name) if word not in aside)
        found.setdefault(key, []).append(model)
    for members in found.values():
        for model in members[1:]:
            if model.layers != members[0].layers:
                yield model.name, f"other layers than {members[0].name}"


def _window(model: Model) -> int:
    return max((each.attention.window or 0 for each in model.layers), default=0)


def _odd(fact: Callable[[Model], int], tolerance: float) -> Offences:
    """Yield members of a series that differ from the fact that most members have."""
    for series, members in _series().items():
        usual, times = Counter(map(fact, members)).most_common(1)[0]
        for model in members:
            if apart(fact(model), usual) > tolerance and (times > 1 or model is not members[0]):
                yield model.name, f"{fact(model):,}, others of {series} {usual:,}"


def _series() -> dict[str, list[Model]]:
    found: dict[str, list[Model]] = {}
    aside = {*data("series")["sizes"], *data("series")["tunings"]}
    for model in models().values():
        words = [each for each in _split(model.name) if not _SIZE.fullmatch(each)]
        found.setdefault("-".join(each for each in words if each not in aside), []).append(model)
    return {series: members for series, members in found.items() if len(members) > 1}


def _split(name: str) -> Iterator[str]:
    return (each for each in re.split(r"[-_/]", name.lower()) if each)


CHECKS = (
    vocabulary_of_series,
    context_of_series,
    windows_of_series,
    heads_of_series,
    family_of_series,
    twins_are_alike,
)
