"""What an engine's release does by default.

Comes in: an engine's name and version. Goes out: its settings and the constants that hold for it.
It never knows a model.
"""

from sizer.estimate.engine.constants import switched_devices
from sizer.estimate.engine.intervals import CALIBRATED, LATENCIES, MEANS
from sizer.estimate.engine.power import host_w_per_gpu
from sizer.estimate.engine.settings import CURRENT, Settings, settings
from sizer.estimate.engine.version import core

__all__ = [
    "CALIBRATED",
    "CURRENT",
    "LATENCIES",
    "MEANS",
    "Settings",
    "core",
    "host_w_per_gpu",
    "settings",
    "switched_devices",
]
