"""A profile's own rules that apply to none of its candidates."""

from __future__ import annotations

from pathlib import Path

import pytest

from sizer.diagnostic import Diagnostic
from sizer.load import check, load

PROFILE = """\
dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
weights = ["auto", "fp8"]
[fleet]
gpus = ["H100", "L4"]
[[fleet.custom]]
name = "ours"
memory_gb = 96
memory_bandwidth_gb_s = 2000
[workload]
concurrency = [1, 8]
[params]
least_b = 70
strict = false
"""
RULE = "[[rule]]\nid = 'a'\nwhen = '''{}'''\nrequire = 'itl_ms < 50 and least_b > 0 or strict'\n"


def found(folder: Path, when: str, before: str = "", after: str = "") -> list[Diagnostic]:
    path = folder / "p.toml"
    path.write_text(PROFILE.replace(before, after) + RULE.format(when))
    return list(check([path]).found)


@pytest.mark.parametrize(
    ("when", "here"),
    [
        ("model == 'Qwen/Qwen2.5-72B'", "model is Qwen/Qwen2.5-7B"),
        ("params_b >= least_b", "params_b is 7.616"),
        ("is_moe", "is_moe is false"),
        ("not is_moe and attention == 'mla'", "attention is gqa; is_moe is false"),
        ("gpu == 'T4' or concurrency > 9", "concurrency is 1, 8; gpu is H100-SXM5-80GB, L4, ours"),
        ("gpu_memory_gb > 100", "gpu_memory_gb is 80, 24, 96"),
        ("concurrency > 8 or tp > 8", "concurrency is 1, 8; tp is at most 8"),
        ("input_tokens + output_tokens > 4096", "input_tokens is 1024; output_tokens is 256"),
        ("max_context > 4096", "max_context is 1280"),
        ("engine == 'sglang'", "engine is vllm"),
        ("gpus > 8", "gpus is at most 8"),
        ("replicas > 1", "replicas is at most 1"),
        ("kv_format == 'fp8'", "kv_format is bf16"),
        ("is_known(cost) and concurrency == 4", "concurrency is 1, 8"),
    ],
)
def test_a_rule_for_none_of_the_candidates(when: str, here: str, tmp_path: Path) -> None:
    (each,) = found(tmp_path, when)
    assert (each.code, each.severity, each.help) == ("SZ207", "warning", f"here {here}")
    assert each.message.startswith("rule 'a' never applies: no candidate of this profile")
    assert each.place
    assert (each.place.column, each.place.width) == (11, len(when))


@pytest.mark.parametrize(
    "when",
    [
        "gpu == 'L4'",
        "gpu == 'L4' and concurrency == 8",
        "weights == 'bf16'",
        "vendor == 'AMD'",
        "tp > 4 and gpus == 8",
        "is_known(request_rate)",
        "coalesce(cost, 0) > 5",
        "itl_ms > 20",
        "params_b < least_b",
        "strict",
    ],
)
def test_a_rule_that_may_apply(when: str, tmp_path: Path) -> None:
    assert found(tmp_path, when) == []


def test_a_rule_for_others_stands_in_a_shared_file(tmp_path: Path) -> None:
    (tmp_path / "r.toml").write_text(
        "dsl = 1\nparams.strict = false\n" + RULE.format("is_moe").replace("least_b", "tp")
    )
    path = tmp_path / "p.toml"
    path.write_text('extends = "r.toml"\n' + PROFILE.replace("least_b = 70\n", ""))
    assert list(check([path]).found) == []


def test_only_of_a_profile_that_fits_anything_is_said(tmp_path: Path) -> None:
    codes = [each.code for each in found(tmp_path, "concurrency > 8", "[1, 8]", "'64'")]
    assert codes == ["SZ101"]
    codes = [
        each.code
        for each in found(
            tmp_path, "concurrency > 8", "[params]", "[select]\nsort = 'csot'\n[params]"
        )
    ]
    assert codes == ["SZ202", "SZ207"]


def test_of_what_a_lock_has_the_catalog_says_nothing(tmp_path: Path) -> None:
    assert [each.code for each in found(tmp_path, "is_moe")] == ["SZ207"]
    assert [each.code for each in load(tmp_path / "p.toml").notes] == ["SZ207"]
    assert load(tmp_path / "p.toml", pinned={"Qwen/Qwen2.5-7B"}).notes == ()


def test_a_model_that_only_the_hub_may_know_is_asked_of_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("sizer.catalog.hub.Hub.snapshot", asked)
    model = "acme/its-own-70b"
    for when in ("params_b > 700", "model == 'acme/x'"):
        codes = [each.code for each in found(tmp_path, when, "Qwen/Qwen2.5-7B", model)]
        assert codes == ["SZ706"]
