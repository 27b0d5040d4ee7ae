"""Every check of the catalog's facts, one test each: README.md says what each is for."""

from __future__ import annotations

from pathlib import Path

import pytest
from integrity.checks import CHECKS
from integrity.exceptions import Check, complaints, exceptions

HERE = Path(__file__).parent
NAMES = [check.__name__ for check in CHECKS]


@pytest.mark.parametrize("check", CHECKS, ids=NAMES)
def test_facts_hold(check: Check) -> None:
    said = complaints(check)
    where = "mend the fact, or name it with a reason in tests/integrity/data/exceptions.toml"
    assert not said, f"{check.__doc__}\n{where}:\n  " + "\n  ".join(said)


def test_exceptions_name_checks_and_give_reasons() -> None:
    assert set(exceptions()) <= set(NAMES)
    assert all(reason for named in exceptions().values() for reason in named.values())


def test_readme_names_every_check() -> None:
    text = HERE.joinpath("README.md").read_text("utf-8")
    assert [name for name in NAMES if f"`{name}`" not in text] == []
