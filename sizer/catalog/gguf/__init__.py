"""GGUF files as models: the header alone tells structure, counts and types."""

from sizer.catalog.gguf.structure import read_gguf

__all__ = ["read_gguf"]
