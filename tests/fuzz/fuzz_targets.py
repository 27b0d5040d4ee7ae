"""What is fuzzed: for each kind of input how it is made, and which commands must take it.

A command may refuse an input. It must not end with a fault of its own (exit code 3).
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from pathlib import Path
from typing import Any

from attrs import frozen
from fuzz_mutation import mutated
from gguf_file import gguf, llama
from hub_server import COMMIT, LLAMA, LLAMA_PARAMETERS, NAME, safetensors
from hypothesis import strategies as st
from strategies_expr import NAMES, conditions, hostile

from sizer.catalog.hub.faults import HubFault
from sizer.catalog.hub.reading import read_repository
from sizer.catalog.hub.repository import Repository
from sizer.catalog.hub.structure import found_in
from sizer.cli import main
from sizer.diagnostic import Problem
from sizer.expr.check.check import (
    compile_condition,
    compile_message,
    compile_sort,
    compile_value,
)
from sizer.expr.evaluate.rows import evaluate_row
from sizer.expr.regions.truths import where
from sizer.expr.text.source import Source

ROOT = Path(__file__).parents[2]
FILE_S = 20.0  # a file of at most 200 kB, a whole command
OWN_FAULT = 3
File = tuple[str, bytes]


@frozen(eq=False)
class Target:
    """A kind of input; `run` gets one and an empty folder, and raises for a fault of sizer's own.

    `limit_s` is how long one input may take.
    """

    name: str
    inputs: st.SearchStrategy[Any]
    run: Callable[[Any, Path], object]
    limit_s: Callable[[Any], float] = lambda _: FILE_S


class OwnFault(AssertionError):  # noqa: N818  # it names what happened
    """A command ended with a fault of its own; the message is what it said."""


def command(*arguments: str | Path) -> None:
    """Run a command in this process. Raises OwnFault."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main([str(each) for each in arguments])
    if code == OWN_FAULT:
        raise OwnFault(err.getvalue().strip()[-300:])


def written(file: File, folder: Path) -> Path:
    """Write a file to the folder and return its path."""
    path = folder / file[0]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(file[1])
    return path


def seeds(*patterns: str, most_bytes: int = 40_000) -> list[File]:
    """Return files of this repository by name."""
    found = sorted(path for pattern in patterns for path in ROOT.glob(pattern) if path.is_file())
    files = [(path.name, path.read_bytes()) for path in found]
    return [(name, content) for name, content in files if len(content) <= most_bytes]


def _expression(text: str, _: Path) -> None:
    source = Source(text, lambda _start, _end: None)
    for check in (compile_value, compile_sort, compile_message):
        _allowed(lambda check=check: check(source, NAMES))  # type: ignore[misc]
    found = _allowed(lambda: compile_condition(source, NAMES))
    if found is not None:
        evaluate_row(found, {})
        for holds in (True, False):
            where(found.tree.body, NAMES, holds=holds)


def _allowed(call: Callable[[], Any]) -> Any:
    try:
        return call()
    except Problem:
        return None


def _nested() -> st.SearchStrategy[str]:
    """Choices, negations, brackets and calls around a condition, many times over."""
    shapes = st.sampled_from(
        (
            "({0} if ({0}) else fits)",
            "(is_moe if {0} else fits)",
            "(not {0})",
            "({0} and tp < 2)",
            "(({0}) == fits)",
            "coalesce({0}, fits)",
            "(-1 < tp < 2 or {0})",
        )
    )

    def around(inner: str, layers: list[str]) -> str:
        for layer in layers:
            inner = layer.format(inner)
            if len(inner) > 8192:
                break
        return inner

    return st.builds(around, conditions(1), st.lists(shapes, max_size=45))


def _toml(file: File, folder: Path) -> None:
    path = written(file, folder)
    command("check", path)
    command("fmt", "--diff", path)
    if file[0].endswith(".sizer-test.toml"):
        command("test", path)


def _run(file: File, folder: Path) -> None:
    path = written(file, folder)
    command("run", path, "--format", "json")


def _table(file: File, folder: Path) -> None:
    path = written(file, folder)
    command("estimate", path)
    command("score", path)


