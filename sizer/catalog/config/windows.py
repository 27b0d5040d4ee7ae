"""Which layers look back only so far."""

from __future__ import annotations

from sizer.catalog.config.families import Family
from sizer.catalog.config.fields import Fields


def windows(fields: Fields, family: Family) -> list[int | None]:
    """Return the window of every layer in tokens, None where a layer sees all of the context."""
    count = fields.layers
    wide = _window(fields)
    if fields.family == "llama4_text":
        return [wide if rope else None for rope in _roped(fields, count)]
    if wide is None or family.windows == "none":
        return [None] * count
    if family.windows == "all":
        return [wide] * count
    if family.windows == "flag":
        first = fields.count("max_window_layers", default=0)
        used = fields.flag("use_sliding_window")
        return [wide if used and layer >= first else None for layer in range(count)]
    return [wide if slides else None for slides in _sliding(fields, family, count)]


def _window(fields: Fields) -> int | None:
    chunk = "attention_chunk_size" if fields.family == "llama4_text" else "sliding_window"
    wide = fields.count(chunk, "sliding_window_size", default=0)
    return wide if 0 < wide < fields.context else None


def _sliding(fields: Fields, family: Family, count: int) -> list[bool]:
    """Return what the list of the config says, else the family's pattern."""
    kinds = fields.listed("layer_types", count)
    if kinds is not None:
        return [kind in {"sliding_attention", "chunked_attention"} for kind in kinds]
    swa = fields.listed("hybrid_layer_pattern", count)
    if swa is not None:
        return [bool(kind) for kind in swa]
    stated = fields.inner.get("sliding_window_pattern", fields.inner.get("_sliding_window_pattern"))
    if isinstance(stated, str):
        return [stated[layer % len(stated)] == "L" for layer in range(count)]
    period = stated if isinstance(stated, int) and stated > 0 else family.period
    if not period:
        raise fields.fault("`layer_types` is missing")
    return [(layer + 1) % period != 0 for layer in range(count)]


def _roped(fields: Fields, count: int) -> list[bool]:
    stated = fields.listed("no_rope_layers", count)
    if stated is not None:
        return [bool(rope) for rope in stated]
    return [(layer + 1) % 4 != 0 for layer in range(count)]
