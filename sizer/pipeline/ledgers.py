"""The memory of one candidate as a ledger: the lines behind each memory metric."""

from __future__ import annotations

from collections.abc import Iterator
from math import ceil

from attrs import frozen

from sizer.catalog.calibration import held_constants
from sizer.estimate import estimate
from sizer.estimate.device import (
    Layout,
    Paged,
    Stage,
    Tensor,
    beside,
    binding_stage,
    file_tensors,
    gathered_bytes_per_token,
    host_bytes,
    layout,
    loaded_tensors,
    peak,
    scratch_bytes,
    tokens_in_flight,
    unseen,
    whole_prompt_tokens,
)
from sizer.estimate.engine import CURRENT, Settings, settings
from sizer.resolve.facts import Facts
from sizer.resolve.points import Placed, Places, scenario_of_points
from sizer.schema.answered.ledger import Constants, Entry, Factor, Ledger, Note, Product, Section
from sizer.schema.answered.report import Value
from sizer.schema.asked.names import HELD
from sizer.schema.asked.point import Point
from sizer.schema.asked.serving import Engine
from sizer.schema.metrics import MEMORY, MEMORY_BOUNDS
from sizer.units import GIB

PLAIN = Engine()
NAMES = tuple(metric.name for metric in (*MEMORY, *MEMORY_BOUNDS))


def ledger(point: Point, facts: Facts) -> Ledger:
    """Return the ledger of a point.

    Raises ValueError (Unknown among them) saying what cannot be placed.
    """
    placed = Places(facts).of(point)
    table = estimate(scenario_of_points([placed]), NAMES)
    book = _LedgerMaker(placed, {name: table[name].cell(0) for name in NAMES})
    return Ledger(book.candidate, book.shown, tuple(book.sections()), book.notes)


