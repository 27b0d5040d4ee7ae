"""The hub: what is fetched, kept and read, over the real client and a server on this machine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from attrs import evolve
from hub_server import (
    COMMIT,
    LLAMA,
    LLAMA_PARAMETERS,
    NAME,
    FakeHub,
    Repo,
    always,
    hub_of,
    safetensors,
)

from sizer.catalog.hub import Hub, Repository, repository
from sizer.catalog.hub.shelf import entries
from sizer.catalog.models import find_model
from sizer.schema.facts.provenance import Checkpoint


def what(name: str = NAME) -> Repository:
    found = repository(name)
    assert found is not None
    return found


def test_a_model_is_fetched_once_and_then_kept(server: FakeHub, tmp_path: Path) -> None:
    first = hub_of(server, tmp_path).snapshot(what())
    asked = len(server.asked)
    again = hub_of(server, tmp_path).snapshot(what())
    assert again == first
    assert len(server.asked) == asked == 3
    assert (first.commit, first.weights.total) == (COMMIT, LLAMA_PARAMETERS)  # type: ignore[union-attr]
    assert first.weights.tensor_bytes == 2 * LLAMA_PARAMETERS  # type: ignore[union-attr]


def test_every_file_is_of_the_commit_that_the_hub_named(server: FakeHub, tmp_path: Path) -> None:
    hub_of(server, tmp_path).snapshot(what())
    assert [path.split("?")[0] for path, _ in server.asked] == [
        f"/api/models/{NAME}/revision/main",
        f"/{NAME}/resolve/{COMMIT}/config.json",
        f"/{NAME}/resolve/{COMMIT}/model.safetensors",
    ]


def test_no_weights_are_downloaded(server: FakeHub, tmp_path: Path) -> None:
    weights = server.repos[NAME].files["model.safetensors"]
    server.repos[NAME].files["model.safetensors"] = weights + bytes(5_000_000)
    snapshot = hub_of(server, tmp_path).snapshot(what())
    ranges = [headers.get("range") for path, headers in server.asked if "safetensors" in path]
    assert ranges == ["bytes=0-99999"]
    assert snapshot.weight_bytes == len(weights) + 5_000_000


def test_a_name_that_no_catalog_knows_is_sized(server: FakeHub, tmp_path: Path) -> None:
    found = find_model(NAME, None, hub_of(server, tmp_path))
    model = found.value
    assert model.parameters == model.known_parameters == LLAMA_PARAMETERS
    assert model.parameters_by_dtype == (("BF16", LLAMA_PARAMETERS),)
    assert isinstance(model.provenance, Checkpoint)
    assert model.provenance.repository.endswith(f"/{NAME}")
    assert model.provenance.commit == COMMIT
    assert COMMIT[:12] in str(found.note)


def test_a_name_of_the_catalog_asks_no_hub(server: FakeHub, tmp_path: Path) -> None:
    find_model("Qwen/Qwen2.5-7B", None, hub_of(server, tmp_path))
    find_model("someone/Qwen3-14B-quantized.w4a16", None, hub_of(server, tmp_path))
    assert not server.asked


def test_a_revision_is_part_of_the_name(server: FakeHub, tmp_path: Path) -> None:
    server.repos[NAME].revisions = ("main", "v1.0", "refs/pr/1")
    for revision in ("v1.0", "refs/pr/1", COMMIT):
        found = find_model(f"{NAME}@{revision}", None, hub_of(server, tmp_path))
        assert found.value.name == f"{NAME}@{revision}"
    asked = len(server.asked)
    find_model(f"{NAME}@refs/pr/1", None, hub_of(server, tmp_path))
    assert len(server.asked) == asked


def test_shards_are_added_up_and_long_headers_read_whole(server: FakeHub, tmp_path: Path) -> None:
    shards = {f"model-{n:05}-of-00040.safetensors": safetensors({"BF16": 10}) for n in range(40)}
    long = {f"T{number}": 1 for number in range(5000)}
    shards["model-00000-of-00040.safetensors"] = safetensors(long)
    index = {"weight_map": {f"t{number}": name for number, name in enumerate(shards)}}
    more = {"model.safetensors.index.json": json.dumps(index).encode()}
    server.repos[NAME] = Repo(files={"config.json": json.dumps(LLAMA).encode(), **shards, **more})
    weights = hub_of(server, tmp_path).snapshot(what()).weights
    assert weights is not None
    assert weights.total == 39 * 10 + 5000
    assert dict(weights.elements)["BF16"] == 390


@pytest.mark.parametrize(
    ("file", "content", "form"),
    [
        ("hf_quant_config.json", {"quantization": {"quant_algo": "NVFP4"}}, "nvfp4"),
        ("quantize_config.json", {"bits": 4, "group_size": 128}, "gptq"),
        ("quant_config.json", {"w_bit": 4, "q_group_size": 128}, "awq"),
    ],
)
def test_quantisation_beside_config_json_counts(
    server: FakeHub, tmp_path: Path, file: str, content: dict[str, object], form: str
) -> None:
    server.repos[NAME].files[file] = json.dumps(content).encode()
    assert find_model(NAME, None, hub_of(server, tmp_path)).value.weights == form


def test_a_fetch_asks_again_and_follows_the_branch(server: FakeHub, tmp_path: Path) -> None:
    hub_of(server, tmp_path).snapshot(what())
    server.repos[NAME].commit = "f" * 40
    assert hub_of(server, tmp_path).snapshot(what()).commit == COMMIT
    assert hub_of(server, tmp_path).fetch(what()).commit == "f" * 40
    assert hub_of(server, tmp_path).snapshot(what()).commit == "f" * 40
    assert hub_of(server, tmp_path).snapshot(what(f"{NAME}@{COMMIT}")).commit == COMMIT


def test_a_damaged_entry_is_fetched_again_and_never_used(server: FakeHub, tmp_path: Path) -> None:
    whole = hub_of(server, tmp_path).snapshot(what())
    (entry,) = tmp_path.rglob(f"{COMMIT}.json")
    text = entry.read_text("utf-8")
    for damaged in (text.replace(": 64", ": 65"), text[:-20], "", "[]", "[" * 100_000, "\0"):
        entry.write_text(damaged, "utf-8")
        said: list[str] = []
        hub = hub_of(server, tmp_path, tell=said.append)
        assert hub.snapshot(what()) == whole
        assert "damaged" in said[0]
        assert entry.read_text("utf-8") == text


def test_a_cache_that_cannot_be_written_costs_no_answer(server: FakeHub, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    said: list[str] = []
    hub = hub_of(server, blocked, tell=said.append)
    assert hub.snapshot(what()).commit == COMMIT
    assert any("cannot be written" in each for each in said)


def test_offline_is_said_before_anything_is_asked(server: FakeHub, tmp_path: Path) -> None:
    kept = hub_of(server, tmp_path).snapshot(what())
    asked = len(server.asked)
    hub = Hub(settings=evolve(hub_of(server, tmp_path).settings, offline=True))
    assert hub.snapshot(what()) == kept
    with pytest.raises(LookupError, match="HF_HUB_OFFLINE") as caught:
        hub.snapshot(what("acme/other"))
    assert caught.value.code == "SZ717"  # type: ignore[attr-defined]
    assert len(server.asked) == asked


@pytest.mark.parametrize(
    "name",
    [
        "plain",
        "a/b/c",
        "../b",
        "a/..",
        "a/b@",
        "a/b@../x",
        "a/b@x//y",
        "a/b c",
        "/a/b",
        "a/b@x@y",
        "-a/b",
    ],
)
def test_what_no_repository_is_called_is_no_name(name: str) -> None:
    assert repository(name) is None


def test_a_renamed_repository_is_kept_under_its_name_of_now(
    server: FakeHub, tmp_path: Path
) -> None:
    renamed = json.dumps(
        {"id": "acme/tiny", "sha": COMMIT, "siblings": [{"rfilename": "config.json"}]}
    )
    server.repos["acme/tiny"] = server.repos[NAME]
    server.faults.append(always(f"/api/models/{NAME}/", (200, {}, renamed.encode())))
    first = hub_of(server, tmp_path).snapshot(what())
    asked, said = len(server.asked), list[str]()
    hub = hub_of(server, tmp_path, tell=said.append)
    assert hub.snapshot(what()) == hub.snapshot(what("acme/tiny")) == first
    assert hub.cache.knows(what())
    assert hub.cache.asked_at(what()) is not None
    assert (len(server.asked), said) == (asked, [])
    assert [(each.name, each.snapshot) for each in entries(tmp_path)] == [("acme/tiny", first)]


def test_a_name_that_is_taken_anew_is_no_longer_the_renamed_one(
    server: FakeHub, tmp_path: Path
) -> None:
    hub = hub_of(server, tmp_path)
    hub.cache.put(what(), evolve(hub.snapshot(what()), name="acme/other"))
    assert hub.snapshot(what()).name == "acme/other"
    assert hub.fetch(what()).name == NAME
    assert hub.snapshot(what()).name == NAME
