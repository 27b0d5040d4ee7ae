"""Accelerators and models that conditions name."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.load import check

PARAMS = 'params = {chip = "H100"}\n'
MODELS = 'models = [{name = "Qwen/Qwen2.5-7B"}, {name = "mistralai/Mixtral-8x7B-v0.1"}]\n'
FLEET = """\
[fleet]
gpus = ["H100", "T4"]
custom = [{name = "ours", memory_gb = 80, memory_bandwidth_gb_s = 2000}]
"""


def found(folder: Path, require: str, when: str = "", level: str = "error") -> list[str]:
    applies = f'when = """{when}"""\n' if when else ""
    rule = f'[[rule]]\nid = "a"\nrequire = """{require}"""\n{applies}level = "{level}"\n'
    path = folder / "p.toml"
    path.write_text(f"dsl = 1\n{PARAMS if 'chip' in require else ''}{MODELS}{FLEET}{rule}")
    lines = path.read_text().splitlines()
    told = []
    for each in check([path]).found:
        assert each.place
        line, column = lines[(each.place.line or 0) - 1], (each.place.column or 0) - 1
        told.append(f"{each.code} {line[column : column + each.place.width]}")
    return told


@pytest.mark.parametrize(
    ("require", "expected"),
    [
        ("gpu != 'H100'", ["SZ210 'H100'"]),
        ("tp < 4 or 'L41' == gpu", ["SZ210 'L41'"]),
        ("gpu not in ('L4', 'H1000',\n 'A100')", ["SZ210 'H1000'", "SZ210 'A100'"]),
        ("gpu in ('H100-SXM5-80GB', 'ours', 'T4')", []),
        ("gpu not in ('H1000-x', 'H1000', 'L4')", ["SZ210 'H1000-x'", "SZ210 'H1000'"]),
        ("gpu not in (chip, 'H1000', chip)", ["SZ210 chip", "SZ210 'H1000'", "SZ210 chip"]),
        ("gpu != chip", ["SZ210 chip"]),
        ("gpu != 'L4'", []),
        ("model != 'Qwen/Qwen2.5-7b'", []),
        ("model != 'Qwen/Qwen2.5-8B' and tp < 4", ["SZ210 'Qwen/Qwen2.5-8B'"]),
        ("model != 'mistralai/Mixtral-8x7B-v0.l'", ["SZ210 'mistralai/Mixtral-8x7B-v0.l'"]),
        ("model != 'something else altogether'", []),
        ("gpu != 'T4'", ['SZ211 "T4"']),
        ("gpu == 'ours'", ['SZ211 "H100"', 'SZ211 "T4"']),
        ("gpu in ('H100-SXM5-80GB', 'T4') and tp < 4", ['SZ211 "ours"']),
        ("model == 'Qwen/Qwen2.5-7B'", ['SZ211 "mistralai/Mixtral-8x7B-v0.1"']),
        ("gpu != 'T4' or tp < 4", []),
    ],
)
def test_names_are_held_against_what_exists_and_what_is_asked(
    require: str, expected: list[str], tmp_path: Path
) -> None:
    assert found(tmp_path, require) == expected


def test_a_condition_excludes_only_where_it_applies(tmp_path: Path) -> None:
    assert found(tmp_path, "gpu != 'T4'", when="tp > 1") == []
    assert found(tmp_path, "gpu != 'T4'", level="warning") == []
    assert found(tmp_path, "tp > 1", when="gpu == 'H100'") == ["SZ210 'H100'"]


def test_shared_rules_may_name_what_a_profile_brings(tmp_path: Path) -> None:
    path = tmp_path / "r.toml"
    path.write_text("dsl = 1\n[[rule]]\nid = 'a'\nrequire = 'gpu != \"T4\" and model != \"x\"'\n")
    assert check([path]).found == ()
