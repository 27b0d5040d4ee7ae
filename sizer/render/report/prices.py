"""Prices and what is bought, in words."""

from __future__ import annotations

from sizer.render.kit.figures import UNKNOWN
from sizer.schema.answered.report import Bought, Choice, GpuPrice, Instances
from sizer.schema.facts.price import BY_HAND, OWNED, UNDATED
from sizer.units import counted


def gpu_price(paid: GpuPrice) -> str:
    """Return what one accelerator comes to, who says so, and what others ask."""
    if paid.usd_per_gpu_hour is None:
        return f"{paid.gpu}: {UNKNOWN}"
    term = "" if paid.term == "on_demand" else paid.term
    day = paid.as_of or ("" if paid.provider in {BY_HAND, OWNED} else UNDATED)
    told = ", ".join(filter(None, (paid.provider, paid.region, term, day)))
    return f"{paid.gpu}: {paid.usd_per_gpu_hour:.3f} USD/h ({told}){_among(paid)}"


def _among(paid: GpuPrice) -> str:
    """Return how many providers a price stands for, and between which figures."""
    if paid.providers < 2 or paid.lowest_usd_per_gpu_hour is None:
        return ""
    undated = f"; {paid.undated} undated" if paid.undated else ""
    highest = f"{paid.highest_usd_per_gpu_hour:.3f} ({paid.highest_provider})"
    if paid.providers == 2:
        return f", the lower of 2: {highest} is the other{undated}"
    lowest = f"{paid.lowest_usd_per_gpu_hour:.3f} ({paid.lowest_provider})"
    return f", median of {paid.providers}: {lowest} to {highest}{undated}"


def buys(choice: Choice) -> str:
    """Return which instances the cost of a choice pays for; empty where that is unknown."""
    if choice.bought is None:
        return ""
    gpu = str(choice.metrics["gpu"])
    return bought(choice.bought, gpu, "accelerators" if choice.metrics.get("prefill_gpus") else gpu)


def bought(paid: Bought, gpu: str, each: str) -> str:
    """Return which instances a cost pays for, what is left over of `each`, and what others ask."""
    instances = " + ".join(_lot(each, gpu) for each in paid.instances)
    days = {each.as_of for each in paid.instances}
    day = "" if paid.provider in {BY_HAND, OWNED} else ", ".join(sorted(x or UNDATED for x in days))
    term = "" if paid.term == "on_demand" else paid.term
    about = ", ".join(filter(None, (paid.region, term, day)))
    place = {BY_HAND: "", OWNED: ", owned"}.get(paid.provider, f" at {paid.provider}")
    left = f", {paid.left_over} of {paid.gpus} {each} left over" if paid.left_over else ""
    return f"{instances}{place}{f' ({about})' if about else ''}{left}{_range(paid)}"


def _lot(each: Instances, gpu: str) -> str:
    if each.gpus_each is None:
        return f"{each.count} x {gpu}"
    return f"{each.count} x {each.instance or f'server of {each.gpus_each} {gpu}'}"


def _range(paid: Bought) -> str:
    """Return how many providers sell what holds a candidate, and between which figures."""
    if paid.providers < 2:
        return ""
    lowest = f"{paid.lowest_usd_per_hour:.4g} ({paid.lowest_provider})"
    highest = f"{paid.highest_usd_per_hour:.4g} USD/h ({paid.highest_provider})"
    if paid.providers == 2:
        return f"; the lower of {counted(2, 'provider')}, the other asks {highest}"
    return f"; the median of {counted(paid.providers, 'provider')}, {lowest} to {highest}"
