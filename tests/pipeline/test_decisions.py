"""Decisions: the chosen or any candidate, judged condition by condition."""

from __future__ import annotations

from sizer.pipeline import size
from sizer.pipeline.decisions import candidates, decisions
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile, Rule, Select
from sizer.schema.asked.serving import Workload
from sizer.schema.facts.unmeasured import UnmeasuredVendor

AMD = UnmeasuredVendor("AMD")


def profile(*rules: Rule, **select: object) -> Profile:
    return Profile(
        1,
        models=(ModelAsk("Qwen/Qwen2.5-7B", weights=("bf16", "fp8")),),
        fleet=Fleet(("H100-SXM5-80GB", "L4", "T4")),
        workload=Workload(concurrency=(1, 8)),
        select=Select(**select),
        rule=rules,
    )


def test_without_a_name_it_is_the_chosen_one() -> None:
    asked = profile(sort="cost")
    (answer,) = size(asked).answers
    (decision,) = decisions(asked)
    assert answer.chosen is not None
    assert decision.candidate == decision.chosen == answer.chosen.candidate
    assert decision.metrics == answer.chosen.metrics
    assert (decision.rank, decision.survivors) == (1, answer.survivors)
    assert decision.first_failed is None


def test_every_survivor_has_its_rank() -> None:
    asked = profile(sort="cost")
    (answer,) = size(asked, everything=True).answers
    for rank, choice in enumerate(answer.others[:6], start=2):
        (decision,) = decisions(asked, choice.candidate)
        assert (decision.candidate, decision.rank) == (choice.candidate, rank)
        assert decision.standing[0][1:] == (
            choice.metrics["cost_usd_per_hour"],
            answer.chosen and answer.chosen.metrics["cost_usd_per_hour"],
        )


def test_where_nothing_survives_it_is_the_nearest_miss() -> None:
    asked = profile(where=("fits", "itl_ms < 0.001"))
    (answer,) = size(asked).answers
    (decision,) = decisions(asked)
    assert answer.near_miss is not None
    assert decision.candidate == answer.near_miss.candidate
    assert (decision.rank, decision.chosen) == (None, None)
    assert decision.first_failed is not None
    assert decision.first_failed.label == "itl_ms < 0.001"
    ((change,),) = decision.first_failed.flips
    assert (change.metric, change.relation, change.needed) == ("itl_ms", "below", 0.001)


def test_what_nobody_measured_is_said_of_a_candidate() -> None:
    asked = Profile(
        1,
        models=(ModelAsk("Qwen/Qwen2.5-7B"),),
        fleet=Fleet(("H100-SXM5-80GB", "MI300X")),
        select=Select(where=("fits_surely or vendor == 'AMD'",)),
    )
    about = {each: decisions(asked, each)[0] for each in candidates(asked)}
    assert {each.metrics["fits_surely"] for each in about.values()} == {True, False}
    for decision in about.values():
        assert decision.unsure == (() if decision.metrics["fits_surely"] else (AMD,))


def test_outcomes_are_those_of_the_judge() -> None:
    rules = (
        Rule("small", "tp <= 4", when="params_b > 100"),
        Rule("slow", "itl_ms > 1e6", level="warning", message="{itl_ms:.1f} ms"),
        Rule("unknown", "request_rate < 3", level="info"),
    )
    (decision,) = decisions(profile(*rules))
    fits, carried, small, slow, unknown = decision.judgements
    assert [each.outcome for each in (fits, carried, small, slow, unknown)] == [
        *("holds", "holds", "not applicable", "fails", "unknown"),
    ]
    kinds = ["where", "where", "error", "warning", "info"]
    assert [each.kind for each in decision.judgements] == kinds
    assert all(each.admits for each in decision.judgements)
    assert small.when is not None
    assert (small.when.value, small.flips) == (False, ())
    assert slow.message == f"{decision.metrics['itl_ms']:.1f} ms"
    assert [change.relation for (change,) in unknown.flips] == ["known"]
    assert [part.text for part in fits.require.parts] == ["memory_headroom_gib", "kv_pool_gib"]


def test_alternatives_differ_along_one_axis_and_pass() -> None:
    asked = profile(Rule("pace", "itl_ms < 25"))
    name = "L4 x1 bf16 kv=bf16 tp1 1024+256 c8"
    (decision,) = decisions(asked, name)
    found = {each.axis: each for each in decision.alternatives}
    assert set(found) == {"accelerator", "weights", "split", "load"}
    device = found["accelerator"]
    assert device.values == ("H100-SXM5-80GB",)
    assert (device.others, device.passing) == (2, 1)
    assert device.candidate == name.replace("L4", "H100-SXM5-80GB")
    split = found["split"]
    assert split.others == len({"tp2", "tp4"})
    for each in decision.alternatives:
        assert each.passing >= len(each.values)
        if each.candidate is not None:
            (other,) = decisions(asked, each.candidate)
            assert other.rank is not None


def test_no_other_name_is_found() -> None:
    asked = profile()
    names = candidates(asked)
    assert len(names) == len(set(names))
    assert decisions(asked, names[-1])[0].candidate == names[-1]
    assert decisions(asked, names[-1] + " ") == ()
    assert decisions(asked, names[-1].replace("x", "x9")) == ()
