"""How a value of a document is named: the keys and indices that lead to it."""

from __future__ import annotations

Path = tuple[str | int, ...]
