"""Which splits are tried: those that the fleet asks for, else those that a model needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import product

from sizer.resolve.splits import (
    Split,
    accepts,
    cuts,
    divides,
    over_servers,
    pipeline_splits,
    refusals,
    runs_on,
    shares_context,
    splits,
    spreads,
    within_a_server,
)
from sizer.schema.answered.report import Refusal
from sizer.schema.asked.names import SPLIT
from sizer.schema.asked.profile import Fleet
from sizer.schema.facts.format import KvFormat, WeightFormat
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model


def asks(fleet: Fleet) -> bool:
    """Whether a fleet says how to split."""
    return any(getattr(fleet, name) for name in SPLIT)


def proposals(
    model: Model, form: WeightFormat, gpu: Gpu, fleet: Fleet, context_ranks: int = 1
) -> Iterator[Split]:
    """Yield every split to try of a model in a format on an accelerator.

    The cache of a request is divided over `context_ranks` of its tensor ranks.
    """
    for split in _possible(model, form, gpu, fleet):
        if shares_context(model, split.tp, context_ranks):
            yield split


def _possible(model: Model, form: WeightFormat, gpu: Gpu, fleet: Fleet) -> Iterator[Split]:
    if not asks(fleet):
        yield from splits(model, form, gpu, fleet.max_gpus_per_replica)
        return
    for split in requested(model, form, gpu, fleet):
        if why_not(split, model, form, gpu, fleet.max_gpus_per_replica) is None:
            yield split


def not_proposed(
    model: Model, form: WeightFormat, gpu: Gpu, fleet: Fleet, context_ranks: int = 1
) -> Counter[Refusal]:
    """Count the splits that are not tried, by reason; those that nobody asks for among them."""
    found = _refused(model, form, gpu, fleet)
    if runs_on(form, gpu):
        tried = _possible(model, form, gpu, fleet)
        found["context ranks"] += sum(
            not shares_context(model, each.tp, context_ranks) for each in tried
        )
    return +found


def _refused(model: Model, form: WeightFormat, gpu: Gpu, fleet: Fleet) -> Counter[Refusal]:
    limit = fleet.max_gpus_per_replica
    if not asks(fleet):
        return refusals(model, form, gpu, limit)
    asked = requested(model, form, gpu, fleet)
    if not runs_on(form, gpu):
        return Counter({"no kernel": len(asked)})
    why = (why_not(split, model, form, gpu, limit) for split in asked)
    found: Counter[Refusal] = Counter(filter(None, why))
    found["not asked"] += sum(each not in asked for each in splits(model, form, gpu, limit))
    return found


def not_cached(model: Model, form: KvFormat, gpu: Gpu, fleet: Fleet) -> Counter[Refusal]:
    """Count the splits that are not tried for want of the cache's kernel."""
    if runs_on(form, gpu):
        return Counter()
    sizes, groups = within_a_server(model, gpu, fleet.max_gpus_per_replica)
    return Counter({"no cache kernel": len(sizes) + len(groups)})


def requested(model: Model, form: WeightFormat, gpu: Gpu, fleet: Fleet) -> dict[Split, None]:
    """Return every combination of the sizes that a fleet asks for, whether or not it can be.

    What it does not name is as it is proposed without it: one stage, or as many as servers are
    needed; one attention group, or groups of one accelerator each that share experts, or as many
    as an asked `ep` leaves; experts split like other layers, or spread where they do not divide.
    """
    limit = fleet.max_gpus_per_replica
    within, groups = within_a_server(model, gpu, limit)
    sizes = (*within, *over_servers(model, form, gpu, limit))
    found: dict[Split, None] = {}
    for tp in fleet.tp or sizes:
        for dp in fleet.dp or _groups(tp, groups, fleet.ep):
            pipelines = fleet.pp or pipeline_splits(model, form, tp * dp, gpu, limit)
            experts = fleet.ep or (_experts(model, form, tp, dp),)
            found.update((Split(tp, pp, ep, dp), None) for pp, ep in product(pipelines, experts))
    return found


def _groups(tp: int, groups: range, ep: tuple[int, ...]) -> list[int]:
    shared = [ranks // tp for ranks in ep if ranks % tp == 0]
    alone = groups if tp == 1 and not ep else ()
    return list(dict.fromkeys((1, *alone, *shared)))


def _experts(model: Model, form: WeightFormat, tp: int, dp: int) -> int:
    return 1 if dp == 1 and (cuts(model, form, tp) or not model.is_moe) else tp * dp


def why_not(split: Split, model: Model, form: WeightFormat, gpu: Gpu, limit: int) -> Refusal | None:
    """Return why no engine runs a split that is asked for; None when one does."""
    return _no_place(split, model, gpu, limit) or _no_division(split, model, form)


def _no_place(split: Split, model: Model, gpu: Gpu, limit: int) -> Refusal | None:
    if split.gpus > limit:
        return "beyond the limit"
    ranks, server = split.tp * split.dp, gpu.joined_devices
    if ranks > server and ranks % server:
        return "part of a server"
    if split.gpus > server and gpu.node_link_gb_s is None:
        return "no network"
    return "few layers" if split.pp > model.layer_count else None


def _no_division(split: Split, model: Model, form: WeightFormat) -> Refusal | None:
    ranks = split.tp * split.dp
    if not model.is_moe and max(split.ep, split.dp) > 1:
        return "no experts"
    if split.ep not in {1, ranks}:
        return "other ranks"
    if split.ep > 1 and not spreads(model, ranks):
        return "uneven experts"
    expert_cuts = ranks if split.ep == 1 else 1
    if not divides(model, split.tp, expert_cuts):
        return "uneven widths"
    return None if accepts(form, model, split.tp, expert_cuts) else "cut groups"
