from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from command_line import GOOD, environment

RULES = Path(__file__).parents[2] / "rules"
HEAVY = {
    "numpy",
    "rich",
    "planner",
    "huggingface_hub",
    "sizer.estimate",
    "sizer.judge",
    "sizer.pipeline",
    "sizer.reference",
    "sizer.resolve",
    "sizer.select",
}
NOT_CHECKED = {
    "cattrs",
    "sizer.expr.regions.edges",
    "sizer.expr.tidy",
    "sizer.structure.files.whole_file",
    "struct",
    "sizer.schema.facts.gpu",
    "sizer.schema.facts.prices",
    "difflib",
    "tree_sitter",
    "tomli_w",
}
LOADED = "import sys; from sizer.cli import main; {}; print(*sys.modules, file=sys.stderr)"


def modules_after(call: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", LOADED.format(call)],
        capture_output=True,
        env=environment(),
        check=True,
    )
    return set(done.stderr.decode().split())


def test_check_imports_nothing_that_estimates_or_draws(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(GOOD + '[[rule]]\nid = "a"\nrequire = "ttft_ms < 500"\n')
    loaded = modules_after(f"assert main(['check', {str(path)!r}]) == 0")
    assert "sizer.load" in loaded
    assert not loaded & (HEAVY | NOT_CHECKED)


def test_a_bad_profile_is_refused_before_the_estimator_is_imported(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text("dsl = 2")
    assert not modules_after(f"assert main(['run', {str(path)!r}]) == 2") & HEAVY


def test_run_as_json_draws_nothing_and_needs_no_explorer(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(GOOD)
    loaded = modules_after(f"assert main(['run', {str(path)!r}, '--format', 'json']) == 0")
    assert not loaded & {"rich", "planner", "huggingface_hub", "numpy.ma"}


def test_cases_by_hand_are_tried_without_an_estimator() -> None:
    tests = RULES / "latency-slo.sizer-test.toml"
    loaded = modules_after(f"assert main(['test', {str(tests)!r}]) == 0")
    assert "sizer.judge" in loaded
    assert not loaded & (HEAVY - {"numpy", "sizer.judge"} | {"urllib.request", "cattrs"})


def test_the_parser_alone_loads_neither_profiles_nor_toml() -> None:
    assert not modules_after("main(['--version'])") & (HEAVY | {"sizer.load", "cattrs", "tomllib"})


def test_a_process_that_ends_with_its_command_collects_no_garbage(tmp_path: Path) -> None:
    path = tmp_path / "profile.toml"
    path.write_text(GOOD)
    code = (
        "import gc, sys; from sizer.cli import main; sys.argv = ['sizer', 'check', sys.argv[1]]; "
    )
    code += "gc.collect(); gc.callbacks.append(lambda *_: print('collected')); sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        capture_output=True,
        env=environment(),
        check=True,
    )
    assert b"collected" not in done.stdout
