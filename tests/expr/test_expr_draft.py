"""A policy is checked as a whole, and every fault is placed in its own text."""

from __future__ import annotations

from datetime import date

import pytest
from attrs import evolve

from sizer.diagnostic import MOST_OF_A_KIND, Place, Problem
from sizer.expr.check.draft import Draft, Path, draft_policy
from sizer.expr.text.source import Source
from sizer.schema.asked.parameter import Parameter
from sizer.schema.asked.profile import Rule, Select, Waiver
from sizer.schema.metrics import registry

SELECT = Select(where=("fits", "latency_ms < 10"), sort="tokens_per_second then cost", limit=5)
RULES = (
    Rule(id="a", require="ttft_ms <= 500", when="params_b >= 7", message="{gpu}: {ttft_ms:.0f} ms"),
    Rule(id="b", require="tp <= 8"),
)


def nowhere(_path: Path) -> None:
    return None


def waiver(rule: str, match: str) -> Waiver:
    return Waiver(rule, match, "why", "who", date(2027, 1, 31))


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
        texts |= {"match": "costs" if path[1] == 0 else "fits"}
        text = texts.get(str(path[-1]), "fits &" if path[1:2] == ("where",) else "costs")
        where = ".".join(map(str, path))
        return Source(text, lambda start, end: Place(where, 1, start + 1, end - start))

    select = Select(where=("fits &",), sort="costs")
    rules = (
        Rule(id="b", require="tpp < 1"),
        Rule(id="c", require="tpp < 1", when="tp", message="{gpux}"),
    )
    waivers = (waiver("b", "costs"), waiver("c", "fits"))
    draft = draft_policy(select, rules, source_of, registry(), waivers=waivers)
    assert [each and each.waiver.rule for each in draft.waivers] == [None, "c"]
    with pytest.raises(Problem) as caught:
        draft.policy()
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
        ("SZ202", ("waiver.0.match", 1)),
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


def test_a_rule_says_its_message_or_else_its_requirement() -> None:
    first, second = draft_policy(SELECT, RULES, nowhere, registry()).policy().rules
    assert first.said({"gpu": "L4", "ttft_ms": 512.3}) == "L4: 512 ms"
    assert second.said({"tp": 16.0}) == "tp <= 8"


def test_what_judges_reads_the_careful_metrics_and_nothing_else_does() -> None:
    metrics = registry()
    careful = {"ttft_ms": evolve(metrics["ttft_ms"], name="ttft_ms_high")}
    select = Select(where=("ttft_ms < 1000",), sort="ttft_ms")
    rules = (Rule("a", "ttft_ms < 500", when="ttft_ms > 1", message="{ttft_ms}"),)
    waivers = (waiver("a", "ttft_ms < 600"),)
    found = draft_policy(select, rules, nowhere, metrics, waivers=waivers, careful=careful).policy()
    (rule,) = found.rules
    assert [found.where[0].names, rule.require.names] == [{"ttft_ms_high"}] * 2
    assert rule.when
    assert rule.message
    others = (rule.when.names, rule.message.names, found.waivers[0].match.names)
    assert others == ({"ttft_ms"},) * 3
    assert [key.name for key in found.sort] == ["ttft_ms"]


def test_a_text_reads_the_parameters_of_its_place() -> None:
    def parameters_of(path: Path) -> dict[str, Parameter]:
        known = path in {("rule", 0, "require"), ("waiver", 0, "match")}
        return {"most": Parameter("most", 4.0)} if known else {}

    rules = (Rule("a", "tp < most", when="tp < most"), Rule("b", "tp < most"))
    waivers = (waiver("a", "tp < most"),)
    draft = draft_policy(Select(), rules, nowhere, registry(), parameters_of, waivers)
    assert [bool(each.require) for each in draft.rules] == [True, False]
    assert draft.rules[0].when is None
    assert [each.index for each in draft.waivers if each] == [0]


def test_parameters_that_are_no_numbers_are_switches() -> None:
    known = {
        "most": Parameter("most", 4.0),
        "strict": Parameter("strict", value=True),
        "home": Parameter("home", "L4"),
    }
    rules = (Rule("a", "tp < most and (strict or gpu == home)"),)
    (rule,) = draft_policy(Select(), rules, nowhere, registry(), lambda _: known).policy().rules
    assert rule.require.switches == {"strict", "home"}


def test_a_policy_is_a_draft_without_faults() -> None:
    policy = draft_policy(
        SELECT, RULES, nowhere, registry(), waivers=(waiver("a", "fits"),)
    ).policy()
    again = Draft.of(policy).policy()
    for each in ("where", "sort", "limit", "waivers", "names"):
        assert getattr(again, each) == getattr(policy, each)
    for one, other in zip(again.rules, policy.rules, strict=True):
        assert (one.rule, one.require, one.when) == (other.rule, other.require, other.when)
        assert (one.message, one.source) == (other.message, other.source)


def test_of_very_many_faults_the_first_are_told_and_that_there_are_more() -> None:
    for faulty, told in ((MOST_OF_A_KIND, 0), (MOST_OF_A_KIND + 1, 1), (MOST_OF_A_KIND * 2, 1)):
        select = Select(where=("nope",) * faulty)
        draft = draft_policy(select, (), nowhere, registry())
        codes = [each.code for each in draft.faults]
        assert codes == ["SZ202"] * MOST_OF_A_KIND + ["SZ004"] * told


def test_a_condition_of_a_rule_or_filter_has_its_path() -> None:
    draft = draft_policy(SELECT, RULES, nowhere, registry())
    assert [(path, each.text) for path, each in draft.expressions()] == [
        (("rule", 0, "require"), "ttft_ms <= 500"),
        (("rule", 0, "when"), "params_b >= 7"),
        (("rule", 1, "require"), "tp <= 8"),
        (("select", "where", 0), "fits"),
        (("select", "where", 1), "latency_ms < 10"),
    ]
