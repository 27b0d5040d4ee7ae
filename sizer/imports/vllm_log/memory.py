"""The figures of a start as the measured columns of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from attrs import frozen

from sizer.diagnostic import Diagnostic, Place
from sizer.imports.vllm_log.log import Said, Start
from sizer.units import GIB

LESS = "SZ008"
BLOCK_TOKENS = 16  # vLLM's default; the log names blocks only up to 0.8
Figures = Mapping[str, Said]


@frozen
class Memory:
    """Cells by column, and what was left out of them and why."""

    cells: dict[str, str]
    notes: tuple[Diagnostic, ...]


def memory_of(start: Start) -> Memory:
    """Return the memory of one accelerator, of the stage that leaves the least to the cache."""
    binding = _binding(start)
    pool, pool_notes = _pool(start, binding)
    cells = {
        "max_context": _text(_least(start, "request_tokens")),
        "gpu_memory_utilization": _utilization(start),
        "gpu_memory_gib": _text(_total(start)),
        "cuda_graphs_gib": _text(_most(start, "graphs_gib")),
        "measured_weights_gib": _text(_most(start, "weights_gib")),
        "measured_activations_gib": _text(_of_workers(start, binding, _activation)),
        "measured_overhead_gib": _text(_overhead(start, binding)),
        "measured_checkpoint_gib": _text(_least(start, "checkpoint_gib")),
    }
    return Memory(cells | pool, tuple(pool_notes))


def _binding(start: Start) -> Figures:
    """Return the figures of the worker with the smallest pool; without pools, most weights."""
    workers = list(start.figures.values())
    pools = [(pool, each) for each in workers if (pool := _kv(each)) is not None]
    if pools:
        return min(pools, key=lambda known: known[0])[1]
    return max(workers, key=lambda each: _number(each, "weights_gib") or 0.0, default={})


def _kv(figures: Figures) -> float | None:
    """Return a worker's pool; only the first stage prints it, others what they take."""
    printed = _number(figures, "kv_gib")
    if printed is None and "kv_bytes" in figures:
        return _value(figures["kv_bytes"]) / GIB
    requested, taken = _number(figures, "requested_gib"), _number(figures, "non_kv_gib")
    if printed is not None or requested is None or taken is None:
        return printed
    return requested - taken


def _of_workers(
    start: Start, binding: Figures, figure: Callable[[Figures], float | None]
) -> float | None:
    """Return a figure of the binding worker; where it is silent, the most that others say."""
    found = figure(binding)
    others = (figure(each) for each in start.figures.values())
    return found or max((each for each in others if each is not None), default=None)


def _activation(figures: Figures) -> float | None:
    peak = _difference(figures, "peak_torch_gib", "weights_gib")
    printed = _number(figures, "activation_gib")
    return peak if printed is None else printed


def _non_torch(figures: Figures) -> float | None:
    consumed = _difference(figures, "consumed_gib", "weights_gib")
    printed = _number(figures, "non_torch_gib")
    return consumed if printed is None else printed


def _overhead(start: Start, binding: Figures) -> float | None:
    """Return what lies outside of weights and activations; since 0.21 with the graphs to come.

    Their estimate counts where vLLM says that it takes it off the budget.
    """
    outside = _of_workers(start, binding, _non_torch)
    if outside is None or _any(start, "utilization_without_graphs") is None:
        return outside
    return outside + (_most(start, "graphs_estimate_gib") or 0.0)


def _pool(start: Start, binding: Figures) -> tuple[dict[str, str], list[Diagnostic]]:
    """Return what the cache of the engine holds, as far as the engine itself decided it."""
    by_hand = start.settings.get("by_hand")
    if by_hand is not None:
        said = "the size of the cache was set by hand, so it is no measurement of what is left"
        return {}, [_note(said, by_hand.place)]
    kv = _kv(binding)
    if kv is not None and kv <= 0:
        said = f"the engine did not start: {kv:.4g} GiB are left for the cache"
        place = binding["kv_gib" if "kv_gib" in binding else "non_kv_gib"].place
        return {}, [_note(said, place)]
    tokens, notes = _tokens(start)
    ranks = start.settings.get("dp")  # each has a cache, and prints what it holds itself
    dp = 1.0 if ranks is None else float(ranks.text)
    concurrency = _least(start, "concurrency")
    cells = {
        "measured_kv_pool_gib": _text(kv),
        "measured_kv_capacity_tokens": _text(None if tokens is None else dp * tokens),
        "measured_max_concurrency": _text(None if concurrency is None else dp * concurrency),
    }
    return cells, notes


def _tokens(start: Start) -> tuple[float | None, list[Diagnostic]]:
    """Return the tokens that the cache holds; None where the log counts one kind of layer only."""
    tokens, blocks = _least(start, "tokens"), _least(start, "blocks")
    if tokens is None and blocks is not None:
        size = start.settings.get("block_size")
        tokens = blocks * (BLOCK_TOKENS if size is None else float(size.text))
    concurrency, length = _least(start, "concurrency"), _least(start, "request_tokens")
    if tokens is None or concurrency is None or length is None:
        return tokens, []
    if tokens >= 0.9 * concurrency * length:
        return tokens, []
    said = (
        f"the cache is said to hold {tokens:,.0f} tokens and {concurrency:g} requests of "
        f"{length:,.0f}: vLLM up to 0.20 counts one group of layers, so the tokens are left out"
    )
    return None, [
        _note(said, start.engine["tokens" if "tokens" in start.engine else "blocks"][0].place)
    ]


def _total(start: Start) -> float | None:
    """Return what the device reports; up to 0.10 it follows from the budget only."""
    requested, share = _any(start, "requested_gib"), _any(start, "utilization")
    printed = _any(start, "total_gib")
    if printed is not None or requested is None or not share:
        return printed
    return round(requested / share, 2)


def _utilization(start: Start) -> str:
    """Return the share of the memory; blank is the default of the version."""
    printed, told = _any(start, "utilization"), start.settings.get("utilization")
    return _text(printed) if printed is not None or told is None else told.text


def _any(start: Start, name: str) -> float | None:
    found = (_number(each, name) for each in start.figures.values())
    return next((each for each in found if each is not None), None)


def _most(start: Start, name: str) -> float | None:
    """Return the most that a worker has: the stage with the largest share counts."""
    found = (_number(each, name) for each in start.figures.values())
    return max((each for each in found if each is not None), default=None)


def _least(start: Start, name: str) -> float | None:
    """Return the least of an engine's figures: every worker prints what it would hold alone."""
    return min((_value(said) for said in start.engine.get(name, ())), default=None)


def _difference(figures: Figures, whole: str, part: str) -> float | None:
    one, other = _number(figures, whole), _number(figures, part)
    return None if one is None or other is None else one - other


def _number(figures: Figures, name: str) -> float | None:
    return _value(figures[name]) if name in figures else None


def _value(said: Said) -> float:
    return float(said.text.replace(",", ""))


def _text(value: float | None) -> str:
    """Return a positive number as text; what is rounded to 0 is no measurement."""
    return "" if value is None or value < 0.005 else f"{value:.10g}"


def _note(said: str, place: Place) -> Diagnostic:
    return Diagnostic(LESS, said, place, None, "warning")
