from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from sizer.diagnostic import Problem, shown
from sizer.load import check, load_document
from sizer.structure.toml.document import parse_document

TWO_FAULTS = """\
dsl = 1
extends = ["a.toml"]
[[models]]
name = "Qwen/Qwen2.5-7B"
weights = ["bf16", "fp8"]
[fleet]
gpus = ["L4", "T4"]
provider = "nobody"
custom = [{name = 'x', memory_gb = 1, memory_bandwidth_gb_s = 1.5e2, like = "L4"}]
[workload]
concurrency = [1, 8]
[select]
where = "fits and ttft_ms < 500"
sort = "tokens_per_second then cost"
[[rule]]
id = "a"
require = \"\"\"tp in (1, 2) and \\
  latency_ms < 10\"\"\"
message = "{gpu} {ttft_ms:.0f}"
"""
KEYS = st.sampled_from(
    [
        "dsl",
        "extends",
        "models",
        "name",
        "weights",
        "fleet",
        "gpus",
        "custom",
        "like",
        "workload",
        "select",
        "where",
        "sort",
        "rule",
        "id",
        "require",
        "when",
        "message",
        "level",
        "provider",
        "num_parameters",
        "ünknown",
    ]
)
VALUES = st.recursive(
    st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.text(max_size=8)
    | st.sampled_from(("fits", "L4", "a.toml", "\x1b", ".", "..", "~", "tp <", "{", "x.json")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


def only_problems(text: str) -> None:
    with pytest.raises(Problem) as caught:
        load_document(parse_document(text, "p.toml"), Path("folder"))
    said = "".join(shown(each) for each in caught.value.diagnostics)
    assert all(character.isprintable() or character in "\n\t" for character in said)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
def test_any_toml_is_answered_by_findings(data: dict[str, Any]) -> None:
    only_problems(tomli_w.dumps(data))


@given(st.integers(0, len(TWO_FAULTS)), st.integers(0, 12), st.text(max_size=6))
def test_any_edit_is_answered_by_findings(start: int, removed: int, inserted: str) -> None:
    only_problems(TWO_FAULTS[:start] + inserted + TWO_FAULTS[start + removed :])


@given(st.binary(max_size=60))
def test_any_bytes_are_answered_by_findings(tmp_path_factory: Any, content: bytes) -> None:
    path = tmp_path_factory.mktemp("hostile") / "p.toml"
    path.write_bytes(content)
    assert check([path]).found
