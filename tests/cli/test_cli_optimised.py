"""Python without docstrings (-OO) says what it says with them."""

from __future__ import annotations

import subprocess
import sys

import pytest
from command_line import environment

from sizer.estimate.analytic import TERMS
from sizer.structure.docstring import _in_source, docstring


def printed(*options: str, asked: tuple[str, ...]) -> bytes:
    command = [sys.executable, *options, "-m", "sizer", *asked]
    return subprocess.run(command, capture_output=True, env=environment(), check=True).stdout


@pytest.mark.parametrize(
    "asked", [("explain", "itl_ms"), ("explain", "itl_ms_low"), ("schema", "answer")], ids=" ".join
)
def test_texts_are_there_without_docstrings(asked: tuple[str, ...]) -> None:
    assert printed("-OO", asked=asked) == printed(asked=asked)


def test_a_docstring_is_found_in_its_source() -> None:
    term = TERMS["ttft_ms"]
    assert _in_source(term) == docstring(term) != ""
    assert _in_source(len) == ""
