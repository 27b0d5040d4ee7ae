from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from attrs import evolve
from command_line import environment

from sizer.catalog.models import find_model
from sizer.expr.check.check import compile_condition
from sizer.expr.text.source import plain
from sizer.schema.metrics import registry
from sizer.workers import digest

MODEL = find_model("Qwen/Qwen2.5-7B").value
OTHERS = [None, True, 1, 1.0, "1", b"1", (), (1,), {1: 2}, {2: 1}, frozenset({1}), np.arange(3)]


def test_values_that_differ_have_other_digests() -> None:
    values = [*OTHERS, np.arange(3.0), MODEL, evolve(MODEL, name="other")]
    assert len({digest(each) for each in values}) == len(values)


def test_expressions_are_told_by_their_trees() -> None:
    texts = ("itl_ms < 10", "itl_ms < 11", "ttft_ms < 10")
    found = [digest(compile_condition(plain(text), registry())) for text in texts]
    assert len(set(found)) == len(texts)
    assert found[0] == digest(compile_condition(plain(texts[0]), registry()))


def test_a_digest_does_not_depend_on_the_process() -> None:
    code = "from sizer.workers import digest; print(digest(frozenset('abcdef')), end='')"
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            env=environment(PYTHONHASHSEED=seed),
            check=True,
        ).stdout.decode()
        for seed in ("1", "2")
    }
    assert found == {digest(frozenset("abcdef"))}


def test_what_has_no_digest_is_said() -> None:
    with pytest.raises(TypeError, match="a generator has no digest"):
        digest((1, [(each for each in ())]))
