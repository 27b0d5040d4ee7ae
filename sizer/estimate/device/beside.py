"""What an engine holds on one device beside weights, activations and the pool of its cache."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from attrs import frozen

from sizer.estimate.device.peak import graph_bytes, non_torch_bytes
from sizer.estimate.device.static_share import static_pools
from sizer.estimate.engine.settings import Settings
from sizer.schema.scenario import Deployment
from sizer.units import GIB

MIB = 2**20


@frozen
class Part:
    """A part of it, in bytes; `slots` of states are so many of `slot_bytes` each."""

    name: str
    size: float
    slots: float = 0.0
    slot_bytes: float = 0.0


@frozen
class Beside:
    """The parts; states in a pool of their own carry at most `requests` at once."""

    parts: tuple[Part, ...]
    requests: float = inf

    @property
    def total_bytes(self) -> float:
        """Bytes of all parts."""
        return sum(each.size for each in self.parts)


def beside(
    deployment: Deployment, settings: Settings, weight_bytes: float, activation_bytes: float
) -> Beside:
    """Return what is held beside so many bytes of weights and activations."""
    if settings.has_slots:
        context = settings.default("context_gib") * GIB
        return Beside((Part("outside the allocator", context),), float(settings.max_num_seqs))
    if settings.pools_slots:
        return _static(deployment, settings, weight_bytes, activation_bytes)
    held = tuple(_profiled(deployment, settings))
    if settings.pools_free_share:
        taken = weight_bytes + activation_bytes + Beside(held).total_bytes
        return Beside((*held, _left_free(settings, taken)))
    return Beside(held)


def _profiled(deployment: Deployment, settings: Settings) -> Iterator[Part]:
    yield Part("outside the allocator", non_torch_bytes(deployment, settings))
    yield Part("CUDA graphs", graph_bytes(deployment, settings))


def _left_free(settings: Settings, taken_bytes: float) -> Part:
    """Return what TensorRT-LLM leaves of what is free once its largest step was run."""
    asked = settings.asked.gpu_memory_utilization
    share = settings.default("free_gpu_memory_fraction") if asked is None else asked
    free = settings.device.memory_mib * MIB - taken_bytes
    return Part("left free", max(free, 0.0) * (1.0 - share))


def _static(
    deployment: Deployment, settings: Settings, weight_bytes: float, activation_bytes: float
) -> Beside:
    """Return SGLang's parts: what it leaves aside counts less the activations that use it."""
    found = static_pools(deployment, settings, weight_bytes)
    parts = [
        Part("outside the allocator", found.context_bytes),
        Part("left aside", max(found.aside_bytes - activation_bytes, 0.0)),
    ]
    if found.slot_bytes:
        size = found.state_pool_bytes
        parts.append(Part("pool of states", size, size / found.slot_bytes, found.slot_bytes))
    if found.table_bytes:
        parts.append(Part("draft tables", found.table_bytes))
    return Beside(tuple(parts), found.requests)
