"""GGUF files as models: the header alone tells structure, counts and types.

Comes in: the header of a GGUF file. Goes out: a model. It never reads the bytes of a weight.
"""

from sizer.catalog.gguf.structure import read_gguf

__all__ = ["read_gguf"]
