"""The only door to aiconfigurator-core: one deployment on one system, asked for its figures.

Its tables are used as measured (mode SILICON): it interpolates between measurements, and refuses
where it has none. The versions `current` are those that its release says are complete.
"""

from __future__ import annotations

import logging
from functools import cache
from importlib.metadata import version
from typing import Any

from attrs import field, frozen

from sizer.diagnostic import problem
from sizer.units import GIB

DISTRIBUTION = "aiconfigurator-core"
CURRENT = "current"
WIDE = "bfloat16"


@frozen
class Asked:
    """A deployment in aiconfigurator's own words; `dense`, `experts` None are the checkpoint's."""

    model: str
    system: str
    engine: str
    tp: int
    pp: int
    dp: int
    expert_tp: int
    expert_ep: int
    dense: str | None
    experts: str | None
    kv: str


@frozen
class Memory:
    """Bytes on one accelerator; `request` is the cache of one sequence at its end."""

    weights: float
    activations: float
    overhead: float
    request: float
    longest_request: float
    token: float


@frozen
class Times:
    """Milliseconds: a first token, the mean interval, a decode step, a prompt alone."""

    ttft: float
    itl: float
    decode_step: float
    prefill: float


@frozen(eq=False)
class Compiled:
    """A deployment that aiconfigurator could build."""

    model: Any
    database: Any
    backend: Any = field(repr=False)

    def times(self, batch: int, input_tokens: int, output_tokens: int, chunk: int) -> Times | None:
        """Return the times of a batch that runs closed loop, None where a table is missing."""
        alone = self._run(1, input_tokens, output_tokens, chunk)
        together = self._run(batch, input_tokens, output_tokens, chunk)
        if alone is None or together is None:
            return None
        result, steps = together.get_result_dict(), together.get_per_ops_data()["scheduling"]
        first = alone.get_per_ops_data()["scheduling"]["mix_step_latency_ms"]
        chunks = -(-input_tokens // chunk)
        return Times(
            result["ttft"], result["tpot"], steps["genonly_step_latency_ms"], first * chunks
        )

    def memory(self, sequence: int, longest: int, step_tokens: int) -> Memory:
        """Return the memory of one accelerator with steps of so many tokens."""
        parts = self.backend.get_partition_memory_usage(
            self.model,
            self.database,
            partition_ops=self.model.context_ops,
            batch_size=1,
            beam_width=1,
            isl=1,
            osl=1,
            num_tokens=step_tokens,
            include_kvcache=False,
        )
        one, two = map(self.model.get_kvcache_bytes_per_sequence, (1, 2))
        stages = self.model.config.pp_size
        return Memory(
            parts["weights"] * GIB,
            parts["activations"] * GIB,
            (parts["nccl"] + parts["others"]) * GIB,
            self.model.get_kvcache_bytes_per_sequence(sequence) / stages,
            self.model.get_kvcache_bytes_per_sequence(longest) / stages,
            two - one,
        )

    def _run(self, batch: int, input_tokens: int, output_tokens: int, chunk: int) -> Any:
        from aiconfigurator_core.sdk.config import RuntimeConfig

        config = RuntimeConfig(batch_size=batch, isl=input_tokens, osl=output_tokens)
        try:
            return self.backend.run_agg(self.model, self.database, config, ctx_tokens=chunk)
        except (RuntimeError, ValueError) as fault:
            _refuse_unexpected(fault)
            return None


@cache
def compiled(asked: Asked) -> Compiled | None:
    """Return a deployment, None where aiconfigurator has no model, table or split for it.

    Raises Problem (SZ303) when the extra is not installed.
    """
    require()
    from aiconfigurator_core.sdk.backends.factory import get_backend
    from aiconfigurator_core.sdk.config_builders import build_model_config
    from aiconfigurator_core.sdk.models import get_model

    database = _database(asked.system, asked.engine)
    if database is None:
        return None
    config = build_model_config(
        tp_size=asked.tp,
        pp_size=asked.pp,
        attention_dp_size=asked.dp,
        moe_tp_size=asked.expert_tp,
        moe_ep_size=asked.expert_ep,
        gemm_quant_mode=asked.dense,
        moe_quant_mode=asked.experts,
        kvcache_quant_mode=asked.kv,
        fmha_quant_mode=WIDE if asked.kv == WIDE else None,  # else as the checkpoint's own cache
    )
    try:
        model = get_model(asked.model, config, asked.engine)
    except AssertionError:  # how it says that heads do not divide
        return None
    except (RuntimeError, ValueError) as fault:
        _refuse_unexpected(fault)
        return None
    return Compiled(model, database, get_backend(asked.engine))


@cache
def known_models() -> frozenset[str]:
    """Return the repositories whose structure aiconfigurator brings along.

    Raises Problem (SZ303) when the extra is not installed.
    """
    require()
    from aiconfigurator_core.sdk.common import DefaultHFModels

    return frozenset(DefaultHFModels)


@cache
def _database(system: str, engine: str) -> Any:
    """Return the measured tables of a system, None when there are none for this engine."""
    from aiconfigurator_core.sdk import perf_database

    try:
        return perf_database.get_database_view(system, engine, CURRENT, database_mode="SILICON")
    except ValueError as fault:  # no release of this engine was measured there
        _refuse_unexpected(fault)
        return None


def release() -> str:
    """Return the installed release."""
    return f"{DISTRIBUTION} {version(DISTRIBUTION)}, measured tables"


@cache
def require() -> None:
    """Import the package. Raises Problem (SZ303) when it is not installed."""
    try:
        import aiconfigurator_core.sdk  # noqa: F401  # only whether it is there
    except ImportError as fault:
        hint = "pip install 'fleet-sizer[aic]', on Python 3.11 to 3.13"
        raise problem("SZ303", f"{DISTRIBUTION} cannot be imported: {fault}", hint=hint) from None
    # it warns of each table that it borrows from another version; unknown is told by the columns
    logging.getLogger("aiconfigurator_core").setLevel(logging.ERROR)


def _refuse_unexpected(fault: Exception) -> None:
    """Raise a fault again that does not say that something is missing or cannot be split."""
    from aiconfigurator_core.sdk.errors import is_expected_cli_error

    if not is_expected_cli_error(fault):
        raise fault
