"""What a profile's own price files hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from sizer.diagnostic import Diagnostic
from sizer.structure.toml.document import Document

if TYPE_CHECKING:  # few profiles have prices of their own
    from sizer.schema.facts.price import Price


@frozen(eq=False, repr=False)
class OwnFiles:
    """Prices of all files together, the files, and what is wrong with them."""

    prices: tuple[Price, ...] = ()
    files: tuple[Document, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
