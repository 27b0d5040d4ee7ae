"""What a profile's own price files hold."""

from __future__ import annotations

from attrs import frozen

from sizer.diagnostic import Diagnostic
from sizer.schema.gpu import Price
from sizer.structure.document import Document


@frozen(eq=False)
class OwnFiles:
    """Prices of all files together, the files, and what is wrong with them."""

    prices: tuple[Price, ...] = ()
    files: tuple[Document, ...] = ()
    faults: tuple[Diagnostic, ...] = ()
