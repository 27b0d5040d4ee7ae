"""What does not fit is never chosen, unless a profile asks about `fits` itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from asking import answers, run
from command_line import sizer

QUESTION = """
models = [{ name = "meta-llama/Llama-3.1-70B", weights = "bf16" }]
fleet = { gpus = ["L4"], max_gpus_per_replica = 1 }
"""


def test_conditions_of_ones_own_keep_fits(tmp_path: Path) -> None:
    code, (answer,) = answers(tmp_path, QUESTION + 'select.where = ["tp == 1"]\n')
    assert code == 1
    assert answer["chosen"] is None
    assert [(each["label"], each["left"]) for each in answer["funnel"]] == [
        ("tp == 1", 1),
        ("fits", 0),
        ("not overloaded", 0),
    ]
    code, out, _ = run(tmp_path, QUESTION + 'select.where = ["tp == 1"]\n')
    assert code == 1
    assert "fits: no, 113.2 GiB short on each accelerator" in out


@pytest.mark.parametrize(
    ("weights", "fleet"),
    [("fp8", '"H200"], max_gpus_per_replica = 1'), ("bf16", '"H100"], max_gpus_per_replica = 2')],
)
def test_what_would_hold_it_is_chosen(tmp_path: Path, weights: str, fleet: str) -> None:
    text = QUESTION.replace('"bf16"', f'"{weights}"').replace(
        '"L4"], max_gpus_per_replica = 1', fleet
    )
    code, (answer,) = answers(tmp_path, text + 'select.where = ["tp <= 2"]\n')
    assert code == 0
    assert answer["chosen"]["metrics"]["fits"] is True


@pytest.mark.parametrize("where", ["not fits", "fits or tp == 1", "not fits_surely"])
def test_a_condition_that_names_fits_stands_alone(tmp_path: Path, where: str) -> None:
    code, (answer,) = answers(tmp_path, QUESTION + f'select.where = ["{where}"]\n')
    assert code == 0
    assert answer["chosen"]["metrics"]["fits"] is False
    assert [each["label"] for each in answer["funnel"]] == [where]


def test_a_candidate_by_hand_fits_unless_its_case_says_otherwise(tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text("dsl = 1\n" + QUESTION + 'select.where = ["tp == 1"]\n')
    tests = tmp_path / "p.sizer-test.toml"
    tests.write_text("""dsl = 1
[[case]]
name = "says nothing of it"
given = { tp = 1 }
expect.survives = true
[[case]]
name = "does not fit"
given = { tp = 1, fits = false }
expect.survives = false
[[case]]
name = "another split"
given = { tp = 2 }
expect.survives = false
""")
    done = sizer("test", tests, "--min-coverage", "100")
    assert done.returncode == 0, done.stderr
    assert "3 hold, 0 differ; coverage 100 %" in done.stdout
