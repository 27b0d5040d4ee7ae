"""Calibrations of one's own: a file that is none, or with which nothing could be estimated."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sizer.catalog.calibration import FOLDER, SHIPPED, found_calibration
from sizer.diagnostic import Problem

DEFAULT = FOLDER.joinpath("default.toml").read_text("utf-8")


@pytest.mark.parametrize("name", SHIPPED)
def test_what_is_shipped_is_a_calibration_of_ones_own_too(tmp_path: Path, name: str) -> None:
    (tmp_path / "ours.toml").write_text(FOLDER.joinpath(f"{name}.toml").read_text("utf-8"))
    assert found_calibration("ours.toml", tmp_path).name == name


def test_a_slower_machine_is_plausible(tmp_path: Path) -> None:
    value = re.search(r"^value = (.*)$", DEFAULT, re.MULTILINE)
    assert value
    text = DEFAULT.replace(value.group(), f"value = {float(value[1]) / 10}", 1)
    (tmp_path / "ours.toml").write_text(text)
    assert found_calibration("ours.toml", tmp_path)


@pytest.mark.parametrize(
    ("pattern", "instead", "said"),
    [
        (r"^value = .*$", "value = 0.0", "bandwidth_share is 0, and a share is between 0 and 1"),
        (r"^value = .*$", "value = -1.0", "bandwidth_share is -1, and a share is"),
        (r"^value = .*$", "value = 1.0", "bandwidth_share is 1, and a share is"),
        (r"^value = .*$", "value = inf", "finite number"),
        (
            r"^value = 4.*e-05$",
            "value = 1e300",
            "layer_launch_s is 2.5e+304 times what is expected",
        ),
        (r"^Hopper = [0-9.]*$", "Hopper = 0.0", "bandwidth_share of Hopper is 0 times"),
        (r"^low = .*$", "low = -1e300", "the interval of itl_ms is from -1e+300 to"),
        (r"^version = .*$", "version = " + "[" * 5000, "nested more than 32 deep"),
        (r"^version = .*$", "version = " + "9" * 9999, "not TOML"),
    ],
)
def test_numbers_that_no_measurement_gives_are_refused(
    tmp_path: Path, pattern: str, instead: str, said: str
) -> None:
    text = re.sub(pattern, instead, DEFAULT, flags=re.MULTILINE)
    assert text != DEFAULT
    (tmp_path / "ours.toml").write_text(text)
    with pytest.raises(Problem) as caught:
        found_calibration("ours.toml", tmp_path)
    (found,) = caught.value.diagnostics
    assert found.code == "SZ707"
    assert said in found.message
    assert found.place
    assert found.place.file == str(tmp_path / "ours.toml")
