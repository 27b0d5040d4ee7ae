"""Which kernels the layers of a deployment launch on an accelerator, by its weight format.

Weights that are narrower than any arithmetic of the device are converted first. Others are
multiplied as they are; then activations are narrowed as well, and with a scale for every group of
them where the weights have one (DeepSeek-V3, arXiv:2412.19437, section 3.3.2; OCP Microscaling
Formats, version 1.0).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sizer.estimate.device.peaks import expert_compute, peak_flops
from sizer.schema.facts.gpu import Gpu
from sizer.schema.scenario import Deployment

NARROW = 2.0  # bytes; a narrower weight that the device cannot multiply is converted first
EIGHT_BIT = 1.0  # bytes; kernels for narrower experts were measured to add nothing to a router's


def converts_dense(deployment: Deployment, gpu: Gpu) -> bool:
    """Whether the weights of dense layers are narrower than any arithmetic of the device."""
    form = deployment.weights
    return form.linear_bytes < NARROW and not _native(form.compute, gpu)


def converts_experts(deployment: Deployment, gpu: Gpu) -> bool:
    """Whether the weights of experts are narrower than any arithmetic of the device."""
    form = deployment.weights
    return form.expert_bytes < NARROW and not _native(expert_compute(form), gpu)


def scales_activations(deployment: Deployment, gpu: Gpu) -> bool:
    """Whether dense layers narrow their activations, with a scale for each group of them."""
    form = deployment.weights
    return form.linear_bytes < NARROW and _grouped(deployment) and _native(form.compute, gpu)


def has_block_experts(deployment: Deployment, gpu: Gpu) -> bool:
    """Whether experts are multiplied at 8 bit with a scale for each block of weights."""
    form = deployment.weights
    wide = EIGHT_BIT <= form.expert_bytes < NARROW
    return wide and _grouped(deployment) and _native(expert_compute(form), gpu)


def has_plain_experts(deployment: Deployment, gpu: Gpu) -> bool:
    """Whether experts are multiplied at 16 bit, or at 8 with a scale for each tensor or row."""
    wide = deployment.weights.expert_bytes >= EIGHT_BIT
    return wide and not (converts_experts(deployment, gpu) or has_block_experts(deployment, gpu))


def _grouped(deployment: Deployment) -> bool:
    """Whether a group of weights has a scale of its own; fp8 has if the model's checkpoints do."""
    form, model = deployment.weights, deployment.model
    return form.group_size is not None or (form.name == "fp8" and model.scale_block > 0)


def _native(compute: str, gpu: Gpu) -> bool:
    return peak_flops(compute, gpu) != peak_flops("bf16", gpu)


KERNELS: Mapping[str, Callable[[Deployment, Gpu], bool]] = {
    "dense_converted": converts_dense,
    "experts_converted": converts_experts,
    "activations_scaled": scales_activations,
    "experts_in_blocks": has_block_experts,
    "experts_plain": has_plain_experts,
}
