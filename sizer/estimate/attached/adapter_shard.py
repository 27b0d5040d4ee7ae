"""What LoRA adds to the passes of one accelerator: exact, in plain Python.

A layer with an adapter reads its input once more for each part, writes a few numbers (shrink), and
adds to its output (expand): vllm/lora/ops/triton_ops. Of experts the figures are those of one
token, and of all that the device holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from attrs import frozen

from sizer.estimate.device.adapters import Pair, pairs
from sizer.schema.scenario import Deployment

Counted = Sequence[tuple[Pair, float]]
KERNELS = 2.0  # shrink and expand
EXPERT_LAYERS = 2.0  # of fused kernels: gate and up together, and down
WIDTH = 2.0  # bytes of an activation and of an element of an adapter


@frozen
class AdapterShard:
    """Scalars of one deployment, per device, over all stages.

    `adapter_widths` and `adapter_expert_widths` times the rank are the elements of one adapter;
    `adapter_token_widths` those that one token multiplies. `adapter_moved_bytes` are activations of
    one token that are read and written once more. `adapter_kernels` are those of a pass, fused;
    `adapter_part_kernels` where each part of a fused layer has its own.
    """

    adapter_widths: float
    adapter_expert_widths: float
    adapter_token_widths: float
    adapter_moved_bytes: float
    adapter_kernels: float
    adapter_part_kernels: float


def adapter_shard(deployment: Deployment) -> AdapterShard:
    """Return what adapters of every linear layer add."""
    dense = list(_of_layers(deployment, routed=False))
    experts = list(_of_layers(deployment, routed=True))
    expert_layers = sum(g.count for g in deployment.model.layers if g.mlp.experts)
    fused = EXPERT_LAYERS * expert_layers
    return AdapterShard(
        adapter_widths=_sum(dense, _width),
        adapter_expert_widths=_sum(experts, _width),
        adapter_token_widths=_sum(dense, _width) + _sum(experts, _width, deployment),
        adapter_moved_bytes=_sum(dense, _moved) + _sum(experts, _moved, deployment),
        adapter_kernels=KERNELS * (sum(times for _, times in dense) + fused),
        adapter_part_kernels=KERNELS * (sum(pair.parts * times for pair, times in dense) + fused),
    )


def _of_layers(deployment: Deployment, *, routed: bool) -> Iterator[tuple[Pair, float]]:
    """Yield each pair of matrices, and how many times a device has it over all layers."""
    for group in deployment.model.layers:
        for pair in pairs(group, deployment):
            if pair.name.startswith("experts.") is routed:
                yield pair, group.count * pair.number


def _sum(
    found: Counted, of: Callable[[Pair], float], deployment: Deployment | None = None
) -> float:
    """Return the sum over pairs; of a deployment's experts those that one token goes to."""
    active = 1.0 if deployment is None else _active_share(deployment)
    return active * sum(times * of(pair) for pair, times in found)


def _width(pair: Pair) -> float:
    return pair.inputs + pair.outputs


def _moved(pair: Pair) -> float:
    """Return the bytes of one token: inputs are read, outputs read and written."""
    return WIDTH * (pair.inputs + 2.0 * pair.outputs)


def _active_share(deployment: Deployment) -> float:
    """Return the share of the experts that one token goes to."""
    routed = [g.mlp for g in deployment.model.layers if g.mlp.experts]
    shares = [each.experts_per_token / each.experts for each in routed]
    return max(shares, default=0.0)
