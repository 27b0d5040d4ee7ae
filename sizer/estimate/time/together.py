"""Terms of what prefill apart from decode has two of, where the same replicas do both."""

from __future__ import annotations

import numpy as np

from sizer.estimate.columns.quantity import Code, Count, Milliseconds


def prefill_gpus(prefill_replicas: Count) -> Count:
    """Accelerators that read prompts alone: none."""
    return np.zeros_like(prefill_replicas)


def transfer_ms(prefill_replicas: Count) -> Milliseconds:
    """Wait for a cache on its way: it stays where it is."""
    return np.zeros_like(prefill_replicas)


def prefill_utilization(utilization: Count) -> Count:
    """Load of the replicas that read prompts: they decode too."""
    return utilization


def decode_utilization(utilization: Count) -> Count:
    """Load of the replicas that decode: they read prompts too."""
    return utilization


def binding_side(prefill_replicas: Count) -> Code:
    """Which side is nearest to its capacity, as a code of the registry's members: both are one."""
    return np.zeros_like(prefill_replicas, np.int32)


TERMS = (prefill_gpus, transfer_ms, prefill_utilization, decode_utilization, binding_side)
