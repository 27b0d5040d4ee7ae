"""One thing that a list names in two ways."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from sizer.diagnostic import Diagnostic
from sizer.structure.shape.faults import VALUE
from sizer.structure.toml.document import Document
from sizer.structure.toml.path import Path as Keys


def doubled(
    document: Document, keys: Keys, names: Sequence[str], what: str, thing: Callable[[str], object]
) -> Iterator[Diagnostic]:
    """Yield a fault (SZ104) for each name in a list that means the same thing as an earlier one.

    `thing` is what a name means; None is nothing. The very same name again is a fault of the list's
    shape, and told with it.
    """
    seen: dict[object, str] = {None: ""}
    for index, name in enumerate(names):
        first = seen.setdefault(thing(name) if name else None, name)
        if first not in {"", name}:
            said = f"{keys[-1]} lists one {what} twice: {name!a} is {first!a}"
            yield Diagnostic(VALUE, said, document.place((*keys, index)), "each stands once")
