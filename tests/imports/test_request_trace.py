"""Traces of others are requests, whatever their columns are called; no prompt is read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from sizer.diagnostic import Problem
from sizer.imports.request_trace import read_trace

AZURE = """TIMESTAMP,ContextTokens,GeneratedTokens
2023-11-16 18:15:50.9951690,396,109
2023-11-16 18:15:46.6805900,374,44
2023-11-16 18:15:51.2224670,879,0
"""
MOONCAKE = (
    {"timestamp": 0, "input_length": 1500, "output_length": 5, "hash_ids": [0, 1, 2]},
    {"timestamp": 3000, "input_length": 1024, "output_length": 7, "hash_ids": [0, 9]},
)


def trace(tmp_path: Path, text: str, name: str = "trace.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def test_azure_is_read_in_order_of_arrival_without_empty_answers(tmp_path: Path) -> None:
    found = read_trace(trace(tmp_path, AZURE))
    assert found.arrival_s.tolist() == [0.0, pytest.approx(4.314579, abs=1e-6)]
    assert found.input_tokens.tolist() == [374, 396]
    assert found.output_tokens.tolist() == [44, 109]
    assert found.keys is None


def test_mooncake_has_hashes_of_blocks(tmp_path: Path) -> None:
    lines = "".join(f"{json.dumps(each)}\n" for each in MOONCAKE)
    found = read_trace(trace(tmp_path, lines, "trace.jsonl"))
    assert found.arrival_s.tolist() == [0.0, 3.0]
    assert found.prefixes == ((0, 1, 2), (0, 3))
    assert found.prefix_tokens == 512


def test_own_columns_and_sessions(tmp_path: Path) -> None:
    text = "timestamp,input_tokens,output_tokens,session\n5,10,1,b\n4,20,2,a\n6,30,3,b\n7,40,4,\n"
    found = read_trace(trace(tmp_path, text))
    assert found.input_tokens.tolist() == [20, 10, 30, 40]
    assert found.keys is not None
    assert found.keys.tolist() == [0, 1, 1, 2]


def test_burstgpt_and_gzip(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv.gz"
    text = "Timestamp,Model,Request tokens,Response tokens,Total tokens\n5,ChatGPT,472,18,490\n"
    path.write_bytes(gzip.compress(text.encode()))
    assert read_trace(path).input_tokens.tolist() == [472]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a,b\n1,2\n", 1, "no column of its time"),
        ("timestamp,input_tokens,output_tokens\n1,2,3\n1,x,3\n", 3, "this row is no request"),
        ("timestamp,input_tokens,output_tokens\n1,2.5,3\n", 2, "this row is no request"),
        ("timestamp,input_tokens,output_tokens\nnoon,2,3\n", 2, "this row is no request"),
        ("timestamp,input_tokens,output_tokens\ninf,2,3\n", 2, "this row is no request"),
        ("timestamp,input_tokens,output_tokens\n1,0,3\n", 1, "the trace has no request"),
        ('{"timestamp": 1, "input_tokens": 2, "output_tokens": 3}\n[]\n', 2, "no JSON object"),
        ('{"timestamp": 1, "input_tokens": 2, "output_tokens": 3}\n{}\n', 2, "has no 'timestamp'"),
    ],
)
def test_what_is_no_trace_is_refused_at_its_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    with pytest.raises(Problem) as caught:
        read_trace(trace(tmp_path, text))
    (found,) = caught.value.diagnostics
    assert found.code == "SZ805"
    assert said in found.message
    assert found.place is not None
    assert found.place.line == line
