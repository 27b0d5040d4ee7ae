"""Every pack has tests, all of which hold and show every rule and condition either way."""

from __future__ import annotations

import pytest

from sizer.load.cases.cases import load_cases
from sizer.load.rule_sets import TESTS
from sizer.load.sites.packs import pack_folder, pack_names
from sizer.trials import trials_of


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_is_tested_in_full(name: str) -> None:
    found = trials_of([load_cases(pack_folder() / f"{name}{TESTS}")])
    assert [trial for trial in found.trials if not trial.holds] == []
    assert found.missing == ()
    assert found.goals == found.reached > 0


def test_every_test_is_of_a_pack() -> None:
    tested = {path.name.removesuffix(TESTS) for path in pack_folder().glob(f"*{TESTS}")}
    assert tested == set(pack_names())
