from __future__ import annotations

import numpy as np
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from scenarios import deployment, grid

from sizer.estimate import estimate
from sizer.estimate.analytic import ANALYTIC
from sizer.pipeline import question_of, report, silent
from sizer.resolve import Resolved
from sizer.schema.answered.report import Report
from sizer.schema.asked.profile import Fleet, ModelAsk, Profile, Rule, Select
from sizer.schema.metrics import METRICS
from sizer.schema.rows import Listed
from sizer.schema.scenario import Load, Scenario

MODEL = "Qwen/Qwen2.5-7B"
NAMES = tuple(metric.name for metric in METRICS)
LOADS = tuple(Load(n, 256, c, None, 8448) for n in (128, 2048, 8192) for c in (1, 8, 64))
SCENARIO = grid(
    tuple(deployment(MODEL, form, tp=tp) for form in ("bf16", "fp8") for tp in (1, 2, 4)),
    ("H100-SXM5-80GB", "L4", "T4", "MI300X", "Ascend-910B"),
    LOADS,
)
RULES = st.sampled_from(
    [
        "itl_ms < 20",
        "ttft_ms <= 300",
        "cost_usd_per_mtok < 2",
        "tp == 1",
        "memory_headroom_gib >= 10",
        'vendor == "NVIDIA"',
        "tokens_per_second > 100 or concurrency < 8",
    ]
)


def ask(scenario: Scenario, conditions: list[str], sort: str = "tokens_per_second") -> Report:
    rules = tuple(Rule(f"r{n}", text) for n, text in enumerate(conditions))
    question = question_of(
        Profile(
            1,
            models=(ModelAsk(MODEL),),
            fleet=Fleet(("H100-SXM5-80GB",)),
            select=Select(sort=sort),
            rule=rules,
        )
    )
    return report(question, Resolved(scenario, (MODEL,), ()), None, silent)


def admitted(answer: Report) -> set[str]:
    (only,) = answer.answers
    return {each.candidate for each in (only.chosen, *only.others) if each is not None}


@given(st.lists(RULES, max_size=3), RULES)
@settings(max_examples=30)
def test_a_stricter_rule_set_never_admits_more(rules: list[str], another: str) -> None:
    assert admitted(ask(SCENARIO, [*rules, another])) <= admitted(ask(SCENARIO, rules))


@given(st.permutations(range(len(SCENARIO))))
@settings(max_examples=20)
def test_the_order_of_candidates_changes_nothing(order: list[int]) -> None:
    shuffled = SCENARIO.take(np.array(order))
    assert ask(shuffled, ["itl_ms < 40"]) == ask(SCENARIO, ["itl_ms < 40"])


@given(st.integers(1, len(SCENARIO)))
@settings(max_examples=20)
def test_chunks_change_nothing(size: int) -> None:
    whole = estimate(SCENARIO, NAMES)
    parts = list(evolve(ANALYTIC, block_rows=size).chunks(SCENARIO, NAMES))
    for name in NAMES:
        joined = np.concatenate([part[name].values for part in parts])
        assert joined.tobytes() == whole[name].values.tobytes()


@given(st.integers(0, len(SCENARIO) - 1))
@settings(max_examples=40)
def test_one_row_alone_equals_the_row_in_the_table(row: int) -> None:
    whole = estimate(SCENARIO, NAMES)
    alone = estimate(SCENARIO.take(np.array([row])), NAMES)
    assert all(alone[name].cell(0) == whole[name].cell(row) for name in NAMES)


@given(st.lists(RULES, max_size=2), st.sampled_from(["cost then itl_ms", "itl_ms", "gpus"]))
@settings(max_examples=15)
def test_the_same_question_twice_gives_the_same_answer(rules: list[str], sort: str) -> None:
    assert repr(ask(SCENARIO, rules, sort)) == repr(ask(SCENARIO, rules, sort))


@given(st.integers(0, len(SCENARIO) - 1))
@settings(max_examples=20)
def test_a_dominated_candidate_never_changes_the_choice(row: int) -> None:
    (answer,) = ask(SCENARIO, []).answers
    gpu = SCENARIO.gpus[SCENARIO.gpu_of[row]]
    slower = evolve(gpu, name=f"{gpu.name}-slow", bandwidth_gb_s=(gpu.bandwidth_gb_s or 10) / 2)
    loads = np.arange(len(LOADS), dtype=np.int32)
    same = np.full_like(loads, SCENARIO.deployment_of[row])
    extended = evolve(
        SCENARIO,
        gpus=(*SCENARIO.gpus, slower),
        prices=(*SCENARIO.prices, ()),
        rows=Listed(
            np.append(SCENARIO.deployment_of, same),
            np.append(SCENARIO.gpu_of, np.full_like(loads, len(SCENARIO.gpus))),
            np.append(SCENARIO.load_of, loads),
        ),
    )
    (with_it,) = ask(extended, []).answers
    assert with_it.chosen == answer.chosen
