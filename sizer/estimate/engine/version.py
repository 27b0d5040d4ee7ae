"""Which core of an engine a release has."""

from __future__ import annotations

import re

from sizer.schema.asked.serving import Engine
from sizer.schema.facts.calibration import EARLIER

CANDIDATE = re.compile(r"v?\d+\.\d+(\.0)*[._-]?(a|b|rc)\d")  # PEP 440: before the release
PRESENT_CORE = {
    "vllm": (0, 8),  # V1 is the default (release notes of vLLM 0.8.0)
    "trtllm": (1, 0),  # PyTorch is the default backend (release notes of TensorRT-LLM 1.0)
}
GENERATIONS = {
    "vllm": (0, 14),  # a step is scheduled while the last one runs (vllm-project/vllm PR 27614)
}


def generation(engine: Engine) -> str | None:
    """Return what an engine's present core is called before its last generation, None in that.

    A version that is missing or no release is taken as a current one.
    """
    release, present = engine.release, GENERATIONS.get(engine.name)
    earlier = core(engine) == engine.name and release and present and release < present
    return f"{engine.name} before {present[0]}.{present[1]}" if earlier and present else None


def core(engine: Engine) -> str:
    """Return the engine's name, with `_v0` for a release before its present core.

    Candidates of the first release come before it (PEP 440), and were measured to be slower. A
    version that is missing or no release is taken as a current one.
    """
    release, present = engine.release, PRESENT_CORE.get(engine.name)
    if release is None or present is None:
        return engine.name
    candidate = release == present and CANDIDATE.match(engine.version or "") is not None
    old = candidate or release < present
    return engine.name + EARLIER if old else engine.name
