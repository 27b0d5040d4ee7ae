"""A typo in rule files, tests and odd TOML is reported where it stands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sizer.load import check

# Between § stand keys and metrics, between | values of a few, between ¤ numbers.
RULES = '''\
dsl = ¤1¤
§owner§ = "équipe 漢字"
params.max_wait_ms = 500 # 👩‍💻
levels = {}

[[§rule§]]
id = "wait"
	§when§	=	"""	'漢字 e\u0301 👩' != gpu and §weights§ == |'fp8'|
    or \\
       (not §is_moe§	and '\U0001f600' != model)"""
§require§ = "§ttft_ms§ <= §max_wait_ms§ and (§gpu_memory_gb§ >= 80 GB or §tp§ in (1, 2))"
§message§ = '漢 {§gpu§}: {§ttft_ms§:.0f} ms'
§level§ = |'warning'|
tags = ["a"]

[[rule]]
id = 'pace'
require = \'\'\'
§itl_ms§ < §max§(20, §prefill_ms§ / 2) and §engine§ in (|"vllm"|, |"sglang"|)
\'\'\'
'''
TESTS = """\
dsl = 1
rules = "r.toml"

[[case]]
§name§ = "漢字	slow"
§given§ = { §ttft_ms§ = 600, weights = "fp8", §tp§ = ¤4¤, is_moe = false, §gpu_memory_gb§ = 24 }
expect.§fails§ = ["wait"]
expect.§passes§ = []

[[case]]
name = "fast"
params.§max_wait_ms§ = 900
given.§ttft_ms§ = ¤700¤
given.§tp§ = 1
[case.§expect§]
§not_applicable§ = [|"wait"|]
"""
PROFILE = """\
dsl = 1
extends = [|'r.toml'|]
§params§.§max_wait_ms§ = 400
models = [
    { §name§ = "Qwen/Qwen2.5-7B", §weights§ = [|'bf16'|, |"fp8"|] }, # 漢字
\t{name="漢字", num_layers=2, hidden_size=8, num_attention_heads=8, §num_parameters§ = ¤7.6¤},
]
fleet = { §gpus§ = [|"H100-SXM5-80GB"|, |'L4'|], §max_gpus_per_replica§ = ¤8¤ }
§workload§.§concurrency§ = [1, ¤8¤]
"workload".'input_tokens' = ¤1024¤
§engine§.§gpu_memory_utilization§ = ¤0.9¤
engine.name = |'vllm'|
§select§."where" = ["fits", '''\t"漢字 👩" != gpu and §itl_ms§ < 20''']
select.§sort§ = "§cost§ then §ttft_ms§"

[[waiver]]
rule = |"wait"|
§match§ = '''
  "漢字" != gpu and §concurrency§ in (1, 64)'''
§reason§ = "é"
owner = "a"
§expires§ = 2999-01-31
"""
FILES = {"r.toml": RULES, "r.sizer-test.toml": TESTS, "p.toml": PROFILE}
MARK = re.compile(r"§(\w+)§|\|([^|\n]+)\||¤([\d.]+)¤")
TYPO = "qz"
PLACES = [(name, found) for name, text in FILES.items() for found in MARK.finditer(text)]


def plain(marked: str) -> str:
    return MARK.sub(lambda found: found[1] or found[2] or found[3], marked)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("typos")
    for name, text in FILES.items():
        (folder / name).write_text(plain(text), "utf-8")
    return folder


def test_without_a_typo_all_is_well(folder: Path) -> None:
    assert [each for each in check([folder]).found if each.severity == "error"] == []


def misspelt(data: st.DataObject, found: re.Match[str]) -> str:
    if found[3]:
        return f'"{found[3]}"'
    word = found[1] or found[2]
    cut = data.draw(st.integers(1, len(word) - 1), label=word)
    return word[:cut] + TYPO + word[cut:]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.data(),
    st.sampled_from(PLACES),
    st.sampled_from(("\n", "\r\n")),
    st.sampled_from(("", "\ufeff")),
)
def test_a_typo_is_reported_where_it_stands(
    folder: Path, data: st.DataObject, place: tuple[str, re.Match[str]], ending: str, mark: str
) -> None:
    name, found = place
    before = plain(found.string[: found.start()])
    wrong = misspelt(data, found)
    text = mark + before + wrong + plain(found.string[found.end() :])
    path = str(folder / name)
    told = check([], given={path: text.replace("\n", ending).encode()}).found
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    places = [each.place for each in told if each.place and each.place.file == path]
    spans = [(at.line, at.column, at.width) for at in places]
    assert (line, column, len(wrong)) in spans, (wrong, told)
