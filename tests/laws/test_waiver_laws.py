"""The laws of waivers: they only admit, only what they are for, and a profile alone is no liar."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies_expr import NAMES, conditions, rows
from test_expr_agreement import columns_of

from sizer.expr.check.draft import draft_policy
from sizer.expr.check.policy import Policy
from sizer.judge import judge
from sizer.judge.tally import Tally
from sizer.load import load_document
from sizer.load.rules.waiver_day import Waiving
from sizer.load.waivers import waiver_findings
from sizer.pipeline import size
from sizer.schema.asked.profile import Rule, Select, Waiver
from sizer.schema.verdict import FAILS
from sizer.structure.toml.document import parse_document

Row = dict[str, float | bool | str | None]
TABLES = st.lists(rows(), min_size=1, max_size=6)
DAY = date(2026, 1, 1)
PROFILE = """\
dsl = 1
models = [{ name = "Qwen/Qwen2.5-7B", weights = ["bf16", "fp8"] }]
fleet = { gpus = ["H100-SXM5-80GB", "L4"], max_gpus_per_replica = 2 }
workload.concurrency = [1, 8]
select = { where = [], sort = "tp" }
[[rule]]
id = "never"
require = "itl_ms < 0"
[[waiver]]
rule = "never"
match = '''%s'''
reason = "-"
owner = "-"
expires = 2027-01-31
"""
FACTS = (
    "gpu == 'L4'",
    "gpu != 'H100-SXM5-80GB'",
    "gpu in ('T4', 'A10')",
    "weights == 'fp8'",
    "kv_format == 'bf16'",
    "concurrency > 1",
    "concurrency <= 8",
    "input_tokens == 1024",
    "tp == 2",
    "tp > 8",
    "itl_ms < 1000",
    "is_known(tp)",
    "is_known(request_rate)",
    "engine == 'vllm'",
    "vendor == 'AMD'",
    "is_moe",
    "params_b > 7.6",
    "gpu_memory_gb < 30",
    "gpus > 2",
    "replicas > 1",
    "gpus * concurrency > 8",
    "max_context == 1280",
    "coalesce(tp, 9) < 2",
)


def judged(require: str, *matches: str) -> Policy:
    waivers = tuple(Waiver("a", match, "-", "-", DAY) for match in matches)
    select, rules = Select(where=(), sort="tp"), (Rule("a", require),)
    return draft_policy(select, rules, lambda _: None, NAMES, waivers=waivers).policy()


@settings(max_examples=150)
@given(conditions(), st.lists(conditions(1), max_size=3), TABLES)
def test_waivers_only_admit_and_only_what_they_are_for(
    require: str, matches: list[str], table: list[Row]
) -> None:
    columns = columns_of(table)
    (bare,) = judge(judged(require), columns)
    policy = judged(require, *matches)
    (waived,) = judge(policy, columns)
    tally = Tally.of(policy, (waived,), columns)
    assert list(waived.outcome) == list(bare.outcome)
    assert all(waived.admits[bare.admits])
    gained = waived.admits & ~bare.admits
    assert int(gained.sum()) <= sum(tally.waived.values())
    assert np.all(bare.outcome[gained] <= FAILS)
    assert all(tally.waived[index] <= tally.matched[index] <= len(table) for index in tally.matched)


@st.composite
def matches(draw: st.DrawFn) -> str:
    parts = draw(st.lists(st.sampled_from(FACTS), min_size=1, max_size=3))
    text = parts[0]
    for part in parts[1:]:
        text = f"({text}) {draw(st.sampled_from(('and', 'or')))} ({part})"
    return draw(st.sampled_from((text, f"not ({text})")))


@settings(max_examples=40)
@given(matches())
def test_what_a_profile_alone_shows_of_a_waiver_is_so(match: str) -> None:
    document = parse_document(PROFILE % match, "p.toml")
    question = load_document(document, Path(), waiving=Waiving(DAY))
    codes = {each.code for each in waiver_findings(question)}
    report = size(question)
    (used,) = report.waivers
    candidates = sum(answer.candidates for answer in report.answers)
    assert candidates > 1
    if "SZ401" in codes:
        assert used.matched == 0
    if "SZ403" in codes:
        assert used.matched == candidates
    assert used.waived == used.matched
