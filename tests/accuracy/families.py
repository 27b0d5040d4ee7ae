"""Kinds of structure that a calibration may never have seen."""

from __future__ import annotations

from sizer.schema.scenario import Deployment

BLOCKS = {"fp8-block": "block fp8", "mxfp4": "4 bits", "nvfp4": "4 bits", "mxfp8": "block fp8"}


def family(deployment: Deployment) -> str:
    """Return the kind of a deployment's structure, by what its layers launch."""
    mixers = [group.attention for group in deployment.model.layers]
    kinds = {mixer.kind for mixer in mixers}
    if any(mixer.index_heads for mixer in mixers):
        return "sparse attention"
    if kinds & {"linear", "mamba"}:
        return "hybrid"
    if "mla" in kinds:
        return "MLA"
    if not deployment.model.is_moe:
        return "dense"
    return f"experts in {BLOCKS.get(deployment.weights.name, 'plain formats')}"
