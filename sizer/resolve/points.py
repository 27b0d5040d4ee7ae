"""Points to a scenario in which every row that can be estimated is a candidate."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from operator import attrgetter
from typing import Any, TypeVar

import numpy as np
from attrs import evolve, field, frozen
from numpy.typing import NDArray

from sizer.catalog.formats import find_kv_format, find_weight_format, own_cache
from sizer.catalog.gpus import find_gpu
from sizer.catalog.hub import Hub
from sizer.catalog.lookup import UNSTATED, Unknown, no_format
from sizer.catalog.prices import ANY, prices_on
from sizer.resolve.drafts import draft_faults, drafting_of
from sizer.resolve.facts import Catalog, Facts
from sizer.resolve.splits import shares_context
from sizer.schema.asked.names import DRAFTED, HELD
from sizer.schema.asked.point import Point
from sizer.schema.asked.serving import Engine, Speculative, Workload
from sizer.schema.asked.tasks import GENERATE, Task, reads_only
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.prefill import PrefillReplicas
from sizer.schema.rows import Listed
from sizer.schema.scenario import Deployment, Draft, Load, Scenario

T = TypeVar("T")
K = TypeVar("K", bound=Hashable)
DEFAULT = Workload()
ENGINE: Mapping[str, str] = {  # an engine's settings, and the columns that give them
    "name": "engine",
    "version": "engine_version",
    "gpu_memory_utilization": "gpu_memory_utilization",
    "max_num_batched_tokens": "max_num_batched_tokens",
    "max_num_seqs": "max_num_seqs",
    "prefill_wait_steps": "prefill_wait_steps",
    "scheduler_recv_interval": "scheduler_recv_interval",
    "static_batching": "static_batching",
    "served_by": "served_by",
    **{name: name for name in HELD},
}
_engine_cells = attrgetter(*ENGINE.values(), *DRAFTED)
OFFERED = ("concurrency", "request_rate", "users")
MOST_HINTS = 100  # names of one table that near names are looked for


@frozen(eq=False)
class Placed:
    """A point with the facts of everything that it names."""

    deployment: Deployment
    gpu: Gpu
    load: Load
    engine: Engine


@frozen(eq=False)
class Places:
    """Places points; what many have in common is made once, and few unknown names get a hint."""

    facts: Facts
    _models: dict[tuple[Hashable, ...], Deployment | Exception] = field(factory=dict)
    _gpus: dict[tuple[str, float | None], Gpu] = field(factory=dict)
    _deployments: dict[tuple[Hashable, ...], Deployment] = field(factory=dict)
    _engines: dict[tuple[Hashable, ...], Engine] = field(factory=dict)
    _hints: dict[str, str | None] = field(factory=dict)

    def of(self, point: Point) -> Placed:
        """Return a point with its facts.

        Raises ValueError (Unknown among them) saying what cannot be.
        """
        given = _engine_cells(point)
        engine = _once(self._engines, given, lambda: _engine(given))
        plain = self._plain(point, engine)
        pp = point.pp or 1
        dp = point.dp or 1
        prefill = _prefill(point)
        gpus = _decoding(point, prefill)
        tp = point.tp or _quotient(gpus or pp * dp, pp * dp, "gpus", "pp x dp")
        replicas = _quotient(gpus or tp * pp * dp, tp * pp * dp, "gpus", "tp x pp x dp")
        ep = point.ep or 1
        _quotient(tp * dp, ep, "tp x dp", "ep")
        _refuse_context(plain, tp, engine.decode_context_parallel_size)
        load = _load(point, replicas, plain.model.task)
        if load.concurrency is not None and load.concurrency < replicas:
            raise ValueError(f"{replicas} replicas for {load.concurrency} requests")
        split = (tp, pp, ep, dp, replicas)
        return Placed(self._split(plain, split, prefill), self._gpu(point), load, engine)

    def why(self, fault: Exception) -> str:
        """Return in words why a point has no place, with near names if few were wrong so far."""
        if not isinstance(fault, Unknown):
            return str(fault)
        if str(fault) not in self._hints and len(self._hints) < MOST_HINTS:
            self._hints[str(fault)] = fault.hint
        hint = self._hints.get(str(fault))
        return f"{fault}; {hint}" if hint else str(fault)

    def _split(
        self,
        plain: Deployment,
        split: tuple[int, int, int, int, int],
        prefill: PrefillReplicas | None,
    ) -> Deployment:
        tp, pp, ep, dp, replicas = split

        def made() -> Deployment:
            return evolve(plain, tp=tp, pp=pp, ep=ep, dp=dp, replicas=replicas, prefill=prefill)

        return _once(self._deployments, (id(plain), *split, prefill), made)

    def _plain(self, point: Point, engine: Engine) -> Deployment:
        def found() -> Deployment | Exception:
            try:
                model = self.facts.model(point.model, None).value
                weights = _unless_auto(point.weights) or _own_format(point.model, model)
                stored = find_weight_format(weights)
                kv_format = _unless_auto(point.kv_format) or own_cache(model, stored, engine)
                draft = _draft(engine.speculative, model, self.facts)
                return Deployment(model, stored, find_kv_format(kv_format), draft=draft)
            except (Unknown, ValueError) as fault:
                return fault

        unasked = _unless_auto(point.kv_format) is None
        serves = (engine.name, engine.version) if unasked else None
        key = (point.model, point.weights, point.kv_format, serves, engine.speculative)
        known = _once(self._models, key, found)
        if isinstance(known, Exception):
            raise known.with_traceback(None)
        return known

    def _gpu(self, point: Point) -> Gpu:
        def found() -> Gpu:
            gpu = find_gpu(point.gpu).value
            return evolve(gpu, memory_gib=point.gpu_memory_gib or gpu.memory_gib)

        return _once(self._gpus, (point.gpu, point.gpu_memory_gib), found)


def catalog_places(facts: Facts | None = None) -> Places:
    """Return places by the catalog, the cache and the hub, unless by other facts."""
    return Places(facts or Catalog(Hub()))


def placed(
    points: Iterable[Point | None], places: Places | None = None
) -> list[Placed | str | None]:
    """Return each point with its facts, or in words why it has none; None stays None."""
    places = places or catalog_places()
    found: list[Placed | str | None] = []
    for point in points:
        try:
            found.append(None if point is None else places.of(point))
        except (Unknown, ValueError) as fault:
            found.append(places.why(fault))
    return found


def scenario_of_points(points: Sequence[Placed]) -> Scenario:
    """Return the scenario whose candidates are the points, in their order."""
    deployments, deployment_of = _indexed(
        [each.deployment for each in points],
        lambda d: (id(d.model), d.weights, d.kv_format, *d.split, d.prefill, d.draft),
    )
    gpus, gpu_of = _indexed([each.gpu for each in points], id)
    loads, load_of = _indexed([each.load for each in points], lambda load: load)
    engines, engine_of = _indexed([each.engine for each in points], lambda engine: engine)
    prices = tuple(prices_on(gpu.name, ANY) for gpu in gpus)
    rows = Listed(deployment_of, gpu_of, load_of, engine_of)
    task = deployments[0].model.task if deployments else GENERATE
    return Scenario(deployments, gpus, prices, loads, engines, rows, task=task)


def _indexed(
    values: list[T], key: Callable[[T], Hashable]
) -> tuple[tuple[T, ...], NDArray[np.int32]]:
    index: dict[Hashable, int] = {}
    unique: list[T] = []
    for value in values:
        if index.setdefault(key(value), len(unique)) == len(unique):
            unique.append(value)
    return tuple(unique), np.array([index[key(value)] for value in values], np.int32)


def _draft(asked: Speculative, model: Model, facts: Facts) -> Draft | None:
    for fault in draft_faults(asked, (model,), None, facts):
        raise ValueError(fault.message)
    return next(drafting_of(asked, None, facts).of(model.name))


def _prefill(point: Point) -> PrefillReplicas | None:
    """Return the replicas that read prompts apart, None where nothing is.

    Raises ValueError for sizes of a side that has no replicas, and for those that do not divide.
    """
    sizes = point.prefill_tp, point.prefill_pp, point.prefill_ep, point.prefill_dp
    if point.prefill_replicas is None:
        if any(sizes):
            raise ValueError("sizes of a side that reads prompts, and no prefill_replicas")
        return None
    tp, pp, ep, dp = (size or 1 for size in sizes)
    _quotient(tp * dp, ep, "prefill_tp x prefill_dp", "prefill_ep")
    return PrefillReplicas(point.prefill_replicas, tp, pp, ep, dp)


def _decoding(point: Point, prefill: PrefillReplicas | None) -> int | None:
    """Return the accelerators of replicas that decode; None where no number is given."""
    taken = prefill.replicas * prefill.gpus_per_replica if prefill else 0
    if point.gpus is not None and point.gpus <= taken:
        raise ValueError(f"gpus = {point.gpus}, and {taken} of them read prompts")
    return None if point.gpus is None else point.gpus - taken


def _refuse_context(deployment: Deployment, tp: int, ranks: int) -> None:
    if not shares_context(deployment.model, tp, ranks):
        raise ValueError(f"tp = {tp} does not share a cache over {ranks} ranks")


def _load(point: Point, replicas: int, task: Task) -> Load:
    """Return the load; a context above the model's is what somebody ran, so it is estimated."""
    given = point.input_tokens or DEFAULT.input_tokens[0]
    answer = 0 if reads_only(task) else point.output_tokens or DEFAULT.output_tokens[0]
    longest = point.max_context or given + answer
    if given + answer > longest:
        raise ValueError(f"input and output need {given + answer} tokens, above max_context")
    if (point.shared_prefix_tokens or 0) >= given:
        raise ValueError(f"a shared prefix is shorter than the prompt of {given} tokens")
    offered = [each for each in OFFERED if getattr(point, each) is not None]
    if len(offered) > 1:
        raise ValueError(f"a {' and a '.join(offered)}: give one of them")
    alone = None if offered else replicas
    return Load(
        given,
        answer,
        point.concurrency or alone,
        point.request_rate,
        longest,
        point.prefix_hit_share or 0.0,
        point.input_tokens_spread or 0.0,
        point.output_tokens_spread or 0.0,
        point.shared_prefix_tokens or 0,
        point.prefix_groups or 1,
        point.router or DEFAULT.router,
        bool(point.lockstep),
        point.burstiness or 1.0,
        point.users,
        point.think_time_s or 0.0,
        point.requests,
    )


def _engine(given: Sequence[Any]) -> Engine:
    own = len(ENGINE)
    pairs = zip(ENGINE, given[:own], strict=True)
    settings = {name: value for name, value in pairs if value is not None}
    return Engine(**settings, speculative=_speculative(*given[own:]))


def _speculative(method: Any, model: Any, tokens: Any, accepted: Any) -> Speculative:
    given = Speculative().tokens if tokens is None else (tokens,)
    return Speculative(method, model, given, () if accepted is None else (accepted,))


def _own_format(name: str, model: Model) -> str:
    """Return the checkpoint's own format.

    Raises Unknown where no file states it.
    """
    if not model.states_weights:
        said, help_ = no_format(name, model.weights)
        raise Unknown(said, code=UNSTATED, help=help_)
    return model.weights


def _unless_auto(name: str | None) -> str | None:
    return None if name is None or name.lower() == "auto" else name


def _quotient(whole: int, part: int, what: str, by: str) -> int:
    if whole % part:
        raise ValueError(f"{what} = {whole} is no multiple of {by} = {part}")
    return whole // part


def _once(known: dict[K, T], asked: K, found: Callable[[], T]) -> T:
    if asked not in known:
        known[asked] = found()
    return known[asked]
