"""The deployment that an answer chose, simulated request by request.

Comes in: a question, and what to replay. Goes out: a simulation for each model. It never takes
another deployment than the one that was chosen or named.
"""

from sizer.pipeline.simulation.replays import Replay
from sizer.pipeline.simulation.simulations import replay

__all__ = ["Replay", "replay"]
