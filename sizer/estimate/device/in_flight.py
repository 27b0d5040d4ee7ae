"""How many tokens an engine has scheduled before it gives back what lies behind them."""

from __future__ import annotations

from sizer.estimate.engine.settings import Settings
from sizer.schema.scenario import Deployment


def tokens_in_flight(deployment: Deployment, settings: Settings) -> int:
    """Return the most tokens in flight, whose blocks windows and pending states still keep.

    A step, or where blocks are kept until a step is done, all steps in flight (vLLM, VllmConfig,
    max_in_flight_tokens).
    """
    steps = _steps(deployment, settings) if settings.windows_in_flight else 1
    return steps * settings.max_num_batched_tokens


def _steps(deployment: Deployment, settings: Settings) -> int:
    """Return how many steps are in flight: one a stage, and one that is scheduled meanwhile."""
    stages = deployment.pp
    if not settings.async_scheduling:
        return stages
    dense = settings.stages_and_a_step and not deployment.model.is_moe
    return stages + 1 if dense or stages == 1 else stages
