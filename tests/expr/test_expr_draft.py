"""A policy is checked as a whole, and every fault is placed in its own text."""

from __future__ import annotations

import pytest

from sizer.diagnostic import Place, Problem
from sizer.expr.draft import Path, draft_policy
from sizer.expr.source import Source
from sizer.schema.metrics import registry
from sizer.schema.profile import Rule, Select

SELECT = Select(where=("fits", "latency_ms < 10"), sort="tokens_per_second then cost", limit=5)
RULES = (
    Rule(id="a", require="ttft_ms <= 500", when="params_b >= 7", message="{gpu}: {ttft_ms:.0f} ms"),
    Rule(id="b", require="tp <= 8"),
)


def nowhere(_path: Path) -> None:
    return None


def test_a_policy_names_every_metric_that_it_reads() -> None:
    policy = draft_policy(SELECT, RULES, nowhere, registry()).policy()
    assert policy.names == {
        *("fits", "itl_ms", "tokens_per_second", "cost_usd_per_hour"),
        *("ttft_ms", "params_b", "gpu", "tp"),
    }
    assert policy.limit == 5
    assert [each.rule.id for each in policy.rules] == ["a", "b"]
    assert policy.rules[1].when is None
    assert policy.rules[0].place is None


def test_all_faults_of_all_texts_are_found_at_once() -> None:
    def source_of(path: Path) -> Source:
        texts = {"require": "tpp < 1", "when": "tp", "message": "{gpux}"}
        text = texts.get(str(path[-1]), "fits &" if path[1:2] == ("where",) else "costs")
        where = ".".join(map(str, path))
        return Source(text, lambda start, end: Place(where, 1, start + 1, end - start))

    select = Select(where=("fits &",), sort="costs")
    rules = (
        Rule(id="b", require="tpp < 1"),
        Rule(id="c", require="tpp < 1", when="tp", message="{gpux}"),
    )
    with pytest.raises(Problem) as caught:
        draft_policy(select, rules, source_of, registry()).policy()
    places = [
        (d.code, d.place and (d.place.file, d.place.column)) for d in caught.value.diagnostics
    ]
    assert places == [
        ("SZ201", ("select.where.0", 6)),
        ("SZ202", ("select.sort", 1)),
        ("SZ202", ("rule.0.require", 1)),
        ("SZ202", ("rule.1.require", 1)),
        ("SZ203", ("rule.1.when", 1)),
        ("SZ202", ("rule.1.message", 2)),
    ]


def test_places_are_not_asked_for_while_all_is_well() -> None:
    def source_of(path: Path) -> Source:
        def place(_start: int, _end: int) -> Place:
            asked.append(path)
            return Place("p.toml", 7)

        texts = {"require": RULES[1].require}
        return Source(texts[str(path[-1])], place)

    asked: list[Path] = []
    policy = draft_policy(
        Select(where=()), RULES[1:], lambda p: source_of(p) if p[0] == "rule" else None, registry()
    ).policy()
    assert asked == []
    assert policy.rules[0].place == Place("p.toml", 7)


def test_of_a_text_that_did_not_fit_its_stand_in_is_checked() -> None:
    def source_of(_: Path) -> Source:
        return Source(" ", lambda *_: Place("p.toml", 7))

    policy = draft_policy(Select(where=("fits",)), RULES, source_of, registry()).policy()
    assert [each.source.text for each in policy.rules] == [rule.require for rule in RULES]