def _prices(file: File, folder: Path) -> None:
    written(file, folder)
    profile = MINIMAL.replace("[fleet]", f"[fleet]\nprices = [{json.dumps(file[0])}]")
    command("check", written(("p.toml", profile.encode()), folder))
    command("prices", "--from", folder / file[0], "--provider", "us")


def _log(file: File, folder: Path) -> None:
    command("import", "--vllm-log", written(file, folder), "--gpu", "H100")


def _lock(file: File, folder: Path) -> None:
    profile = written(("p.toml", MINIMAL.encode()), folder)
    path = written(file, folder)
    command("lock", "--check", "--lock", path, profile)
    command("run", profile, "--locked")


def _model(file: File, folder: Path) -> None:
    for name, content in REST_OF_MODEL.items():
        if name != file[0]:
            written((name, content), folder)
    path = written(file, folder)
    at = path if path.suffix == ".gguf" else folder
    command("explain", "memory", "--model", at, "--gpu", "H100")


def _reference(file: File, folder: Path) -> None:
    for name, content in REFERENCE.items():
        written((name, content), folder)
    written(file, folder)
    command("recommend", "--models", folder / "models.json", "--gpus", folder / "gpus.json")


def _calibration(file: File, folder: Path) -> None:
    written(file, folder)
    profile = f'{MINIMAL}[estimator]\ncalibration = "{file[0]}"\n'
    command("run", written(("p.toml", profile.encode()), folder), "--format", "csv")


@frozen(eq=False)
class _Sends:
    """Stands for the hub's client: answers with given bytes, cut where it would read less."""

    answers: Mapping[str, bytes]
    settings: Any

    def tell(self, _: str) -> None:
        """Say nothing."""

    def stop(self) -> None:
        """Have nothing under way."""

    def about(self, _: Repository, most: int) -> bytes:
        return self.answers["about"][:most]

    def file(self, _: Repository, name: str, most: int) -> bytes:
        return self.answers.get(name, b"{}")[:most]

    def part(self, _: Repository, name: str, start: int, count: int) -> bytes:
        return self.answers.get(name, b"")[start : start + count]


@frozen
class _Settings:
    host: str = "hub.test"


def _hub(file: File, _: Path) -> None:
    client: Any = _Sends({**HUB, file[0]: file[1]}, _Settings())
    try:
        found_in(read_repository(client, Repository(NAME)), NAME)
    except HubFault:
        return


def _tree(files: list[tuple[str, bytes]], folder: Path) -> None:
    repository = folder / "r"
    _git(folder, "init", "-q", "-b", "main", str(repository))
    stream = b"".join(_commit(number, files[:number]) for number in (1, len(files)))
    done = _git(repository, "fast-import", "--quiet", given=stream)
    if done.returncode:  # git itself refuses the name
        return
    here = Path.cwd()
    os.chdir(repository)
    try:
        command("diff", "main~1..main")
    finally:
        os.chdir(here)
        shutil.rmtree(repository)


def _commit(number: int, files: Iterable[tuple[str, bytes]]) -> bytes:
    head = b"commit refs/heads/main\ncommitter T <t@t> %d +0000\ndata 1\nx\n" % number
    parts = (
        b'M %s inline "%s"\ndata %d\n%s\n' % (mode.encode(), name.encode(), len(text), text)
        for name, text in files
        for mode in ["120000" if name.endswith("link.toml") else "100644"]
    )
    return head + b"".join(parts)


