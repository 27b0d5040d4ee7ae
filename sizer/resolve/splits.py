"""Which splits an engine accepts, and which of them a model needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cache
from math import ceil, gcd

from attrs import frozen

from sizer.schema.answered.report import Refusal
from sizer.schema.facts.format import Served, WeightFormat
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Attention, Model
from sizer.units import GIB

LEAST_ROOM = 0.1  # of the memory that weights must leave, or a model needs another server
EACH_COUNT = 16  # numbers of replicas that are all tried; above, STEPS in each doubling
STEPS = 8


@frozen
class Split:
    """How one replica is divided: `dp` attention groups of `tp` ranks in `pp` stages."""

    tp: int
    pp: int = 1
    ep: int = 1
    dp: int = 1

    @property
    def gpus(self) -> int:
        """Accelerators of one replica."""
        return self.tp * self.pp * self.dp


def splits(model: Model, form: WeightFormat, gpu: Gpu, limit: int) -> Iterator[Split]:
    """Yield every split of at most `limit` accelerators that vLLM accepts.

    Query heads and MLP widths divide; key and value heads divide, or are replicated evenly
    (vLLM, ParallelConfig and QKVParallelLinear). Experts are split like other layers, or spread
    whole where their width does not divide. A model with experts may also run its attention in
    groups of one accelerator each that share the experts. What one server cannot hold is split
    over several, in stages or in ranks of one.
    """
    node = min(limit, gpu.joined_devices)
    for tp in range(1, node + 1):
        if refusal(model, form, tp) is None:
            cut = cuts(model, form, tp)
            for pp in pipeline_splits(model, form, tp, gpu, limit):
                yield Split(tp, pp, ep=1 if cut else tp)
    for tp in over_servers(model, form, gpu, limit):
        yield Split(tp, ep=1 if cuts(model, form, tp) else tp)
    for groups in range(2, node + 1):
        if model.is_moe and spreads(model, groups):
            yield Split(1, ep=groups, dp=groups)


def refusal(model: Model, form: WeightFormat, tp: int) -> Refusal | None:
    """Return why no engine divides a model over so many ranks; None when one does."""
    if cuts(model, form, tp) or (spreads(model, tp) and divides(model, tp, 1)):
        return None
    return "cut groups" if divides(model, tp, tp) else "uneven widths"


def refusals(model: Model, form: WeightFormat, gpu: Gpu, limit: int) -> Counter[Refusal]:
    """Count the splits within one server that are not proposed, by reason."""
    sizes, groups = within_a_server(model, gpu, limit)
    if not runs_on(form, gpu):
        return Counter({"no kernel": len(sizes) + len(groups)})
    found: Counter[Refusal] = Counter(filter(None, (refusal(model, form, tp) for tp in sizes)))
    found["uneven experts"] += sum(not spreads(model, each) for each in groups)
    return +found


def within_a_server(model: Model, gpu: Gpu, limit: int) -> tuple[range, range]:
    """Return the tensor-parallel sizes of a server, and the numbers of a MoE's groups."""
    sizes = range(1, min(limit, gpu.joined_devices) + 1)
    return sizes, sizes[1:] if model.is_moe else range(0)