@frozen(eq=False)
class _LedgerMaker:
    placed: Placed
    metrics: dict[str, Value]

    @property
    def settings(self) -> Settings:
        return settings(self.placed.engine, self.placed.gpu)

    @property
    def stage(self) -> Stage:
        return binding_stage(self.placed.deployment, self.settings)

    @property
    def candidate(self) -> str:
        d = self.placed.deployment
        split = " ".join(
            f"{name}{size}" for name, size in (("tp", d.tp), ("pp", d.pp), ("dp", d.dp))
        )
        formats = f"{d.weights.name} kv={d.kv_format.name}"
        return f"{d.model.name} on {self.placed.gpu.name}, {formats} {split}"

    @property
    def shown(self) -> tuple[tuple[str, Value], ...]:
        used, load = self.settings, self.placed.load
        version = "current" if used.version == CURRENT else "{}.{}".format(*used.version)
        return (
            ("engine", f"{used.engine} {version}"),
            ("gpu_memory_gib", self.placed.gpu.memory_gib),
            ("gpu_memory_utilization", used.gpu_memory_utilization),
            ("max_num_batched_tokens", used.max_num_batched_tokens),
            ("max_num_seqs", used.max_num_seqs),
            ("max_context", load.max_context),
            *self._asked(),
        )

    def _asked(self) -> Iterator[tuple[str, Value]]:
        """Yield settings that few ask for, where somebody does."""
        engine = self.placed.engine
        for name in HELD:
            value = getattr(engine, name)
            if value != getattr(PLAIN, name):
                yield name, value

    @property
    def notes(self) -> tuple[Note, ...]:
        known = Constants(held_constants().source)
        return (known, *unseen(self.placed.deployment, self.settings))

    def sections(self) -> Iterator[Section]:
        """Yield the parts in the order in which an engine takes them."""
        yield self._section("weights_gib", tuple(self._weights()))
        yield self._section("activations_gib", tuple(self._activations()))
        yield self._section("overhead_gib", tuple(self._overhead()))
        yield self._section("kv_pool_gib", tuple(self._pool()))
        cache = layout(self.placed.deployment, self.settings)
        if not self.placed.deployment.model.is_encoder:
            yield self._section("max_concurrency", tuple(self._request(cache)), "requests")
        yield self._section("memory_headroom_gib", tuple(self._load()))

    def _section(self, total: str, entries: tuple[Entry, ...], unit: str = "GiB") -> Section:
        low, high = self.metrics[f"{total}_low"], self.metrics[f"{total}_high"]
        return Section(total, entries, self.metrics[total], unit, low, high)

    def _figure(self, name: str) -> float:
        value = self.metrics[name]
        return value if isinstance(value, float) else float("nan")

    def _weights(self) -> Iterator[Entry]:
        slack = 0.0
        used, deployment = self.settings, self.placed.deployment
        for each in self._tensors():
            if not each.copies * each.elements_each:
                continue
            width = each.bytes_each / each.elements_each
            product = (Factor(each.copies), Factor(each.elements_each), Factor(width, "B"))
            slack += each.allocated - each.copies * each.bytes_each
            yield Entry(each.name, each.copies * each.bytes_each / GIB, (product,))
        yield Entry("rounding", slack / GIB)
        kept = host_bytes(deployment, self.stage, used.version, used.extras)
        if kept:
            yield Entry("on the host", -kept / GIB)
        scratch = scratch_bytes(deployment, used)
        if scratch:
            tokens = used.max_num_batched_tokens
            held = _each_token(tokens, scratch / tokens)
            yield Entry("scratch of attention", scratch / GIB, (held,))

    def _tensors(self) -> Iterator[Tensor]:
        deployment, used = self.placed.deployment, self.settings
        if used.has_slots:
            return file_tensors(deployment, self.stage, used)
        return loaded_tensors(deployment, self.stage, used.version, used.extras)

    def _activations(self) -> Iterator[Entry]:
        used = self.settings
        passing = peak(self.placed.deployment, used, self.stage)
        tokens, longest = used.max_num_batched_tokens, self.placed.load.max_context
        whole = longest <= whole_prompt_tokens(self.placed.deployment, used)
        step = max(tokens, longest) if whole else tokens
        layer, hidden = passing.forward_bytes_per_token, passing.hidden_bytes_per_token
        sampler = passing.sampler_bytes + tokens * hidden
        logits = passing.forward_bytes
        terms = _each_token(step, layer), *(((Factor(logits, "B"),),) if logits else ())
        yield Entry("the widest layer", (step * layer + logits) / GIB, terms)
        if self.placed.deployment.model.task == "generate":
            terms = ((Factor(passing.sampler_bytes, "B"),), _each_token(tokens, hidden))
            yield Entry("or the sampler", sampler / GIB, terms)
        kept = passing.workspace_bytes_per_token
        yield Entry("workspaces beside", step * kept / GIB, (_each_token(step, kept),))
        gathered = gathered_bytes_per_token(self.placed.deployment.model, used)
        if gathered:
            product = _each_token(longest, gathered)
            yield Entry("or gathered keys", longest * gathered / GIB, (product,))

    def _overhead(self) -> Iterator[Entry]:
        taken = (self._figure("weights_gib") * GIB, self._figure("activations_gib") * GIB)
        for part in beside(self.placed.deployment, self.settings, *taken).parts:
            product = (Factor(part.slots), Factor(part.slot_bytes, "B"))
            yield Entry(part.name, part.size / GIB, (product,) if part.slots else ())

    def _pool(self) -> Iterator[Entry]:
        total, share = self.placed.gpu.memory_gib, self.settings.usable_share
        asked = self.settings.kv_cache_memory_bytes
        if asked is not None:
            yield Entry("as asked for", asked / GIB, ((Factor(asked, "B"),),))
            return
        yield Entry("usable", total * share, ((Factor(total, "GiB"), Factor(share)),))
        for name in ("weights_gib", "activations_gib", "overhead_gib"):
            yield Entry(name.removesuffix("_gib"), -self._figure(name))

    def _request(self, cache: Layout) -> Iterator[Entry]:
        longest = self.placed.load.max_context
        blocks = ceil(longest / cache.full_block_tokens)
        if cache.full_block_bytes:
            size, used = cache.full_block_tokens, blocks * cache.full_block_bytes / GIB
            product = Factor(blocks), Factor(cache.full_block_bytes, "B")
            yield Entry("blocks", used, (product,), block_tokens=size)
        window = Paged(cache.window_block_bytes, cache.window_block_tokens, cache.window_tokens)
        yield from self._spans("window blocks", window)
        yield from self._spans("overlapping states", cache.overlapped)
        yield from self._spans("other states", cache.pressed)
        if cache.fixed_request_bytes:
            yield Entry("of any length", cache.fixed_request_bytes / GIB)
        unit = max(cache.block_bytes, 1.0)
        pool = int(self._figure("kv_pool_gib") * GIB // unit)
        yield Entry("blocks", pool, ((Factor(unit, "B"),),), "blocks")

    def _spans(self, name: str, paged: Paged) -> Iterator[Entry]:
        """Yield the blocks of what looks back, all tokens in flight included."""
        if not paged.block_bytes:
            return
        in_flight = tokens_in_flight(self.placed.deployment, self.settings)
        span = min(paged.kept_tokens - 1 + in_flight, self.placed.load.max_context)
        blocks, size = ceil(span / paged.block_tokens), paged.block_tokens
        product = Factor(blocks), Factor(paged.block_bytes, "B")
        used = blocks * paged.block_bytes / GIB
        yield Entry(name, used, (product,), block_tokens=size, span_tokens=span)

    def _load(self) -> Iterator[Entry]:
        asked = self.settings.kv_cache_memory_bytes
        if asked is not None:
            yield Entry("cache left", asked / GIB - self._figure("kv_cache_gib"))
            beside = self.placed.gpu.memory_gib - asked / GIB - self._required()
            yield Entry("or memory left", beside + self._figure("kv_cache_gib"))
            return
        yield Entry("usable", self._figure("memory_headroom_gib") + self._required())
        for name in ("weights_gib", "activations_gib", "overhead_gib", "kv_cache_gib"):
            yield Entry(name.removesuffix("_gib"), -self._figure(name))

    def _required(self) -> float:
        return self._figure("memory_required_gib")


def _each_token(tokens: int, bytes_each: float) -> Product:
    return Factor(tokens, "tokens"), Factor(bytes_each, "B")
