"""Step times of one candidate, asked of the estimator at several batches and lengths."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from attrs import evolve
from numpy.typing import NDArray

from sizer.estimate.engine import settings
from sizer.estimate.estimators import ANALYTIC, estimate
from sizer.schema.facts.step_times import StepTimes
from sizer.schema.rows import Listed
from sizer.schema.scenario import Load, Scenario
from sizer.schema.table import Table
from sizer.units import GIB

EXACT_BATCHES = 2048  # larger ones are interpolated
BATCHES_A_DECADE = 200
ROOMY_BYTES = 10**15  # a cache that no batch fills
ROOMY_TOKENS = 10**9
CONSTANTS = (
    "lone_step_seconds",
    "sharpness",
    "prefill_interference",
    "server_s",
    "eager_seconds",
    "step_wait",
)
POOL = ("kv_pool_gib", "state_requests", "full_block_tokens", "slot_tokens")


def step_times(scenario: Scenario, row: int) -> StepTimes | None:
    """Return how long steps of one row take and what they hold; None where times are unknown.

    They are the analytic estimator's, at the lengths of the row's load. A step is linear in the
    tokens of cache that it reads, by its slope at the load's mean context.
    """
    return _Asked(scenario, row).times()


class _Asked:
    """One row, and what the estimator says of it under other loads."""

    def __init__(self, scenario: Scenario, row: int) -> None:
        self.one = evolve(scenario.take(np.array([row])), estimator=ANALYTIC)
        self.deployment = self.one.deployments[self.one.deployment_of[0]]
        self.gpu = self.one.gpus[self.one.gpu_of[0]]
        self.engine = self.one.engines[self.one.engine_of[0]]
        load = self.one.loads[self.one.load_of[0]]
        self.load = evolve(load, concurrency=1, request_rate=None, users=None)
        self.settings = settings(self.engine, self.gpu)

    def times(self) -> StepTimes | None:
        """Return the times and limits."""
        at = self._under(
            [evolve(self.load, concurrency=1, request_rate=None, users=None)], CONSTANTS
        )
        constants = (float(at[name].values[0]) for name in CONSTANTS)
        lone, sharpness, interference, server, eager, step_wait = constants
        blocks, block_tokens, request_blocks, most = self._cache()
        decode, cached_token_s = self._decode(most)
        token_s, squared_s = self._prompt()
        limits, accepted = self.settings, self.deployment.acceptance_length
        if (
            accepted is None
            or not np.isfinite((lone, cached_token_s, token_s, squared_s, server, eager)).all()
        ):
            return None
        return StepTimes(
            decode_s=(lone, *decode),
            cached_token_s=cached_token_s,
            prompt_token_s=token_s,
            squared_token_s=squared_s,
            interference=interference / self.deployment.pp,
            sharpness=sharpness,
            first_token_s=server,
            eager_s=eager,
            step_wait=step_wait,
            max_num_batched_tokens=limits.max_num_batched_tokens,
            cache_blocks=blocks,
            block_tokens=block_tokens,
            request_blocks=request_blocks,
            whole_prompt_tokens=limits.whole_prompt_tokens,
            prompts_first=limits.prompts_first,
            evicts=limits.evicts,
            static_batching=limits.static_batching,
            prefill_wait_steps=limits.prefill_wait_steps,
            scheduler_recv_interval=limits.scheduler_recv_interval,
            groups=self.deployment.dp,
            replicas=self.deployment.replicas,
            acceptance_length=accepted,
            checked_tokens=1 + self.deployment.drafted_tokens,
        )

    def _decode(self, most: int) -> tuple[list[float], float]:
        """Return steps of 1 to `most` requests less their caches, and a cached token."""
        batches = np.arange(1, most + 1)
        asked = batches if most <= EXACT_BATCHES else _spread(most)
        ranks = self.deployment.replicas * self.deployment.dp
        context = self._mean_context
        loads = [self._in_flight(int(n) * ranks, context) for n in asked]
        loads.append(self._in_flight(int(asked[-1]) * ranks, 2 * context))
        found = self._under(loads, ("step_seconds", "running"), roomy=True)
        steps, running = (found[name].values for name in ("step_seconds", "running"))
        cached = float((steps[-1] - steps[-2]) / (running[-1] * context))
        bare = steps[:-1] - cached * running[:-1] * context
        return np.interp(batches, asked, bare).tolist(), cached

    @cached_property
    def _mean_context(self) -> int:
        found = self._under([self.load], ("mean_context_tokens",))["mean_context_tokens"]
        least: int = self.load.shared_prefix_tokens + 1
        return max(int(found.values[0]), least, 2)

    def _in_flight(self, concurrency: int, context: int) -> Load:
        """Return a load of so many requests that all have so many tokens."""
        load: Load = evolve(
            self._prompt_load(context - 1),
            concurrency=concurrency,
            output_tokens=2,
            shared_prefix_tokens=self.load.shared_prefix_tokens,
        )
        return load

    def _prompt_load(self, tokens: int) -> Load:
        """Return a load of prompts of one length, nothing of which is cached."""
        load: Load = evolve(
            self.load,
            concurrency=1,
            request_rate=None,
            users=None,
            requests=None,
            lengths=None,
            input_tokens=tokens,
            input_tokens_spread=0.0,
            output_tokens_spread=0.0,
            prefix_hit_share=0.0,
            turns=1,
            shared_prefix_tokens=0,
        )
        return load

    def _prompt(self) -> tuple[float, float]:
        """Return a prompt's work alone: for a token, and for a squared one."""
        length = self.load.input_tokens
        loads = [self._prompt_load(length), self._prompt_load(2 * length)]
        found = self._under(loads, ("prompt_seconds",))["prompt_seconds"].values
        once, twice = (float(each) * self.deployment.pp for each in found)
        squared = max(twice - 2.0 * once, 0.0) / (2.0 * length**2)
        return once / length - squared * length, squared

    def _cache(self) -> tuple[int, int, int, int]:
        """Return blocks, tokens of one, blocks of a request beside, and requests at most."""
        at = self._under([self.load], POOL)
        pool, states, tokens, slot = (float(at[name].values[0]) for name in POOL)
        unit, beside = self._request_bytes(int(tokens))
        most = min(self.settings.max_num_seqs, states)
        if self.settings.has_slots:
            held = slot if self.settings.slots_share else slot * self.settings.max_num_seqs
            return int(held), 1, 0, int(most)
        blocks = int(pool * GIB / unit) if unit > 0 else 1 << 40
        beside_blocks = round(beside / unit) if unit > 0 else 0
        held = blocks // (1 + beside_blocks)
        return blocks, int(tokens), beside_blocks, max(int(min(most, held)), 1)

    def _request_bytes(self, tokens: int) -> tuple[float, float]:
        """Return what another block of a request takes, and what it takes beside its blocks."""
        blocks = -(-self._mean_context // tokens)
        loads = [
            evolve(self._prompt_load(tokens * count - 1), output_tokens=2)
            for count in (blocks, 2 * blocks)
        ]
        found = self._under(loads, ("mean_request_bytes",))["mean_request_bytes"].values
        once, twice = (float(each) for each in found)
        unit = (twice - once) / blocks
        beside = once - unit * blocks
        return (unit, beside) if unit > 0 and beside >= 0 else (once / blocks, 0.0)

    def _under(
        self, loads: Sequence[Load], names: tuple[str, ...], *, roomy: bool = False
    ) -> Table:
        """Return terms of the candidate under other loads, `roomy` as if no cache were full."""
        count = len(loads)
        zeros = np.zeros(count, np.int32)
        engine = self.engine
        if roomy:
            slots = ROOMY_TOKENS if self.settings.has_slots else engine.ctx_size
            engine = evolve(engine, kv_cache_memory_bytes=ROOMY_BYTES, ctx_size=slots)
        rows = Listed(zeros, zeros, np.arange(count, dtype=np.int32), zeros)
        asked = evolve(
            self.one,
            deployments=(self.deployment,),
            gpus=(self.gpu,),
            prices=((),),
            loads=tuple(loads),
            engines=(engine,),
            rows=rows,
            by_row={},
        )
        return estimate(asked, names)


def _spread(most: int) -> NDArray[np.int64]:
    """Return batches from 1 to `most`, at equal ratios where they are large."""
    large = np.geomspace(EXACT_BATCHES, most, BATCHES_A_DECADE).astype(np.int64)
    return np.unique(np.concatenate((np.arange(1, EXACT_BATCHES, dtype=np.int64), large)))
