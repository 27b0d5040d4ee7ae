"""Every candidate of a question: a deployment, on an accelerator, under a load, by an engine."""

from __future__ import annotations

from attrs import evolve, frozen

from sizer.schema.asked.serving import Engine, Router
from sizer.schema.facts.calibration import Calibration
from sizer.schema.facts.format import KvFormat, WeightFormat
from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.model import Model
from sizer.schema.facts.price import Price
from sizer.schema.rows import Indices, Listed, Numbers, Strips


@frozen(cache_hash=True)
class Deployment:
    """A model in one pair of formats, split one way."""

    model: Model
    weights: WeightFormat
    kv_format: KvFormat
    tp: int = 1
    pp: int = 1
    ep: int = 1
    dp: int = 1
    replicas: int = 1

    @property
    def gpus_per_replica(self) -> int:
        """Accelerators of one replica: `dp` attention groups of `tp`, in `pp` stages."""
        return self.tp * self.pp * self.dp

    @property
    def expert_ranks(self) -> int:
        """Accelerators over which the experts of a layer are spread."""
        return self.tp * self.dp


@frozen
class Load:
    """One point of the workload; `concurrency` is None when `request_rate` sets it."""

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

    @property
    def found_share(self) -> float:
        """Share of a prompt that is in the cache when its shared prefix is."""
        shared = self.shared_prefix_tokens / self.input_tokens
        return shared + (1.0 - shared) * self.prefix_hit_share


@frozen(eq=False)
class Scenario:
    """The candidates of a question: `rows` are indices into its axes.

    `prices` are what is sold of each accelerator, nothing where nobody says what it costs.
    `calibration` None is the shipped one; `confidence` None judges values as they are. With
    `across` one candidate of all models is chosen, and each is called with its model's name.
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

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(self.rows)

    def take(self, rows: Numbers | slice) -> Scenario:
        """Return the scenario of the given rows, in their order."""
        return evolve(self, rows=self.rows.take(rows))

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
