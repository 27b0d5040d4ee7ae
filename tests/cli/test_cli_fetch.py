"""`sizer fetch`, and runs that name a model of the hub: processes against a hub on this machine."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import hub_process
import pytest
from command_line import GOOD, environment
from hub_server import (
    COMMIT,
    LLAMA_PARAMETERS,
    NAME,
    TOKEN,
    FakeHub,
    Repo,
    always,
    llama,
    serving,
)

PROFILE = GOOD.replace("Qwen/Qwen2.5-7B", NAME)


@pytest.fixture
def server() -> Iterator[FakeHub]:
    pytest.importorskip("huggingface_hub")
    with serving(FakeHub({NAME: llama()})) as hub:
        yield hub


def ran(
    server: FakeHub, folder: Path, *arguments: str, **more: str
) -> subprocess.CompletedProcess[str]:
    done = hub_process.ran(server.url, folder, *arguments, **more)
    out, err = done.stdout.decode(), done.stderr.decode()
    return subprocess.CompletedProcess(done.args, done.returncode, out, err)


def test_any_model_of_the_hub_is_sized_and_then_needs_no_network(
    server: FakeHub, tmp_path: Path
) -> None:
    (tmp_path / "profile.toml").write_text(PROFILE)
    first = ran(server, tmp_path, "run", "profile.toml", "--format", "json")
    assert first.returncode == 0, first.stderr
    assert f"fetching {NAME}" in first.stderr
    assert COMMIT[:12] in first.stdout
    asked = len(server.asked)
    again = ran(server, tmp_path, "run", "profile.toml", "--format", "json", HF_HUB_OFFLINE="1")
    assert (again.stdout, again.stderr) == (first.stdout, "")
    assert len(server.asked) == asked


def test_fetch_says_what_it_found(server: FakeHub, tmp_path: Path) -> None:
    done = ran(server, tmp_path, "fetch", NAME, f"{NAME}@{COMMIT}")
    assert done.returncode == 0, done.stderr
    said = f"{NAME}@{COMMIT}  {LLAMA_PARAMETERS / 1e9:.3f}B parameters in bf16"
    assert done.stdout.splitlines() == [said, said]


def test_all_faults_are_told_each_with_its_code(server: FakeHub, tmp_path: Path) -> None:
    server.repos["acme/gated"] = llama(gated=True)
    done = ran(server, tmp_path, "fetch", "acme/no", NAME, "acme/gated", HF_TOKEN="")
    assert done.returncode == 2
    assert done.stdout.startswith(f"{NAME}@{COMMIT}")
    assert [line for line in done.stderr.splitlines() if line.startswith("error[SZ711]")]
    assert [line for line in done.stderr.splitlines() if line.startswith("error[SZ713]")]


def test_a_run_says_where_the_model_stands_that_the_hub_lacks(
    server: FakeHub, tmp_path: Path
) -> None:
    (tmp_path / "profile.toml").write_text(PROFILE.replace(NAME, "acme/no"))
    done = ran(server, tmp_path, "run", "profile.toml")
    assert done.returncode == 2
    assert "profile.toml:4:8: error[SZ711]: the hub has no model 'acme/no'" in done.stderr


def test_checking_asks_no_hub(server: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(PROFILE)
    done = ran(server, tmp_path, "check", "profile.toml")
    assert done.returncode == 0
    assert "warning[SZ706]" in done.stdout
    assert not server.asked


def test_estimates_of_a_table_ask_once_for_each_model(server: FakeHub, tmp_path: Path) -> None:
    rows = [f"{name},H100,{form}" for name in (NAME, "acme/no") for form in ("bf16", "fp8", "auto")]
    (tmp_path / "points.csv").write_text("\n".join(["model,gpu,weights", *rows]))
    done = ran(server, tmp_path, "estimate", "points.csv", "-o", "out.jsonl")
    assert done.returncode == 1, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [bool(line["problem"]) for line in lines] == [False] * 3 + [True] * 3
    assert server.count("api/models/acme/no") == 1


def test_what_is_no_name_of_the_hub_is_refused(server: FakeHub, tmp_path: Path) -> None:
    done = ran(server, tmp_path, "fetch", "../x", "plain")
    assert done.returncode == 2
    assert done.stderr.count("error[SZ006]") == 2
    assert not server.asked


def test_what_cannot_be_kept_is_a_fault(server: FakeHub, tmp_path: Path) -> None:
    cache = tmp_path / "file"
    cache.write_text("no folder")
    done = ran(server, tmp_path, "fetch", NAME, SIZER_CACHE_DIR=str(cache))
    assert done.returncode == 2
    assert f"{NAME}@{COMMIT}" in done.stdout
    assert f"file: error[SZ005]: {NAME} is not kept" in done.stderr
    assert "set SIZER_CACHE_DIR to a folder that you may write" in done.stderr


def test_a_proxy_is_asked_when_there_is_one(server: FakeHub, tmp_path: Path) -> None:
    with serving(FakeHub()) as proxy:
        proxy.faults.append(always("hub.invalid", (407, {}, b"")))
        proxies = {"HTTP_PROXY": proxy.url, "http_proxy": proxy.url, "NO_PROXY": "", "no_proxy": ""}
        done = ran(server, tmp_path, "fetch", NAME, HF_ENDPOINT="http://hub.invalid", **proxies)
    assert done.returncode == 2
    assert "error[SZ716]" in done.stderr
    assert "407" in done.stderr
    assert proxy.count("http://hub.invalid/api/models/acme/small")


def test_the_token_is_in_no_output_and_no_file(server: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(PROFILE)
    done = [
        ran(server, tmp_path, *command, SIZER_DEBUG="1")
        for command in (
            ("fetch", NAME, "acme/no", f"{NAME}@v9"),
            ("run", "profile.toml", "--output", "answer.json", "--format", "json"),
        )
    ]
    written = [each.read_bytes() for each in tmp_path.rglob("*") if each.is_file()]
    assert len(written) >= 3
    said = "".join(each.stdout + each.stderr for each in done)
    assert TOKEN not in said
    assert not any(TOKEN.encode() in each for each in written)
    assert any(headers.get("authorization") == f"Bearer {TOKEN}" for _, headers in server.asked)


def test_a_model_of_the_catalog_at_a_revision_is_the_hubs(server: FakeHub, tmp_path: Path) -> None:
    server.repos["Qwen/Qwen2.5-7B"] = llama()
    done = ran(server, tmp_path, "fetch", "Qwen/Qwen2.5-7B")
    assert "is in the catalog, which comes first" in done.stderr
    (tmp_path / "points.csv").write_text("model,gpu\nQwen/Qwen2.5-7B,L4\nQwen/Qwen2.5-7B@main,L4\n")
    done = ran(server, tmp_path, "estimate", "points.csv", HF_HUB_OFFLINE="1")
    assert done.returncode == 0, done.stdout
    ours, theirs = csv.DictReader(StringIO(done.stdout))
    assert float(ours["params_b"]) > 7
    assert float(theirs["params_b"]) == pytest.approx(LLAMA_PARAMETERS / 1e9)


def test_a_fetch_says_where_the_catalog_differs_and_shows_a_patch(
    server: FakeHub, tmp_path: Path
) -> None:
    name = "google/gemma-2b"
    config = (Path(__file__).parents[1] / "catalog" / "configs" / "gemma-2b.json").read_bytes()
    server.repos[name] = Repo(files={"config.json": config})
    same = ran(server, tmp_path, "fetch", "--diff", name)
    assert (same.returncode, same.stdout) == (0, "")
    changed = json.dumps(json.loads(config) | {"max_position_embeddings": 4096})
    server.repos[name] = Repo(files={"config.json": changed.encode()}, commit="f" * 40)
    said = ran(server, tmp_path, "fetch", name)
    assert said.returncode == 0
    assert f"{name}: the catalog has other max_context" in said.stderr
    shown = ran(server, tmp_path, "fetch", "--diff", name)
    assert shown.returncode == 1
    lines = shown.stdout.splitlines()
    assert lines[:2] == [
        "--- a/sizer/catalog/models/gemma-2b.toml",
        "+++ b/sizer/catalog/models/gemma-2b.toml",
    ]
    assert {"-max_context = 8192", "+max_context = 4096"} <= set(lines)
    assert f'+commit = "{"f" * 40}"' in lines


def test_the_reference_commands_ask_the_hub_too(server: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(json.dumps([{"name": NAME}]))
    gpu = {"name": "H100", "memory_gb": 80, "memory_bandwidth_gb_s": 3350, "tflops_fp16": 989}
    (tmp_path / "gpus.json").write_text(json.dumps([gpu]))
    files = ("--models", "models.json", "--gpus", "gpus.json")
    assert ran(server, tmp_path, "import", *files).returncode == 0
    assert not server.asked
    done = ran(server, tmp_path, "recommend", *files)
    assert done.returncode == 0, done.stderr
    assert f"fetching {NAME}" in done.stderr
    assert json.loads(done.stdout)["recommendations"][0]["recommended_gpu"] == "H100"


def test_a_token_of_a_models_file_is_for_that_model_alone(server: FakeHub, tmp_path: Path) -> None:
    server.repos["acme/gated"] = llama(gated=True)
    models = [{"name": "acme/gated@main", "hf_token": TOKEN}, {"name": NAME}]
    (tmp_path / "models.json").write_text(json.dumps(models))
    files = ("--models", "models.json", "--gpu-library", "H100")
    done = ran(server, tmp_path, "recommend", *files, HF_TOKEN="")
    assert done.returncode == 0, done.stderr
    sent = {path: headers.get("authorization", "") for path, headers in server.asked}
    assert {TOKEN in token for path, token in sent.items() if "acme/gated" in path} == {True}
    assert {token for path, token in sent.items() if NAME in path} == {""}
    assert TOKEN not in done.stdout + done.stderr
    kept = (path.read_text("utf-8") for path in tmp_path.glob("cache/**/*") if path.is_file())
    assert not any(TOKEN in text for text in kept)


def test_a_token_that_the_hub_refuses_is_not_shown(server: FakeHub, tmp_path: Path) -> None:
    server.repos["acme/gated"] = llama(gated=True)
    models = [{"name": "acme/gated", "hf_token": "hf_SesameWithoutGrant0123"}]
    (tmp_path / "models.json").write_text(json.dumps(models))
    files = ("--models", "models.json", "--gpu-library", "H100")
    done = ran(server, tmp_path, "recommend", *files)
    assert done.returncode == 2
    assert "models.json:1:11: error[SZ7" in done.stderr
    assert "Sesame" not in done.stdout + done.stderr


def test_a_model_that_is_kept_loads_no_client_of_the_hub(server: FakeHub, tmp_path: Path) -> None:
    (tmp_path / "profile.toml").write_text(PROFILE)
    assert ran(server, tmp_path, "fetch", NAME).returncode == 0
    code = (
        "import sys; from sizer.cli import main; main(['run', 'profile.toml', '--format', 'json']);"
        "print(*{'huggingface_hub', 'httpx2', 'filelock'} & set(sys.modules), file=sys.stderr)"
    )
    here = {"HF_ENDPOINT": server.url, "SIZER_CACHE_DIR": str(tmp_path / "cache")}
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env=environment(**here, HF_HUB_OFFLINE=""),
        cwd=tmp_path,
        check=True,
    )
    assert json.loads(done.stdout)
    assert done.stderr.strip() == ""


def test_a_family_that_no_list_has_is_sized_and_the_answer_says_so(
    server: FakeHub, tmp_path: Path
) -> None:
    new = {"model_type": "brandnew", "architectures": ["BrandNewForCausalLM"]}
    server.repos[NAME] = llama(config=new)
    (tmp_path / "profile.toml").write_text(PROFILE)
    done = ran(server, tmp_path, "run", "profile.toml")
    assert done.returncode == 0, done.stderr
    assert "'brandnew' is read as a usual decoder" in " ".join(done.stdout.split())
