"""A machine that is busy must not fail a law, and no test may reach the hub or your own cache.

A suite in the background can be interrupted like any other: a shell starts it with
SIGINT ignored, and the commands that it tries would inherit that.
"""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings

settings.register_profile(
    "house", settings.default, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")
signal.signal(signal.SIGINT, signal.default_int_handler)

_NOWHERE = tempfile.mkdtemp(prefix="sizer-tests-")
os.environ.update(
    HF_HUB_OFFLINE="1", HF_HOME=_NOWHERE, SIZER_CACHE_DIR=str(Path(_NOWHERE, "cache"))
)
for name in ("HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "HF_ENDPOINT"):
    os.environ.pop(name, None)