def _git(folder: Path, *arguments: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    plain = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    return subprocess.run(
        ["git", "-C", str(folder), *arguments],  # noqa: S607  # as sizer itself finds it
        input=given,
        env={**os.environ, **plain},
        capture_output=True,
        check=False,
    )


def _names() -> st.SearchStrategy[str]:
    parts = st.sampled_from(
        (
            "profiles",
            "rules",
            "a b",
            "é",
            "-x",
            "p.toml",
            "q.toml",
            "link.toml",
            "x.lock",
            "..",
            "n" * 200,
        )
    )
    return st.lists(parts, min_size=1, max_size=4).map("/".join)


MINIMAL = """dsl = 1
[[models]]
name = "Qwen/Qwen2.5-7B"
[fleet]
gpus = ["H100-SXM5-80GB", "L4"]
"""
TOML = seeds("profiles/*.toml", "rules/*.toml", "tests/invalid/*.toml")
TABLE = (
    b"model,gpu,tp,concurrency,input_tokens,engine,measured_itl_ms,note\n"
    b"Qwen/Qwen2.5-7B,H100,1,8,512,vllm,9.5,a\n"
    b'"meta-llama/Llama-3.1-8B",L4,,1,,sglang,,"b, c"\nnobody/nothing,H100,2,,,,5,\n'
)
PRICES = (
    b"gpu,usd_per_gpu_hour,provider,region,term,as_of,source\n"
    b"H100,2.5,us,eu-1,on_demand,2026-11-01,list\nL4,0.7,us,,spot,2026-11-01,list\n"
)
CALIBRATION = (ROOT / "sizer/catalog/calibration/priors.toml").read_bytes()
REST_OF_MODEL = {
    "config.json": json.dumps(LLAMA).encode(),
    "model.safetensors": safetensors({"BF16": LLAMA_PARAMETERS}),
}
REFERENCE = {
    "models.json": b'[{"name": "Qwen/Qwen2.5-7B"}, {"name": "mine", "num_parameters": 7.0,\n'
    b'"num_layers": 32, "hidden_size": 4096, "num_attention_heads": 32, "hf_token": "hf_abc"}]',
    "gpus.json": b'[{"name": "H100", "memory_gb": 80.0, "memory_bandwidth_gb_s": 3350.0,\n'
    b'"tflops_fp16": 989.0, "tflops_fp32": 67.0, "cost_per_hour": 4.76}]',
}
HUB = {
    "about": json.dumps(
        {
            "id": NAME,
            "sha": COMMIT,
            "siblings": [{"rfilename": name, "size": 9} for name in REST_OF_MODEL],
        }
    ).encode(),
    **REST_OF_MODEL,
}


@cache
def lock_seed() -> File:
    """Return the lock of MINIMAL."""
    import tempfile  # noqa: PLC0415  # once

    with tempfile.TemporaryDirectory() as made:
        profile, at = Path(made, "p.toml"), Path(made, "sizer.lock")
        profile.write_text(MINIMAL, "utf-8")
        command("lock", "--lock", at, profile)
        return at.name, at.read_bytes()


def _length_s(text: str) -> float:
    return max(1.0, len(text) / 1000)


TARGETS: Mapping[str, Target] = {
    each.name: each
    for each in (
        Target("expressions", hostile() | conditions(3) | _nested(), _expression, _length_s),
        Target("toml", mutated(TOML), _toml),
        Target(
            "profiles", mutated(seeds("profiles/quickstart.toml", "profiles/single*.toml")), _run
        ),
        Target("tables", mutated([("t.csv", TABLE)]), _table),
        Target("prices", mutated([("prices.csv", PRICES)]), _prices),
        Target("logs", mutated(seeds("tests/*/vllm_logs/*.log")), _log),
        Target("locks", st.deferred(lambda: mutated([lock_seed()])), _lock),
        Target(
            "configs",
            mutated([("config.json", text) for _, text in seeds("tests/catalog/configs/*.json")]),
            _model,
        ),
        Target("gguf", mutated([("m.gguf", gguf(*llama()))]), _model),
        Target(
            "weights", mutated([("model.safetensors", REST_OF_MODEL["model.safetensors"])]), _model
        ),
        Target("reference", mutated(sorted(REFERENCE.items())), _reference),
        Target("calibrations", mutated([("ours.toml", CALIBRATION)]), _calibration),
        Target("hub", mutated(sorted(HUB.items())), _hub),
        Target(
            "trees",
            st.lists(
                st.tuples(_names(), st.sampled_from([MINIMAL.encode(), b"\0", b"dsl = 1\n"])),
                min_size=1,
                max_size=5,
            ),
            _tree,
        ),
    )
}
