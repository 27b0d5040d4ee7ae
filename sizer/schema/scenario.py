"""Every candidate of a question: a deployment, on an accelerator, under a load, by an engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from attrs import evolve, field, frozen

from sizer.schema.asked.energy import NO_ENERGY, Energy
from sizer.schema.asked.serving import LIKE_THE_MODEL, Engine, Router, SpeculativeMethod
from sizer.schema.asked.tasks import GENERATE, Task
from sizer.schema.facts.calibration import Calibration
from sizer.schema.facts.format import KvFormat, WeightFormat
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.lengths import JointLengths
from sizer.schema.facts.model import Attention, Model
from sizer.schema.facts.prefill import PrefillReplicas
from sizer.schema.facts.price import Price
from sizer.schema.facts.unmeasured import NotCounted
from sizer.schema.rows import Indices, Listed, Numbers, Reals, Strips

RECURRENT = frozenset({"linear", "mamba"})
BLOCK_DRAFTS = frozenset({"dflash", "dspark"})  # all tokens of a step in one pass


@frozen(cache_hash=True)
class Draft:
    """Who drafts `tokens` for each step: modules of the model itself, or a model of its own.

    `acceptance_length` is how many tokens a step yields in the mean, None where nobody says.
    """

    method: SpeculativeMethod
    tokens: int
    model: Model | None = None
    weights: WeightFormat | None = None
    acceptance_length: float | None = None

    @property
    def passes(self) -> int:
        """Passes of the draft for each step: one for each token, or one for a whole block."""
        if self.method == "ngram":
            return 0
        return 1 if self.method in BLOCK_DRAFTS else self.tokens


@frozen(cache_hash=True)
class Deployment:
    """A model in one pair of formats, split one way; `draft` is who drafts, if anybody does.

    `replicas` carry the load; beside them `spare_replicas` are there in case some fail. With a
    `prefill` they decode alone: its replicas, and as many to spare, read prompts for them.
    """

    model: Model
    weights: WeightFormat
    kv_format: KvFormat
    tp: int = 1
    pp: int = 1
    ep: int = 1
    dp: int = 1
    replicas: int = 1
    draft: Draft | None = None
    spare_replicas: int = 0
    prefill: PrefillReplicas | None = None

    @property
    def copies(self) -> int:
        """Replicas that are bought: those that carry the load, and those to spare."""
        return self.replicas + self.spare_replicas

    @property
    def split(self) -> tuple[int, int, int, int, int]:
        """Sizes of its split, and how many replicas there are."""
        return self.tp, self.pp, self.ep, self.dp, self.replicas

    @property
    def not_counted(self) -> Iterator[NotCounted]:
        """What the model and its draft hold that nothing counts."""
        yield from self.model.not_counted
        drafted = self.draft.tokens if self.draft else 0
        if drafted and any(_lacks_window(group.attention) for group in self.model.layers):
            yield NotCounted(self.model.name, "convolution windows of drafted tokens", "cache")
        if self.draft and self.draft.method in {"eagle3", *BLOCK_DRAFTS} and self.draft.model:
            yield NotCounted(self.draft.model.name, "a head for its own vocabulary", "weights")
        if self.draft and self.draft.method in LIKE_THE_MODEL and self.draft.model is None:
            what = "a draft's own feed-forward and head" if self.model.is_moe else "a draft's head"
            yield NotCounted(self.model.name, what, "weights")

    @property
    def drafted_tokens(self) -> int:
        """Tokens drafted for each step; 0 where nobody drafts."""
        return self.draft.tokens if self.draft else 0

    @property
    def acceptance_length(self) -> float | None:
        """Tokens that a step yields of each request in the mean; None where nobody says."""
        return self.draft.acceptance_length if self.draft else 1.0

    @property
    def gpus_per_replica(self) -> int:
        """Accelerators of one replica: `dp` attention groups of `tp`, in `pp` stages."""
        return self.tp * self.pp * self.dp

    @property
    def prefill_copies(self) -> int:
        """Replicas that are bought to read prompts apart; 0 where those that decode read them."""
        return self.prefill.replicas + self.spare_replicas if self.prefill else 0

    @property
    def gpus(self) -> int:
        """Accelerators over all replicas that are bought."""
        apart = self.prefill.gpus_per_replica * self.prefill_copies if self.prefill else 0
        return self.gpus_per_replica * self.copies + apart

    @property
    def bought(self) -> tuple[tuple[int, int], ...]:
        """Accelerators of a replica with how many such replicas are bought: of each size once.

        Those that read prompts on accelerators of their own are not among them.
        """
        if self.prefill is None or self.prefill.gpu is not None:
            return ((self.gpus_per_replica, self.copies),)
        counts = {self.gpus_per_replica: self.copies}
        size = self.prefill.gpus_per_replica
        counts[size] = counts.get(size, 0) + self.prefill_copies
        return tuple(counts.items())

    @property
    def prefill_bought(self) -> tuple[PrefillReplicas, int] | None:
        """The pool with accelerators of its own, and its replicas that are bought; else None."""
        pool = self.prefill
        return (pool, self.prefill_copies) if pool and pool.gpu is not None else None

    @property
    def expert_ranks(self) -> int:
        """Accelerators over which the experts of a layer are spread."""
        return self.tp * self.dp


@frozen
class Load:
    """One point of the workload; `concurrency` is None when `request_rate` or `users` set it.

    `lengths` are those of a log, if one is named: token counts are then its rounded means, and
    spreads its own. `burstiness` is the gamma shape of gaps between arrivals, infinite where all
    are alike. `requests` are those of a run that starts with all users at once; None for a long
    one. Without concurrency, rate and users it has the highest rate at which every condition holds.
    A session has so many `turns`, each of which sends its history again.
    """

    input_tokens: int
    output_tokens: int
    concurrency: int | None
    request_rate: float | None
    max_context: int
    prefix_hit_share: float = 0.0
    input_tokens_spread: float = 0.0
    output_tokens_spread: float = 0.0
    shared_prefix_tokens: int = 0
    prefix_groups: int = 1
    router: Router = "round_robin"
    lockstep: bool = False
    burstiness: float = 1.0
    users: int | None = None
    think_time_s: float = 0.0
    requests: int | None = None
    lengths: JointLengths | None = None
    turns: int = 1

    @property
    def history_share(self) -> float:
        """Share of a prompt that its session sent or was answered before, beside a shared prefix.

        Each turn adds as much. A share of hits that is given goes before it: it is 0 then.
        """
        if self.turns == 1 or self.prefix_hit_share:
            return 0.0
        grown = self.input_tokens - self.shared_prefix_tokens + self.output_tokens
        history = grown * (self.turns - 1) / (self.turns + 1)
        return min(history / self.input_tokens, 1.0 - self.shared_prefix_tokens / self.input_tokens)

    @property
    def most_in_flight(self) -> int | None:
        """Requests in flight at most: those of a closed loop; None for a rate."""
        return self.users if self.concurrency is None else self.concurrency

    @property
    def is_highest(self) -> bool:
        """Whether its rate is the highest that a candidate takes."""
        return self.most_in_flight is None and self.request_rate is None

    @property
    def found_share(self) -> float:
        """Share of a prompt that is in the cache when its shared prefix is."""
        shared = self.shared_prefix_tokens / self.input_tokens
        return shared + (1.0 - shared) * self.prefix_hit_share


def _lacks_window(attention: Attention) -> bool:
    return attention.kind in RECURRENT and not attention.convolved


@frozen(eq=False)
class Scenario:
    """The candidates of a question: `rows` are indices into its axes.

    `prices` are what is sold of each accelerator, nothing where nobody says what it costs.
    `calibration` None is the shipped one; `confidence` None judges values as they are. With
    `across` one candidate of all models is chosen, and each is called with its model's name.
    `by_row` are columns of its rows, by name, in place of those of its axes: what was found for
    each of them alone, like its `request_rate`. With `fewest` each deployment has the fewest
    replicas at which every condition holds; until they are found, as many as may be tried. With a
    `day`, requests/s in each of its hours, every load has the rate of the busiest.
    `task` is what all of its models do.
    `energy` is what power costs and emits.
    """

    deployments: tuple[Deployment, ...]
    gpus: tuple[Gpu, ...]
    prices: tuple[tuple[Price, ...], ...]
    loads: tuple[Load, ...]
    engines: tuple[Engine, ...]
    rows: Listed | Strips
    estimator: str = "analytic"
    calibration: Calibration | None = None
    confidence: float | None = None
    across: bool = False
    by_row: Mapping[str, Reals] = field(factory=dict)
    fewest: bool = False
    day: tuple[float, ...] = ()
    task: Task = GENERATE
    energy: Energy = NO_ENERGY

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def take(self, rows: Numbers | slice) -> Scenario:
        """Return the scenario of the given rows, in their order."""
        by_row = {name: column[rows] for name, column in self.by_row.items()}
        return evolve(self, rows=self.rows.take(rows), by_row=by_row)

    @property
    def listed(self) -> Listed:
        """Every row one by one: they take 16 bytes each."""
        return self.rows if isinstance(self.rows, Listed) else self.rows.take(slice(None))

    @property
    def deployment_of(self) -> Indices:
        """The deployment of each row."""
        return self.listed.deployment_of

    @property
    def gpu_of(self) -> Indices:
        """The accelerator of each row."""
        return self.listed.gpu_of

    @property
    def load_of(self) -> Indices:
        """The load of each row."""
        return self.listed.load_of

    @property
    def engine_of(self) -> Indices:
        """The engine of each row."""
        return self.listed.engine_of
