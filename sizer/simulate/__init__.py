"""The simulation stage: requests through engines, event by event.

Comes in: step times, requests and a router. Goes out: when each request got its tokens, and the
percentiles of that. It never asks an estimator or a clock, and all chance is in its requests.
"""

from sizer.simulate.arrivals import requests_of
from sizer.simulate.house import Failure
from sizer.simulate.record import Record
from sizer.simulate.router import ROUTERS
from sizer.simulate.run import run
from sizer.simulate.statistics import Numbers, Statistics

__all__ = ["ROUTERS", "Failure", "Numbers", "Record", "Statistics", "requests_of", "run"]
