"""Which share of a prompt is in a cache, and where, in words."""

from __future__ import annotations

import pytest

from sizer.render.report.words import found_again
from sizer.schema.answered.report import Choice


@pytest.mark.parametrize(
    ("whole", "turns", "offload", "said"),
    [
        (0.4, None, None, ""),
        (0.4, 0.4, None, "40 % of a prompt: 40 % of earlier turns on the accelerators"),
        (
            0.75,
            0.25,
            0.3,
            (
                "75 % of a prompt: 25 % of earlier turns on the accelerators, "
                "30 % read from the host's memory or a disk, 20 % of shared prefixes and given hits"
            ),
        ),
        (0.0, 0.0, None, "0 % of a prompt: 0 % of earlier turns on the accelerators"),
    ],
)
def test_each_share_has_its_place(
    whole: float, turns: float | None, offload: float | None, said: str
) -> None:
    metrics = {
        "cached_prompt_share": whole,
        "session_hit_share": turns,
        "offloaded_hit_share": offload,
    }
    assert found_again(Choice("x", metrics)) == said