def pipeline_splits(model: Model, form: WeightFormat, tp: int, gpu: Gpu, limit: int) -> list[int]:
    """Return pipeline sizes: more than one only for whole servers that cannot hold the model.

    There are none over a network that nobody knows.
    """
    least = ceil(servers_needed(model, form, gpu) / max(tp / gpu.joined_devices, 1.0))
    if tp < gpu.joined_devices or least <= 1:
        return [1]
    if gpu.node_link_gb_s is None:
        return []
    return list(range(least, min(limit // tp, model.layer_count) + 1))


def over_servers(model: Model, form: WeightFormat, gpu: Gpu, limit: int) -> list[int]:
    """Return tensor-parallel sizes of several whole servers, for what one server cannot hold."""
    least, size = servers_needed(model, form, gpu), gpu.joined_devices
    if least <= 1 or gpu.node_link_gb_s is None:
        return []
    sizes = (servers * size for servers in range(least, limit // size + 1))
    return [tp for tp in sizes if refusal(model, form, tp) is None]


def servers_needed(model: Model, form: WeightFormat, gpu: Gpu) -> int:
    """Return how many whole servers the weights of a model take."""
    room = gpu.joined_devices * gpu.memory_gib * GIB * (1.0 - LEAST_ROOM)
    return ceil(model.parameters * min(form.linear_bytes, form.expert_bytes) / room)


@cache
def replica_counts(most: int) -> tuple[int, ...]:
    """Return numbers of replicas to try: each to EACH_COUNT, then fewer, and the most."""
    found = set(range(1, min(most, EACH_COUNT) + 1))
    step = 2 * EACH_COUNT // STEPS
    count = EACH_COUNT + step
    while count < most:
        found.add(count)
        step = max(step, 2 ** (count.bit_length() - 1) // STEPS)
        count += step
    return tuple(sorted(found | ({most} if most else set())))


def runs_on(form: Served, gpu: Gpu) -> bool:
    """Whether an engine has a kernel for the format; devices without a number are not refused."""
    if form.vendors and gpu.vendor not in (*form.vendors, "unknown"):
        return False
    if not _multiplies(form, gpu):
        return False
    least, below = form.least_compute_capability, form.below_compute_capability
    has = gpu.compute_capability
    return has is None or ((least is None or has >= least) and (below is None or has < below))


def _multiplies(form: Served, gpu: Gpu) -> bool:
    """Whether a device has the arithmetic, or engines convert the format on its maker's devices."""
    if not isinstance(form, WeightFormat) or not form.converted_on:
        return True
    return gpu.vendor in form.converted_on or getattr(gpu.peaks, form.compute) != 0


def accepts(form: WeightFormat, model: Model, tp: int, expert_cuts: int | None = None) -> bool:
    """Whether quantisation groups stay whole, of experts too, which may be cut otherwise."""
    if not form.group_size:
        return True
    mlps = [group.mlp for group in model.layers]
    widths = [each.width // tp for each in mlps]
    widths += [each.expert_width // (expert_cuts or tp) for each in mlps]
    return all(width % form.group_size == 0 for width in widths)


def cuts(model: Model, form: WeightFormat, tp: int) -> bool:
    """Whether every layer, experts among them, is cut into equal slices."""
    return divides(model, tp, tp) and accepts(form, model, tp)


def divides(model: Model, tp: int, expert_cuts: int) -> bool:
    """Whether heads and widths divide over `tp` ranks, and those of experts into so many cuts."""
    return all(
        _evenly(group.attention.heads, tp)
        and _shared(group.attention.kv_heads, tp)
        and _evenly(group.mlp.width, tp)
        and _evenly(group.mlp.expert_width, expert_cuts)
        for group in model.layers
    )


def spreads(model: Model, ranks: int) -> bool:
    """Whether experts are spread evenly over ranks, each of them whole."""
    return model.is_moe and all(_evenly(group.mlp.experts, ranks) for group in model.layers)


def shares_context(model: Model, tp: int, ranks: int) -> bool:
    """Whether so many tensor ranks may divide the cache of a request among them.

    A latent is on every rank, so any part of `tp` may; key heads only as often as each is repeated,
    and no layer may have a window (vLLM, ModelConfig.verify_with_parallel_config).
    """
    mixers = [group.attention for group in model.layers if group.attention.cached]
    return ranks == 1 or (
        tp % ranks == 0
        and all(_repeats(each, tp, ranks) for each in mixers if not each.window)
        and not any(each.window for each in mixers)
    )


def _repeats(attention: Attention, tp: int, ranks: int) -> bool:
    if attention.kind != "softmax":
        return True
    heads, queries = attention.kv_heads, attention.heads // attention.kv_heads
    return tp > heads and ranks <= tp // heads and queries % ranks == 0


def _evenly(count: int, tp: int) -> bool:
    return count % tp == 0


def _shared(heads: int, tp: int) -> bool:
    return not heads or gcd(heads, tp) == min(heads, tp)
