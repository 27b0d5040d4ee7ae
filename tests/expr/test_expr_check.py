"""What the checker accepts, refuses, and where it points."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest
from attrs import evolve
from faults import excerpt

from sizer.diagnostic import Diagnostic, Place, Problem
from sizer.expr.check.check import compile_condition, compile_value
from sizer.expr.text.source import Source, plain
from sizer.schema.metrics import registry
from sizer.units import NUMBER, SPELLED


def findings(text: str) -> list[tuple[str, str]]:
    """Return (code, the characters pointed at) for each fault."""
    return [(each.code, excerpt(each)) for each in diagnostics(text)]


def diagnostics(text: str) -> tuple[Diagnostic, ...]:
    def place(start: int, end: int) -> Place:
        return Place("p.toml", 1, start + 1, end - start, text)

    try:
        compile_condition(Source(text, place), registry())
    except Problem as problem:
        return problem.diagnostics
    return ()


def remedy(text: str) -> str:
    (only,) = diagnostics(text)
    return only.help or ""


@pytest.mark.parametrize(
    "text",
    [
        "fits",
        "not fits and is_moe",
        "latency_ms < 10",
        "1 <= tp <= 8",
        "gpus in (1, 2, 4)",
        'gpu not in ("T4", "V100-SXM2-32GB")',
        'gpu in ["T4"]',
        'bottleneck == "bandwidth"',
        '"compute" != bottleneck',
        "0.9 * gpu_memory_gb > 40",
        "input_tokens + output_tokens <= max_context",
        "tokens_per_second / gpus > 500",
        "cost < 2.5 * gpus",
        "max_concurrency * replicas >= 1.5 * concurrency",
        "kv_capacity_tokens >= max_context + output_tokens",
        "total_tokens_per_second - tokens_per_second > 1",
        "cost / gpus < 2.5",
        "(ttft_ms if is_moe else itl_ms) < 100",
        "coalesce(cost, 0) < 10",
        "is_known(cost) or tp == 1",
        "fits == true and is_moe != False",
        "max(ttft_ms, itl_ms, 3) < abs(-5) * e2e_ms",
        "log2(tp) == round(log2(tp))",
        "tokens_per_second > 1_000",
        "launch_year % 2 == 0",
        "\n  fits\n  and\t tp < 8\n",
        "gpu == 'été'",
        "-tp < +1 - .5",
        "fits and'L4' == gpu",
        "itl_ms > log2(8)",
        "1 + tp < 3",
        "replicas * max_concurrency >= 1.5 * concurrency",
        "(1 if fits else 3) < 2",
    ],
)
def test_a_well_formed_condition_is_accepted(text: str) -> None:
    assert findings(text) == []


@pytest.mark.parametrize(
    ("text", "code", "at"),
    [
        ("", "SZ201", ""),
        ("   \n ", "SZ201", "   \n "),
        ("latency_ms <", "SZ201", "<"),
        ("fits and", "SZ201", "and"),
        ("fits fits", "SZ201", "fits"),
        ("(fits", "SZ201", "("),
        ("fits)", "SZ201", ")"),
        ("(fits]", "SZ201", "]"),
        ("gpu == 'H100", "SZ201", "'H100"),
        ("gpu == 'H100\n and fits", "SZ201", "'H100"),
        ("tp < 007", "SZ201", "007"),
        ("tp < 1__0", "SZ201", "1__0"),
        ("fits or True", "SZ206", "True"),
        ("1 + 1 < 3", "SZ206", "1 + 1 < 3"),
        ("2 * 10 ms < 30 ms", "SZ206", "2 * 10 ms < 30 ms"),
        ("20 ms / 2 < 30 ms", "SZ206", "20 ms / 2 < 30 ms"),
        ("tp * pp < itl_ms", "SZ204", "tp * pp < itl_ms"),
        ("max(ttft_ms, itl_ms, cost) < 1", "SZ204", "itl_ms, cost"),
        (
            "1 + max_concurrency >= concurrency",
            "SZ204",
            "1 + max_concurrency >= concurrency",
        ),
        ("latencyms < 10", "SZ202", "latencyms"),
        ("sqrt(tp) < 2", "SZ202", "sqrt"),
        ("fits and 'é' == gpu and nope", "SZ202", "nope"),
        ("fits and\n\n nope", "SZ202", "nope"),
        ("latency_ms", "SZ203", "latency_ms"),
        ("gpu", "SZ203", "gpu"),
        ("not tp", "SZ203", "tp"),
        ("gpu > 3", "SZ203", "gpu > 3"),
        ("gpu < 'b'", "SZ203", "gpu < 'b'"),
        ("fits < is_moe", "SZ203", "fits < is_moe"),
        ("fits == 1", "SZ203", "fits == 1"),
        ("fits + 1 < 2", "SZ203", "fits"),
        ("-gpu == 'a'", "SZ203", "gpu"),
        ("gpu == weights", "SZ203", "weights"),
        ("bottleneck == 'bandwith'", "SZ203", "'bandwith'"),
        ("engine in ('vllm', 'vlm')", "SZ203", "'vlm'"),
        ("gpu in (1, 'a')", "SZ203", "1"),
        ("tp in (1, gpus)", "SZ203", "gpus"),
        ("tp in (1, true)", "SZ203", "true"),
        ("fits in (true, false)", "SZ203", "fits"),
        ("gpu in ('H100')", "SZ203", "'H100'"),
        ("min(tp) < 2", "SZ203", "min(tp)"),
        ("is_known(tp, pp)", "SZ203", "is_known(tp, pp)"),
        ("min(fits, is_moe) < 2", "SZ203", "fits"),
        ("tp(3) < 1", "SZ203", "tp"),
        ("min < 1", "SZ203", "min"),
        ("coalesce(gpu, 1) == 1", "SZ203", "gpu"),
        ("(tp if fits else is_moe) == 1", "SZ203", "is_moe"),
        ("ttft_ms < cost", "SZ204", "ttft_ms < cost"),
        ("10 < ttft_ms < cost", "SZ204", "ttft_ms < cost"),
        ("ttft_ms + tp < 10", "SZ204", "ttft_ms + tp"),
        ("max_concurrency >= concurrency", "SZ204", "max_concurrency >= concurrency"),
        (
            "2 * max_concurrency - 1 < concurrency / 2",
            "SZ204",
            "2 * max_concurrency - 1 < concurrency / 2",
        ),
        (
            "min(tokens_per_second, tokens_per_second_per_gpu) > 1",
            "SZ204",
            "tokens_per_second, tokens_per_second_per_gpu",
        ),
        (
            "checkpoint_gib - memory_headroom_gib_low < 1",
            "SZ204",
            "checkpoint_gib - memory_headroom_gib_low",
        ),
        ("max(ttft_ms, cost) < 1", "SZ204", "ttft_ms, cost"),
        ("weights_gib < gpu_bandwidth_gb_s", "SZ204", "weights_gib < gpu_bandwidth_gb_s"),
        ("e2e_ms * request_rate < 32", "SZ204", "32"),
        ("5 >= cost / tokens_per_second", "SZ204", "5"),
        ("tokens_per_second > request_rate", "SZ204", "tokens_per_second > request_rate"),
        (
            "max_context * request_rate < concurrency",
            "SZ204",
            "max_context * request_rate < concurrency",
        ),
        ("tokens_per_second / gpus > cost", "SZ204", "tokens_per_second / gpus > cost"),
        ("(ttft_ms if fits else cost) < 1", "SZ204", "ttft_ms if fits else cost"),
        ("tp = 2", "SZ205", "="),
        ("(tp := 2) == 2", "SZ205", "tp := 2"),
        ("fits & is_moe", "SZ205", "&"),
        ("(fits) | (is_moe)", "SZ205", "|"),
        ("fits && is_moe", "SZ205", "&&"),
        ("fits || is_moe", "SZ205", "||"),
        ("!fits", "SZ205", "!"),
        ("~fits", "SZ205", "~"),
        ("tp ^ 2 == 3", "SZ205", "^"),
        ("tp ** 2 < 3", "SZ205", "**"),
        ("tp << 2 < 3", "SZ205", "<<"),
        ("tp is 2", "SZ205", "is"),
        ("tp is not 2", "SZ205", "is not"),
        ("tp <> 2", "SZ205", "<>"),
        ("tp => 2", "SZ205", "=>"),
        ("fits AND is_moe", "SZ205", "AND"),
        ("latency_ms < 10msec", "SZ205", "10msec"),
        ("latency_ms < 10 Ms", "SZ205", "10 Ms"),
        ("latency_ms < 10 s(2)", "SZ205", "10 s"),
        ("latency_ms < 1e308 s", "SZ205", "1e308 s"),
        ("latency_ms < 10 GB", "SZ204", "latency_ms < 10 GB"),
        ("é != gpu and latency_ms < 10  GB", "SZ205", "é"),
        ("'é' != gpu and 10 \n GB>latency_ms", "SZ204", "10 \n GB>latency_ms"),
        ("kv_pool_gib < 80 GB/s / tp", "SZ204", "kv_pool_gib < 80 GB/s / tp"),
        ("latency_ms in (10 ms, 2 GB)", "SZ204", "2 GB"),
        ("tp < 2 ms", "SZ204", "tp < 2 ms"),
        ("10ms < 20 ms", "SZ206", "10ms < 20 ms"),
        ("tp < 0x1F", "SZ205", "0x1F"),
        ("tp < 1j", "SZ205", "1j"),
        ("tp < 1if fits else fits", "SZ205", "1if"),
        ("tp < 1e999", "SZ205", "1e999"),
        ("tp == None", "SZ205", "None"),
        ("fits # why\n and fits", "SZ205", "# why"),
        ("fits; fits", "SZ205", ";"),
        ("fits \\\n and fits", "SZ205", "\\"),
        ("gpu == '\\d'", "SZ205", "'\\d'"),
        ("gpu == 'a\0'", "SZ205", "'a\0'"),
        ("gpu == 'a' 'b'", "SZ205", "'a' 'b'"),
        ("gpu == b'a'", "SZ205", "b'a'"),
        ("gpu == f'{tp}'", "SZ205", "f'{tp}'"),
        ("\uff54p < 1", "SZ205", "\uff54p"),
        ("tp\u200b < 1", "SZ205", "\u200b"),
        ("tp @ pp < 1", "SZ205", "@"),
        ("... == tp", "SZ205", "..."),
        ("gpu.name == 'a'", "SZ205", "gpu.name"),
        ("gpu[0] == 'a'", "SZ205", "gpu[0]"),
        ("lambda: fits", "SZ205", "lambda: fits"),
        ("[tp for tp in (1,)]", "SZ205", "[tp for tp in (1,)]"),
        ("{1: 2}", "SZ205", "{1: 2}"),
        ("{1} == tp", "SZ205", "{1}"),
        ("(tp, pp)", "SZ205", "(tp, pp)"),
        ("min(1, *tp) < 1", "SZ205", "*tp"),
        ("is_known(tp, x=1)", "SZ205", "x=1"),
        ("tp in (1, 2) == fits", "SZ205", "tp in (1, 2) == fits"),
        ("1 < 2", "SZ206", "1 < 2"),
        ("true", "SZ206", "true"),
        ("fits or true", "SZ206", "true"),
        ("not 1 == 1 and fits", "SZ206", "1 == 1"),
        ("fits if 2 > 1 else is_moe", "SZ206", "2 > 1"),
        ("is_known(3)", "SZ206", "is_known(3)"),
        ("tp in (1, -true)", "SZ203", "-true"),
        ("  fits and and tp < 1", "SZ201", "and"),
        ("tp < 1 and", "SZ201", "and"),
        ("2 * 3 < 7 and fits", "SZ206", "2 * 3 < 7"),
        ("6 / -3 < 7 and fits", "SZ206", "6 / -3 < 7"),
        ("gpu in ()", "SZ206", "gpu in ()"),
        ("'a' in ('a', 'b')", "SZ206", "'a' in ('a', 'b')"),
    ],
)
def test_a_fault_has_its_code_and_its_place(text: str, code: str, at: str) -> None:
    assert findings(text) == [(code, at)]


def test_all_faults_of_one_text_are_found_at_once() -> None:
    text = "latencyms < 10 and gpu > 3 and ttft_ms < cost and fits & fits and true and tp.x"
    assert findings(text) == [
        ("SZ202", "latencyms"),
        ("SZ203", "gpu > 3"),
        ("SZ204", "ttft_ms < cost"),
        ("SZ205", "&"),
        ("SZ206", "true"),
        ("SZ205", "tp.x"),
    ]


def test_what_is_meant_is_checked_although_it_is_written_wrongly() -> None:
    assert findings(
        "ttft_ms = 3 AND latencyms < 2 OR bottleneck == 'bandwith' and cost < ttft_ms"
    ) == [
        ("SZ205", "="),
        ("SZ205", "AND"),
        ("SZ205", "OR"),
        ("SZ202", "latencyms"),
        ("SZ203", "'bandwith'"),
        ("SZ204", "cost < ttft_ms"),
    ]


def test_unknown_names_are_found_even_in_a_text_without_a_tree() -> None:
    assert findings("latencyms < 10msec and nope.x = 3") == [
        ("SZ205", "10msec"),
        ("SZ202", "latencyms"),
        ("SZ202", "nope"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("latencyms < 10", "did you mean 'latency_ms'?"),
        ("bottleneck == 'Bandwidth'", "did you mean 'bandwidth'?"),
        (
            "engine == 'zzz'",
            "the values are vllm, sglang, trtllm, llamacpp, tei, infinity, generic",
        ),
        ("fits & is_moe", "write `and`"),
        ("tp = 2", "write `==`"),
        ("latency_ms < 10 apples", "write it in the metric's unit"),
        ("latency_ms < 10 msec", "write `ms` for milliseconds"),
        ("memory_headroom_gib > 2 gib", "did you mean 'GiB'?"),
        ("tp ** 2 < 3", "multiply: x * x"),
        ("cel(tp) < 2", "did you mean 'ceil'?"),
    ],
)
def test_help_says_what_to_write_instead(text: str, said: str) -> None:
    assert (remedy(text) or "").startswith(said)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("tp is 1", "is"),
        ("tp is 1 < 2", "is"),
        ("nope < 1", "nope"),
        ("nope < 1 < 2", "nope"),
        ("gpu > 3", "gpu > 3"),
        ("gpu < 3 < 4", "gpu < 3"),
        ("gpu < 'a'", "gpu < 'a'"),
        ("gpu == model", "model"),
        ("attention == 'x'", "'x'"),
        ("attention in ('x',)", "'x'"),
        ("attention in ('x', 'mha')", "'x'"),
        ("tp in ('x', 1)", "'x'"),
        ("tp < itl_ms < 2", "tp < itl_ms"),
        ("not tp", "tp"),
        ("fits and tp", "tp"),
        ("1 if tp else 2", "tp"),
    ],
)
def test_what_contains_a_fault_says_nothing_more_about_it(text: str, at: str) -> None:
    assert [where for _, where in findings(f"({text}) + 1 < 2")] == [at]


def test_a_condition_knows_its_canonical_metrics() -> None:
    found = compile_condition(plain("latency_ms < 10 and cost < 3 * gpus"), registry())
    assert found.names == {"itl_ms", "cost_usd_per_hour", "gpus"}
    assert found.kind == "bool"
    assert found.text == "latency_ms < 10 and cost < 3 * gpus"


def test_a_value_may_be_a_number() -> None:
    assert compile_value(plain("cost / gpus"), registry()).kind == "number"


def test_the_checker_imports_no_evaluator() -> None:
    ask = (
        "import sys, sizer.expr.check.draft;"
        "print(sorted({'numpy', 'simpleeval', 'rich', 'planner', 'cattrs'} & set(sys.modules)))"
    )
    answer = subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True, text=True)
    assert answer.stdout.strip() == "[]"


@pytest.mark.parametrize("fault", [RecursionError, MemoryError])
def test_what_exhausts_the_parser_is_too_large(
    fault: type[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    def exhausted(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("ast.parse", exhausted)
    with pytest.raises(Problem) as caught:
        compile_condition(plain(" tp < 1 "), registry())
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == ("SZ205", "the expression is nested more than 50 deep")


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("itl_ms < 10 ms", "itl_ms < 10"),
        ("itl_ms<10ms and fits", "itl_ms < 10 and fits"),
        ("ttft_ms <= 1.5\ns", "ttft_ms <= 1500"),
        ("-1 ms < itl_ms < 2e1 ms", "-1 < itl_ms < 20"),
        ("itl_ms in (10 ms, .5s)", "itl_ms in (10, 500)"),
        ("gpu_memory_gb >= 80 GB", "gpu_memory_gb >= 80"),
        ("memory_headroom_gib > 512 MiB", "memory_headroom_gib > 0.5"),
        ("gpu_bandwidth_gb_s > 3.35 TB/s", "gpu_bandwidth_gb_s > 3350"),
        ("tokens_per_second / gpus > 1_000 tokens/s", "tokens_per_second / gpus > 1000"),
        ("cost < 2 USD/h * gpus", "cost < 2 * gpus"),
        ("itl_ms < 10 ms / tp", "itl_ms < 10 / tp"),
        ("max(itl_ms, 5 ms) < 10", "max(itl_ms, 5) < 10"),
        ("tdp_w * gpus <= 10 kW", "tdp_w * gpus <= 10000"),
        ("gpu != '10 ms'", "gpu != '10 ms'"),
    ],
)
def test_a_number_may_say_its_unit(text: str, same: str) -> None:
    ours, bare = (compile_condition(plain(each), registry()) for each in (text, same))
    assert ast.unparse(ours.tree) == ast.unparse(bare.tree)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("memory_headroom_gib >= 2 GB", "memory_headroom_gib >= 1.862645149230957"),
        ("memory_required_gib <= gpu_memory_gb", "memory_required_gib <= gpu_memory_gb * GB"),
        ("gpu_memory_gb > 16 GiB > 1 GB", "gpu_memory_gb > 17.179869184 > 1"),
        ("1 GB < weights_gib < 80 GB", "1 < weights_gib * GIB < 80"),
        ("gpu_memory_gb in (80 GB, 64 GiB)", "gpu_memory_gb in (80, 68.719476736)"),
        (
            "memory_headroom_gib / gpu_memory_gb > .1",
            "memory_headroom_gib / (gpu_memory_gb * GB) > .1",
        ),
        ("gpu_memory_gb // weights_gib > 1", "gpu_memory_gb // (weights_gib * GIB) > 1"),
        ("min(weights_gib, 4 GB) < 5", "min(weights_gib, 3.725290298461914) < 5"),
        (
            "(weights_gib if fits else gpu_memory_gb) < 5",
            "(weights_gib if fits else gpu_memory_gb * GB) < 5",
        ),
        (
            "coalesce(weights_gib, gpu_memory_gb) < 5",
            "coalesce(weights_gib, gpu_memory_gb * GB) < 5",
        ),
        ("cost_usd_per_month < 2 * cost", "cost_usd_per_month < 2 * cost * 730"),
        ("cost_usd_per_month / cost > 1", "cost_usd_per_month / (cost * 730) > 1"),
        ("e2e_ms * request_rate <= 32 requests", "e2e_ms * request_rate <= 32_000"),
        ("e2e_ms * request_rate < concurrency", "e2e_ms * request_rate < concurrency * 1000"),
        (
            "gpu_memory_gb / gpu_bandwidth_gb_s < itl_ms",
            "gpu_memory_gb / gpu_bandwidth_gb_s < itl_ms * 0.001",
        ),
        ("tokens_per_second / cost > 500", "tokens_per_second / cost > 500"),
        ("cost / tokens_per_second < 1 USD/Mtok", "cost / tokens_per_second < 0.0036"),
        ("1 / gpu_memory_gb * weights_gib > 1", "1 / gpu_memory_gb * (weights_gib * GIB) > 1"),
        (
            "kv_bytes_per_token * max_context < 1 GiB",
            "kv_bytes_per_token * max_context < 1073741824",
        ),
    ],
)
def test_what_measures_the_same_is_converted_where_it_meets(text: str, same: str) -> None:
    """Quantities without their units give the tree as it is converted."""
    bare = {name: evolve(each, unit=NUMBER, of=None) for name, each in registry().items()}
    ours = compile_condition(plain(text), registry())
    spelled = same.replace("GIB", "1.073741824").replace("GB", "0.9313225746154785")
    assert ast.unparse(ours.tree) == ast.unparse(compile_condition(plain(spelled), bare).tree)


def test_the_remedy_for_a_bare_number_beside_mixed_times_can_be_copied() -> None:
    with pytest.raises(Problem) as caught:
        compile_condition(plain("e2e_ms * request_rate < 32"), registry())
    (found,) = caught.value.diagnostics
    assert found.message == "ms·request/s mixes units of time: a number beside it needs a unit"
    assert found.help == "write a number like `32 requests`"


@pytest.mark.parametrize("spelled", SPELLED)
def test_every_unit_fits_a_metric(spelled: str) -> None:
    unit = SPELLED[spelled][0]
    name = next(each.name for each in registry().values() if each.unit == unit)
    assert compile_condition(plain(f"{name} < 3 {spelled}"), registry()).names == {name}
