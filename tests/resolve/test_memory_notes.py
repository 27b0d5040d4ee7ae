"""An answer says what of its memory rests on nothing: parts not counted, start-ups not measured."""

from __future__ import annotations

import pytest

from sizer.pipeline import size
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile
from sizer.schema.asked.serving import Engine
from sizer.schema.facts.unmeasured import (
    NotCounted,
    UnmeasuredEngine,
    UnmeasuredVendor,
    UnmeasuredVersion,
    Unsure,
)

PLAIN = "Qwen/Qwen2.5-7B"
TOWER = NotCounted("moonshotai/Kimi-K3", "vision tower", "weights")
SEEING = "Qwen/Qwen3.6-27B"
IMAGE = NotCounted(SEEING, "its tower's buffers for the largest image", "activations")


@pytest.mark.parametrize(
    ("model", "gpu", "engine", "said"),
    [
        (PLAIN, "H100-SXM5-80GB", Engine(), None),
        (PLAIN, "H100-SXM5-80GB", Engine(version="0.6.4"), None),
        (PLAIN, "H100-SXM5-80GB", Engine(version="nightly"), None),
        (PLAIN, "H100-SXM5-80GB", Engine(version="9.0"), UnmeasuredVersion("9.0", "0.6", "0.28")),
        (PLAIN, "H100-SXM5-80GB", Engine("generic"), UnmeasuredEngine("generic", "a current vLLM")),
        (PLAIN, "H100-SXM5-80GB", Engine("sglang"), UnmeasuredEngine("sglang")),
        (PLAIN, "MI300X", Engine(), UnmeasuredVendor("AMD")),
        ("moonshotai/Kimi-K3", "B300", Engine(), TOWER),
        (SEEING, "H100-SXM5-80GB", Engine(), None),
        (SEEING, "H100-SXM5-80GB", Engine(images_per_prompt=0), None),
        (SEEING, "H100-SXM5-80GB", Engine(images_per_prompt=4), IMAGE),
        (SEEING, "H100-SXM5-80GB", Engine(images_per_prompt=4, language_model_only=True), None),
    ],
)
def test_what_nothing_fits_surely_for_is_said(
    model: str, gpu: str, engine: Engine, said: Unsure | None
) -> None:
    fleet = Fleet((gpu,), max_gpus_per_replica=8)
    report = size(Profile(1, models=(ModelAsk(model),), fleet=fleet, engine=engine))
    (answer,) = report.answers
    assert answer.chosen is not None
    found = [each for each in report.assumptions if isinstance(each, Unsure)]
    assert found == ([] if said is None else [said])
    assert answer.chosen.metrics["fits_surely"] is (said is None)
