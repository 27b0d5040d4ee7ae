"""Which core of an engine a release has."""

from __future__ import annotations

import pytest

from sizer.estimate.engine.version import core
from sizer.schema.asked.serving import Engine


@pytest.mark.parametrize(
    ("name", "version", "expected"),
    [
        ("trtllm", "0.20.0", "trtllm_v0"),
        ("trtllm", "1.0.0rc3", "trtllm_v0"),
        ("trtllm", "1.0", "trtllm"),
        ("trtllm", "1.2.0rc2", "trtllm"),
        ("vllm", "0.7.3", "vllm_v0"),
        ("vllm", "0.8.0rc1", "vllm_v0"),
        ("vllm", "0.8.0.post1", "vllm"),
        ("vllm", None, "vllm"),
        ("sglang", "0.4.0", "sglang"),
    ],
)
def test_candidates_of_the_first_release_come_before_it(
    name: str, version: str | None, expected: str
) -> None:
    assert core(Engine(name=name, version=version)) == expected
