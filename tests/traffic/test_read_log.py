"""Logs of every tool that is known, each to its summary."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest
from attrs import evolve

from sizer.diagnostic import Problem
from sizer.schema.asked.traffic import Traffic
from sizer.structure.facts import parse_facts, write_facts
from sizer.traffic.logs.reading import read_log
from sizer.traffic.logs.warehouse import warehouse_query

HERE = Path(__file__).parent / "logs"
duckdb = pytest.importorskip("duckdb", reason="logs are read by the extra `traffic`")


def read(name: str | Path) -> Traffic:
    return read_log(HERE / name)


def refused(path: Path) -> str:
    with pytest.raises(Problem) as caught:
        read(path)
    (said,) = caught.value.diagnostics
    assert said.code == "SZ805"
    return f"{said.message} | {said.help}" if said.help else said.message


def written(folder: Path, text: str, name: str = "log.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_azure_of_2023() -> None:
    found = read("azure-2023.csv")
    assert (found.source, found.requests, found.left_out) == ("azure-2023.csv", 300, 0)
    assert found.started == "2023-11-16T18:15:46Z"
    assert found.prefixes is found.sessions is None
    assert {each.window_s for each in found.windows} == {1}


def test_azure_of_2024_writes_times_with_an_offset(tmp_path: Path) -> None:
    header, *rows = (HERE / "azure-2023.csv").read_text("utf-8").splitlines()
    later = [f"{row[:26]}+00:00{row[27:]}" for row in rows]
    path = written(tmp_path, "\n".join([header, *later]))
    assert evolve(read(path), source="azure-2023.csv") == read("azure-2023.csv")


def test_mooncake_has_times_in_milliseconds_and_hashes_of_blocks() -> None:
    """By hand: tokens of full blocks of 512 whose hash an earlier prompt had, over all tokens."""
    found = read("mooncake.jsonl")
    assert found.started is None
    assert found.span_s == pytest.approx(12, abs=12)
    assert found.prefixes
    assert found.prefixes.block_tokens == 512
    assert found.prefixes.hit_share == pytest.approx(hits_by_hand(), rel=1e-5)


def hits_by_hand() -> float:
    seen: set[int] = set()
    found = tokens = 0
    for line in (HERE / "mooncake.jsonl").read_text("utf-8").splitlines():
        row = json.loads(line)
        full = row["hash_ids"][: row["input_length"] // 512]
        found += 512 * sum(each in seen for each in full)
        seen.update(full)
        tokens += row["input_length"]
    return found / tokens


def test_burstgpt_with_and_without_sessions() -> None:
    plain = read("burstgpt.csv")
    assert plain.lengths.input_power_means[0] == pytest.approx((472 + 1087 + 417) / 3)
    assert (plain.span_s, plain.sessions) == (113, None)
    later = read("burstgpt-sessions.csv")
    assert later.sessions
    assert (later.sessions.sessions, later.sessions.turns_most) == (4, 1)
    assert later.sessions.history_share == 0
    assert later.lengths.longest_tokens == 1902


def test_a_log_of_ones_own_has_sessions_and_times_of_any_zone() -> None:
    """By hand: turns of `a` repeat 120 and at most all 100 of 350 tokens, of `b` none of 90."""
    found = read("own.jsonl")
    assert (found.requests, found.left_out, found.span_s) == (4, 1, 20)
    assert found.started == "2026-11-30T08:00:00Z"
    assert found.sessions
    assert (found.sessions.sessions, found.sessions.turns_mean) == (2, 2)
    assert found.sessions.history_share == pytest.approx((120 + 100) / 440)
    assert "not read" not in write_facts(found)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("1764489600", "1764489610.5"),
        ("1764489600000", "1764489610500"),
        ("1764489600000000", "1764489610500000"),
        ("1764489600000000000", "1764489610500000000"),
        ("2025-11-30 08:00:00", "2025-11-30T08:00:10.5Z"),
        ("0", "10.5"),
    ],
)
def test_a_clock_tells_its_own_unit(first: str, second: str, tmp_path: Path) -> None:
    text = f"timestamp,prompt_tokens,completion_tokens\n{first},10,2\n{second},20,4\n"
    found = read(written(tmp_path, text))
    assert found.span_s == 10.5
    assert found.started == (None if first == "0" else "2025-11-30T08:00:00Z")


def test_a_packed_log_is_the_log(tmp_path: Path) -> None:
    for name in ("azure-2023.csv", "mooncake.jsonl", "vllm.prom"):
        for ending in ("", ".gz"):
            path = tmp_path / f"{name}{ending}"
            path.write_bytes(gzip.compress((HERE / name).read_bytes()))
            assert evolve(read(path), source=name) == read(name)


def test_parquet_is_read_as_what_its_columns_are(tmp_path: Path) -> None:
    for name, reader in (("azure-2023.csv", "read_csv"), ("mooncake.jsonl", "read_json")):
        path = tmp_path / f"{name}.parquet"
        duckdb.sql(f"COPY (SELECT * FROM {reader}('{HERE / name}')) TO '{path}'")
        assert evolve(read(path), source=name) == read(name)


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_counts_of_a_warehouse_are_the_summary_of_its_log(kind: str, tmp_path: Path) -> None:
    log, path = HERE / "azure-2023.csv", tmp_path / f"counts.{kind}"
    with duckdb.connect() as warehouse:
        warehouse.execute(
            'CREATE TABLE request_log AS SELECT CAST("TIMESTAMP" AS TIMESTAMP) AS "timestamp", '
            "ContextTokens AS input_tokens, GeneratedTokens AS output_tokens FROM read_csv(?)",
            [str(log)],
        )
        warehouse.execute(f"COPY ({warehouse_query('duckdb').rstrip()}) TO '{path}'")
    assert evolve(read(path), source=log.name) == read(log)


def test_what_vllm_counted() -> None:
    """By hand: a mean of 125 tokens, lengths in the ratio sqrt(50 x 100) to sqrt(100 x 200)."""
    found = read("vllm.prom")
    assert found.requests == 8
    assert (found.rate_per_s, found.windows) == (None, ())
    assert found.prefixes
    assert found.prefixes.hit_share == 0.25
    short, long = (each.input_tokens for each in found.lengths.joint)
    assert long / short == pytest.approx(2, rel=1e-5)
    assert (short + long) / 2 == pytest.approx(125, rel=1e-5)
    assert found.lengths.output_power_means == (8, 8)


def test_what_sglang_counted() -> None:
    found = read("sglang.prom")
    assert found.lengths.input_power_means[0] == 125
    assert found.prefixes
    assert found.prefixes.hit_share == 0.6


@pytest.mark.parametrize("name", ["azure-2023.csv", "mooncake.jsonl", "own.jsonl", "vllm.prom"])
def test_a_summary_is_read_as_it_was_written(name: str) -> None:
    found = read(name)
    assert parse_facts(write_facts(found), Traffic) == found


def test_a_log_without_columns_of_requests(tmp_path: Path) -> None:
    said = refused(written(tmp_path, "when,tokens\n1,2\n"))
    assert "no column of its time; it has tokens, when | name them timestamp" in said
    assert "no column of its output" in refused(written(tmp_path, "timestamp,input\n1,2\n"))
    assert "no JSON object" in refused(written(tmp_path, '{"timestamp": 1', "log.jsonl"))
    assert "no histogram" in refused(written(tmp_path, "# HELP up x\nup 1\n", "m.prom"))


def test_a_log_without_requests(tmp_path: Path) -> None:
    header = "timestamp,input_tokens,output_tokens\n"
    assert refused(written(tmp_path, header)) == "the log has no requests"
    assert refused(written(tmp_path, header + "1,0,5\n2,5,0\n")) == "the log has no requests"


def test_a_value_that_is_none_is_told_at_its_line(tmp_path: Path) -> None:
    path = written(tmp_path, "timestamp,input_tokens,output_tokens\n1,10,5\n2,many,5\n")
    with pytest.raises(Problem) as caught:
        read(path)
    (said,) = caught.value.diagnostics
    assert said.place
    assert (said.code, said.place.line) == ("SZ805", 3)
    assert '"many"' in said.message
    assert "yesterday" in refused(
        written(tmp_path, "timestamp,input_tokens,output_tokens\nyesterday,10,5\n")
    )


HEADER = "timestamp,input_tokens,output_tokens"


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ragged.csv", f"{HEADER}\n1,10,5\n2,10\n".encode(), "Expected Number of Columns: 3"),
        ("cut.jsonl", b'{"time": 1, "input": 2, "output": 3}\n{"time"', "Malformed JSON"),
        ("empty.csv", b"", "no column of its time; it has none"),
        ("cut.prom.gz", gzip.compress((HERE / "vllm.prom").read_bytes())[:-40], "file ended"),
        ("cut.gz", b"\x1f\x8bcut off", "compressed file ended"),
        ("not.gz", b"\x1f\x8b" + bytes(40), "cannot be read"),
        ("log.parquet", b"PAR1 and no more", "cannot be read"),
    ],
)
def test_a_broken_log_is_told_and_is_no_fault_of_ours(
    name: str, content: bytes, said: str, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert said in refused(path)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a[1]*.csv", f"{HEADER}\n1,10,5\n2,20,7\n"),
        ("windows.csv", f"\ufeff{HEADER}\r\n1,10,5\r\n2,20,7\r\n"),
        ("texts.csv", f'{HEADER},prompt\n1,10,5,"a, ""b""\nc"\n2,20,7,\n'),
        ("other order.csv", "prompt,output,x y,input,arrival\n?,5,,10,1\n?,7,,20,2\n"),
        ("it's; a log.csv", f"{HEADER},x'); DROP TABLE logged; --\n1,10,5,\n2,20,7,\n"),
        ('two "quotes".csv', f'{HEADER},"a ""b"", c"\n1,10,5,\n2,20,7,\n'),
        ("far.csv", f"{HEADER}\n1,10,5\n2,20,7\n3,9999999999999,5\n"),
    ],
)
def test_a_log_may_be_written_in_many_ways(name: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode())
    found = read(path)
    assert (found.source, found.requests, found.span_s) == (name, 2, 1)
    assert found.lengths.input_power_means[0] == 15
    assert found.lengths.output_power_means[0] == 6


def test_progress_goes_up_to_the_bytes_of_the_log() -> None:
    heard: list[tuple[int, int]] = []
    path = HERE / "azure-2023.csv"
    read_log(path, lambda done, total: heard.append((done, total)))
    done = [each for each, _ in heard]
    assert {total for _, total in heard} == {path.stat().st_size}
    assert done == sorted(done)
    assert 0 < done[-1] <= path.stat().st_size


def test_without_duckdb_one_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(Problem) as caught:
        read(written(tmp_path, "timestamp,input_tokens,output_tokens\n1,10,5\n"))
    (said,) = caught.value.diagnostics
    assert (said.code, said.help) == ("SZ804", "pip install 'fleet-sizer[traffic]'")


def test_a_log_of_days_has_rates_by_hour_of_day(tmp_path: Path) -> None:
    """By hand: a request a minute from 0 to 6 h of two days, one more at the very end."""
    minutes = [day * 1440 + each for day in (0, 1) for each in range(6 * 60)]
    rows = [f"{1767225600 + 60 * each},100,10" for each in [*minutes, 2 * 1440]]
    found = read(written(tmp_path, "\n".join([HEADER, *rows])))
    assert found.started == "2026-01-01T00:00:00Z"
    assert len(found.rate_by_hour_per_s) == 24
    assert found.rate_by_hour_per_s[0] == pytest.approx(121 / 7200, rel=1e-5)
    assert found.rate_by_hour_per_s[1:6] == (pytest.approx(1 / 60, rel=1e-5),) * 5
    assert found.rate_by_hour_per_s[6:] == (0.0,) * 18
    hours = found.window(3600)
    assert hours
    assert (hours.windows, hours.p50_per_s) == (48, 0)
    assert hours.peak_per_s == pytest.approx(1 / 60, rel=1e-5)
    assert hours.dispersion_within == 0
