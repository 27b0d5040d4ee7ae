"""A machine that is busy must not fail a law: no deadline, and slow examples are no fault."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
