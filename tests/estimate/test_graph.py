from __future__ import annotations

import pytest

from sizer.estimate.analytic import AGAIN, TERMS
from sizer.estimate.columns.axes import AXIS_OF
from sizer.estimate.columns.estimator import LOADED
from sizer.estimate.columns.graph import following, plan, reads
from sizer.estimate.columns.quantity import unit_of
from sizer.schema.metrics import METRICS, registry
from sizer.units import unit


def given() -> frozenset[str]:
    return frozenset(AXIS_OF)


def test_every_metric_is_a_term_or_an_input() -> None:
    assert {metric.name for metric in METRICS} <= given() | TERMS.keys()


def test_no_term_shadows_an_input() -> None:
    assert not given() & TERMS.keys()


def test_every_term_reads_only_what_exists() -> None:
    known = given() | TERMS.keys() | AGAIN.keys() | {LOADED}
    assert {name for term in TERMS.values() for name in reads(term)} <= known


def test_a_plan_holds_only_what_is_needed() -> None:
    assert [term.__name__ for term in plan(TERMS, given(), ["weights_gib"])] == ["weights_gib"]


def test_what_follows_from_facts_reads_nothing_else() -> None:
    terms = plan(TERMS, given(), ["kv_pool_gib"])
    facts = frozenset({"weight_bytes", "overhead_bytes"})
    names = {term.__name__ for term in following(terms, facts)}
    assert names == {"weights_gib", "overhead_gib"}


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(LookupError, match="no term and no input is called 'speed'"):
        plan(TERMS, given(), ["speed"])


@pytest.mark.parametrize("name", sorted(TERMS.keys() & registry().keys()))
def test_terms_have_the_unit_that_the_registry_says(name: str) -> None:
    metric = registry()[name]
    if metric.kind != "number":
        assert unit_of(TERMS[name]) == {"bool": "truth", "text": "code"}[metric.kind]
    else:
        assert unit(unit_of(TERMS[name])) == metric.unit


@pytest.mark.parametrize("name", sorted(TERMS))
def test_terms_say_what_they_are(name: str) -> None:
    assert TERMS[name].__doc__
