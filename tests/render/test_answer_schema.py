from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator
from reports_by_hand import answered, refused, report

from sizer.render.forms import REPORT
from sizer.render.report.answer_schema import answer_schema
from sizer.schema.answered.report import Answer

GOLDENS = sorted((Path(__file__).parents[1] / "golden").glob("*.json"))


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    Draft7Validator.check_schema(answer_schema())
    return Draft7Validator(answer_schema())


@pytest.mark.parametrize("golden", GOLDENS, ids=lambda path: path.stem)
def test_answers_are_as_their_schema_says(golden: Path, validator: Draft7Validator) -> None:
    validator.validate(json.loads(golden.read_text("utf-8")))


@pytest.mark.parametrize("answer", [answered(), refused()], ids=["chosen", "refused"])
def test_every_part_of_an_answer_has_a_place_in_it(
    answer: Answer, validator: Draft7Validator
) -> None:
    validator.validate(json.loads(REPORT.render(report(answer), "json")))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("answers", 0, "chosen", "metrics", "itl_ms"), "10"),
        (("answers", 0, "chosen", "metrics", "itlms"), "ten"),
        (("answers", 0, "funnel", 0, "left"), None),
        (("rule_places",), {}),
        (("sort",), None),
    ],
)
def test_another_shape_is_refused(
    path: tuple[str | int, ...], value: object, validator: Draft7Validator
) -> None:
    whole = json.loads(REPORT.render(report(answered()), "json"))
    inner: Any = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    assert not validator.is_valid(whole)


def test_metrics_say_their_unit(validator: Draft7Validator) -> None:
    chosen = validator.schema["properties"]["answers"]["items"]["properties"]["chosen"]  # type: ignore[index]
    said = chosen["anyOf"][0]["properties"]["metrics"]["properties"]["itl_ms"]
    assert said == {
        "type": ["number", "null"],
        "description": "mean time between output tokens of one request (ms)",
    }
