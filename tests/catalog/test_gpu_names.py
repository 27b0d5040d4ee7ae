"""Names as drivers and clouds print them: one list, each of which is an accelerator's."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

from sizer.catalog.gpus import gpu_names, knows_gpu

LIST = Path(__file__).parent / "gpu_names.csv"
ROWS = list(csv.DictReader(LIST.read_text("utf-8").splitlines()))


@pytest.mark.parametrize(
    ("printed", "name"), sorted({(each["printed"], each["name"]) for each in ROWS})
)
def test_a_name_that_is_printed_somewhere_is_known(printed: str, name: str) -> None:
    assert knows_gpu(printed) == name


def test_every_row_says_who_prints_it_and_stands_once() -> None:
    assert all(each["source"] for each in ROWS)
    found = Counter((each["printed"], each["source"]) for each in ROWS)
    assert set(found.values()) == {1}


def test_the_list_has_most_accelerators_that_a_driver_can_print() -> None:
    printed = {each["name"] for each in ROWS}
    assert printed <= set(gpu_names())
    assert len(printed) >= 100


@pytest.mark.parametrize(
    ("glued", "apart"),
    [
        ("RTX4090", "RTX-4090"),
        ("RTXA6000", "RTX-A6000"),
        ("RTX6000Ada", "RTX-6000-Ada"),
        ("RTXPRO4500", "RTX-PRO-4500-Blackwell"),
        ("NVIDIA RTX 6000 Ada Generation", "RTX-6000-Ada"),
    ],
)
def test_words_that_clouds_glue_together_are_taken_apart(glued: str, apart: str) -> None:
    assert knows_gpu(glued) == apart


@pytest.mark.parametrize(
    "other", ["RTX 6000 Pro Max", "RTXA9000", "H100 MEGA 2", "RTX 4090 Laptop"]
)
def test_what_is_more_than_a_name_is_no_name(other: str) -> None:
    assert knows_gpu(other) is None
