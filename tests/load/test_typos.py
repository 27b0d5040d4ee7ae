import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sizer.diagnostic import Diagnostic, Problem
from sizer.load import load_document
from sizer.structure.toml.document import Document, parse_document

# Between § stand keys and metrics, between | stand values.
MARKED = """\
dsl = 1
description = "é question"
§extends§ = [|"pack:procurement"|]

[§params§]
§max_wait_ms§ = 500

[§levels§]
§slo§ = |"warning"|

[[models]]
§name§ = |"Qwen/Qwen2.5-7B"|
§weights§ = ["bf16", |"fp8"|]
§kv_format§ = |'auto'|

[fleet]
§gpus§ = [
    |"H100-SXM5-80GB"|, # one
    |'A100-SXM4-80GB'|,
]
§max_gpus_per_replica§ = 8

[[§fleet§.§custom§]]
§memory_gb§ = 80
§memory_bandwidth_gb_s§ = 2039
§name§ = "our own"
§like§ = |"L4"|

[§workload§]
§concurrency§ = [1, 8]

[engine]
§name§ = |"vllm"|

[select]
§where§ = ["§fits§", \"\"\"
  'é' != gpu and §latency_ms§ < 10
    and \\
    §tp§ in (1, 2)\"\"\"]
§sort§ = '§tokens_per_second§ then §cost§'

[[rule]]
§id§ = "slo"
§when§ = "weights == 'fp8' or§ is_moe§"
§require§ = "'\\u0041' != gpu and \\"b\\" != gpu and §ttft_ms§ <= §max_wait_ms§"
§message§ = "{§gpu§} x{§gpus§} in {§max_wait_ms§}"
§level§ = |"error"|

[[§waiver§]]
§rule§ = |"slo"|
§match§ = "§gpu§ == 'L4' and §concurrency§ in (1, 8)"
§reason§ = "a pilot"
§owner§ = "platform"
§expires§ = 2999-01-31
""".replace("or§ ", "or §")
MARK = re.compile(r"§(\w+)§|\|([^|\n]+)\|")
TYPO = "qz"


def plain(marked: str) -> str:
    return MARK.sub(lambda found: found[1] or found[2], marked)


def test_without_a_typo_all_is_well() -> None:
    document = parse_document(plain(MARKED), "p.toml")
    assert load_document(document, Path()).profile.models


def findings(document: Document) -> tuple[Diagnostic, ...]:
    """Return faults, or else notes: of a model that only the hub may know there is a warning."""
    try:
        return load_document(document, Path()).notes
    except Problem as problem:
        return problem.diagnostics


@pytest.mark.parametrize("end_of_line", ["\n", "\r\n"])
@given(st.data())
def test_a_typo_is_reported_where_it_stands(end_of_line: str, data: st.DataObject) -> None:
    found = data.draw(st.sampled_from(list(MARK.finditer(MARKED))))
    word = found[1] or found[2]
    cut = data.draw(st.integers(1, len(word) - 1), label=word)
    before = plain(MARKED[: found.start()])
    wrong = word[:cut] + TYPO + word[cut:]
    text = before + wrong + plain(MARKED[found.end() :])
    told = findings(parse_document(text.replace("\n", end_of_line), "p.toml"))
    line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
    places = [each.place for each in told if each.place]
    assert (line, column, len(wrong)) in [(at.line, at.column, at.width) for at in places]
