"""What a candidate is called, and the order that its name gives."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import numpy as np
from attrs import frozen
from numpy.typing import NDArray

from sizer.schema.facts.gpu import Gpu
from sizer.schema.facts.prefill import PrefillReplicas
from sizer.schema.scenario import Deployment, Load, Scenario

T = TypeVar("T")
Ranks = NDArray[np.int32]
LOAD_WORDS = 2  # that end a candidate's name, as `load_name` gives them


def candidate_id(scenario: Scenario, row: int) -> str:
    """Return for example `H100-SXM5-80GB x2 fp8 kv=bf16 tp2 1024+256 c8`, unique in a model.

    Across models its name comes before.
    """
    return f"{whole_name(scenario, row)} {load_name(scenario.loads[scenario.load_of[row]])}"


def whole_name(scenario: Scenario, row: int) -> str:
    """Return the name of a candidate that carries every load point: it says none of them."""
    return placed_name(scenario, int(scenario.gpu_of[row]), int(scenario.deployment_of[row]))


def placed_name(scenario: Scenario, gpu: int, deployment: int) -> str:
    """Return the name of a deployment on an accelerator of a scenario."""
    placed = scenario.deployments[deployment]
    model = f"{placed.model.name} " if scenario.across else ""
    return f"{model}{scenario.gpus[gpu].name} {deployment_name(placed)}"


@frozen(eq=False)
class Names:
    """Where the parts of a candidate's name stand in their order, for breaking ties."""

    gpus: Ranks
    deployments: Ranks
    loads: Ranks

    @classmethod
    def of(cls, scenario: Scenario) -> Names:
        """Return the names of a scenario, and so of any of its rows."""
        return cls(
            _ranks(scenario.gpus, _gpu_key),
            _ranks(scenario.deployments, _deployment_key),
            _ranks(scenario.loads, _load_key),
        )

    def ranks(self, few: Scenario) -> tuple[Ranks, ...]:
        """Return the ranks of the parts of each row's name, the most significant first."""
        return (
            self.gpus[few.gpu_of],
            self.deployments[few.deployment_of],
            self.loads[few.load_of],
        )


def identity(scenario: Scenario) -> tuple[Ranks, ...]:
    """Return ranks of every candidate's parts, most significant first, for breaking ties."""
    return Names.of(scenario).ranks(scenario)


def deployment_name(deployment: Deployment) -> str:
    """Return the part of a candidate's name that says formats and split."""
    d = deployment
    return f"x{d.gpus} {d.weights.name} kv={d.kv_format.name} {split_name(d)}"


def split_name(deployment: Deployment) -> str:
    """Return the part of a candidate's name that says the split, and who drafts how many tokens.

    `2P tp4 1D tp8` are two sides.
    """
    d = deployment
    words = _together_words(d) if d.prefill is None else _apart_words(d, d.prefill)
    if d.draft:
        words.append(f"{d.draft.method}{d.draft.tokens}")
    return " ".join(words)


def _together_words(d: Deployment) -> list[str]:
    words = [*_sizes(d), *([f"r{d.replicas}"] if d.replicas > 1 else [])]
    if d.spare_replicas:
        words[-1:] = [words[-1]] if d.replicas > 1 else [words[-1], "r1"]
        words[-1] += f"+{d.spare_replicas}"
    return words


def _apart_words(d: Deployment, prefill: PrefillReplicas) -> list[str]:
    spare = f"+{d.spare_replicas}" if d.spare_replicas else ""
    own = [prefill.gpu.name] if prefill.gpu else []
    reads = [f"{prefill.replicas}P{spare}", *own, *_sizes(prefill)]
    return [*reads, f"{d.replicas}D{spare}", *_sizes(d)]


def _sizes(side: Deployment | PrefillReplicas) -> list[str]:
    more = (("pp", side.pp), ("ep", side.ep), ("dp", side.dp))
    return [f"tp{side.tp}", *(f"{name}{size}" for name, size in more if size > 1)]


def load_name(load: Load) -> str:
    """Return the part of a candidate's name that says the load."""
    answer = f"+{load.output_tokens}" if load.output_tokens else ""
    return f"{load.input_tokens}{answer} {_offered(load)}"


def _offered(load: Load) -> str:
    if load.users is not None:
        return f"u{load.users}"
    if load.is_highest:
        return "highest"
    return f"c{load.concurrency}" if load.request_rate is None else f"{load.request_rate:g}/s"


def _gpu_key(gpu: Gpu) -> str:
    return gpu.name


def _deployment_key(d: Deployment) -> tuple[Any, ...]:
    return (
        d.model.name,
        d.gpus,
        d.weights.name,
        d.kv_format.name,
        d.tp,
        d.pp,
        d.ep,
        d.dp,
        d.drafted_tokens,
        _pool_key(d.prefill),
    )


def _pool_key(pool: PrefillReplicas | None) -> tuple[Any, ...]:
    return (*pool.split, pool.gpu.name if pool.gpu else "") if pool else ()


def _load_key(load: Load) -> tuple[Any, ...]:
    offered = load.concurrency or load.users or 0, load.request_rate or 0.0
    return load.input_tokens, load.output_tokens, *offered


def _ranks(values: Sequence[T], key: Callable[[T], Any]) -> Ranks:
    order = sorted(range(len(values)), key=lambda index: key(values[index]))
    ranks = np.empty(len(values), np.int32)
    ranks[order] = np.arange(len(values), dtype=np.int32)
    return ranks
