"""Every fault of the hub, each with its code; and the token is never where it must not be."""

from __future__ import annotations

import gzip
import json
import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from attrs import evolve
from hub_server import (
    COMMIT,
    LLAMA,
    NAME,
    TOKEN,
    Answer,
    FakeHub,
    Repo,
    always,
    failing,
    hub_of,
    llama,
    serving,
)

from sizer.catalog.hub import Hub, HubFault, repository
from sizer.catalog.hub.cache import Cache
from sizer.catalog.hub.settings import Settings
from sizer.catalog.models import find_model

NO_HEADERS: dict[str, str] = {}
DEEP = b'{"a":' * 100_000 + b"1" + b"}" * 100_000
BIG = b'{"a": "' + b"x" * 5 * 2**20 + b'"}'
GZIP_BOMB = gzip.compress(bytes(32 * 2**20))
ABOUT = "/api/models/"
ESCAPE = json.dumps({"weight_map": {"t": "../../../api/whoami-v2"}}).encode()
FILES = {"config.json": json.dumps(LLAMA).encode()}


def wrong(
    part: str, status: int, body: bytes = b"", **headers: str
) -> Callable[[str], Answer | None]:
    return always(part, (status, {name.replace("_", "-"): v for name, v in headers.items()}, body))


def about(**changes: object) -> Callable[[str], Answer | None]:
    told = {"id": NAME, "sha": COMMIT, "siblings": [{"rfilename": "config.json"}], **changes}
    return wrong(ABOUT, 200, json.dumps(told).encode())


FAULTS = {
    "server error": ("SZ719", wrong(ABOUT, 500)),
    "bad gateway for a file": ("SZ719", wrong("config.json", 502, b"<html>")),
    "rate limit": ("SZ718", wrong(ABOUT, 429)),
    "rate limit for an hour": ("SZ718", wrong(ABOUT, 429, retry_after="3600")),
    "rate limit of a window": ("SZ718", wrong(ABOUT, 429, ratelimit='"api";r=0;t=300')),
    "no hub at all": ("SZ720", wrong(ABOUT, 200, b"<html>hotel login</html>")),
    "a teapot": ("SZ720", wrong(ABOUT, 418)),
    "forbidden": ("SZ715", wrong(ABOUT, 403)),
    "truncated answer": ("SZ720", wrong(ABOUT, 200, b'{"id"', content_length="400")),
    "truncated file": ("SZ720", wrong("config.json", 200, b'{"model_type": "lla')),
    "not UTF-8": ("SZ720", wrong("config.json", 200, b'{"a": "\xff"}')),
    "a list": ("SZ720", wrong("config.json", 200, b"[]")),
    "nested bomb": ("SZ720", wrong("config.json", 200, DEEP)),
    "number bomb": ("SZ720", wrong("config.json", 200, b'{"a": ' + b"9" * 10_000 + b"}")),
    "huge config": ("SZ721", wrong("config.json", 200, BIG)),
    "config of 2 GB": ("SZ721", wrong("config.json", 200, BIG, content_length=str(2 * 10**9))),
    "gzip bomb": ("SZ721", wrong("config.json", 200, GZIP_BOMB, content_encoding="gzip")),
    "garbled gzip": ("SZ720", wrong("config.json", 200, b"no gzip", content_encoding="gzip")),
    "no commit": ("SZ720", about(sha="main")),
    "a commit that is a path": ("SZ720", about(sha="../" * 20)),
    "a name that is a path": ("SZ720", about(id="../../etc/passwd")),
    "no list of files": ("SZ720", about(siblings={"a": 1})),
    "redirect without end": ("SZ722", wrong(ABOUT, 302, location="/api/models/again")),
    "redirect to a file": ("SZ722", wrong(ABOUT, 302, location="file:///etc/passwd")),
    "redirect to nonsense": ("SZ722", wrong(ABOUT, 302, location="http://[")),
    "redirect to no host": ("SZ716", wrong(ABOUT, 302, location="http://a b:x/")),
    "no header": ("SZ720", wrong(".safetensors", 206, b"\0\0")),
    "header of a petabyte": ("SZ720", wrong(".safetensors", 206, b"\xff" * 8 + b"{}")),
    "header cut off": ("SZ720", wrong(".safetensors", 206, b"\x09" + bytes(7) + b'{"a":')),
    "header bomb": ("SZ720", wrong(".safetensors", 206, b"\xff\xff\0" + bytes(5) + DEEP[:99_000])),
    "negative tensor": (
        "SZ720",
        wrong(
            ".safetensors",
            206,
            b"\x38" + bytes(7) + b'{"t":{"dtype":"BF16","shape":[-1],"data_offsets":[0,2]}}',
        ),
    ),
}  # fmt: skip


def fault_of(server: FakeHub, folder: Path, name: str = NAME) -> HubFault:
    what = repository(name)
    assert what
    with pytest.raises(HubFault) as caught:
        hub_of(server, folder).snapshot(what)
    assert not list(folder.rglob("*.json")), "what went wrong is not kept"
    assert caught.value.help
    return caught.value


@pytest.mark.parametrize("case", FAULTS)
def test_a_fault_has_its_code(server: FakeHub, tmp_path: Path, case: str) -> None:
    code, fault = FAULTS[case]
    server.faults.append(fault)
    assert fault_of(server, tmp_path).code == code


@pytest.mark.parametrize(
    ("token", "repo", "code", "said"),
    [
        (TOKEN, None, "SZ711", "no model 'acme/small'"),
        ("", None, "SZ711", "no model 'acme/small'"),
        ("", llama(private=True), "SZ711", "no model"),
        ("", llama(gated=True), "SZ713", "gated"),
        ("hf_other", llama(gated=True), "SZ715", "no access"),
        ("hf_wrong", llama(), "SZ714", "refuses the token"),
        ("hf_\x01broken", llama(), "SZ714", "characters"),
        ("hf_süß", llama(), "SZ714", "characters"),
    ],
)
def test_who_may_not_read_learns_why(
    server: FakeHub,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    token: str,
    repo: Repo | None,
    code: str,
    said: str,
) -> None:
    monkeypatch.setenv("HF_TOKEN", token)
    server.known_tokens = (TOKEN, "hf_other")
    server.repos = {NAME: repo} if repo else {}
    fault = fault_of(server, tmp_path)
    assert fault.code == code
    assert said in str(fault)
    assert not token or token not in f"{fault} {fault.help}"


def test_a_gated_model_is_read_with_a_token_that_has_access(
    server: FakeHub, tmp_path: Path
) -> None:
    server.repos[NAME].gated = True
    assert find_model(NAME, None, hub_of(server, tmp_path)).value.parameters


def test_an_unknown_revision_is_named(server: FakeHub, tmp_path: Path) -> None:
    fault = fault_of(server, tmp_path, f"{NAME}@v9")
    assert fault.code == "SZ712"
    assert "'v9'" in str(fault)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"model-Q4_K_M.gguf": b""}, "GGUF"),
        ({"adapter_config.json": b"{}", "adapter_model.safetensors": b""}, "adapter"),
        ({"model_index.json": b"{}"}, "diffusers"),
        ({"README.md": b"hello"}, "no config.json"),
    ],
)
def test_a_repository_without_a_model_says_what_it_is(
    server: FakeHub, tmp_path: Path, files: dict[str, bytes], said: str
) -> None:
    server.repos[NAME] = Repo(files=files)
    fault = fault_of(server, tmp_path)
    assert fault.code == "SZ723"
    assert said in str(fault)


def test_a_model_that_sizer_cannot_read_says_so(server: FakeHub, tmp_path: Path) -> None:
    server.repos[NAME] = llama(config={"num_hidden_layers": "many"})
    with pytest.raises(HubFault, match="num_hidden_layers") as caught:
        find_model(NAME, None, hub_of(server, tmp_path))
    assert caught.value.code == "SZ723"


def test_a_file_name_that_climbs_is_never_asked_for(server: FakeHub, tmp_path: Path) -> None:
    index = "model.safetensors.index.json"
    server.repos[NAME] = Repo(files={**FILES, index: ESCAPE}, listed=("../../../api/whoami-v2",))
    fault = fault_of(server, tmp_path)
    assert fault.code == "SZ722"
    assert not server.count("whoami")


def test_a_config_of_2_gb_is_not_read_to_its_end(server: FakeHub, tmp_path: Path) -> None:
    sent = 64 * 2**20
    server.faults.append(wrong("config.json", 200, b" " * sent))
    assert fault_of(server, tmp_path).code == "SZ721"


def test_a_fault_that_passes_is_waited_for(server: FakeHub, tmp_path: Path) -> None:
    said: list[str] = []
    server.faults.append(failing("config.json", (503, {}, b""), (429, {"retry-after": "0"}, b"")))
    what = repository(NAME)
    assert what
    assert hub_of(server, tmp_path, tell=said.append).snapshot(what).commit == COMMIT
    assert [each for each in said if "(2 of 3)" in each and "503" in each]
    assert [each for each in said if "(3 of 3)" in each and "limits" in each]


def test_tries_are_bounded_and_a_refusal_is_final(server: FakeHub, tmp_path: Path) -> None:
    server.faults.append(wrong("config.json", 503))
    fault_of(server, tmp_path)
    assert server.count("config.json") == 3
    server.asked.clear()
    server.faults[:] = [wrong(ABOUT, 404)]
    fault_of(server, tmp_path)
    assert len(server.asked) == 1


def test_a_wait_that_is_too_long_is_not_waited(server: FakeHub, tmp_path: Path) -> None:
    for headers in ({"retry-after": "300"}, {"ratelimit": '"api";r=0;t=300'}):
        server.asked.clear()
        server.faults[:] = [always(ABOUT, (429, headers, b""))]
        assert fault_of(server, tmp_path).code == "SZ718"
        assert len(server.asked) == 1


def test_the_first_bad_shard_ends_the_reading(server: FakeHub, tmp_path: Path) -> None:
    shards = {f"model-{number:03}.safetensors": b"\0" * 8 for number in range(300)}
    placed = {"weight_map": {name: name for name in shards}}
    more = {"model.safetensors.index.json": json.dumps(placed).encode()}
    server.repos[NAME] = Repo(files={**FILES, **more, **shards})
    assert fault_of(server, tmp_path).code == "SZ720"
    assert server.count(".safetensors") < 100


def test_what_failed_is_not_asked_again_by_the_same_door(server: FakeHub, tmp_path: Path) -> None:
    what = repository("acme/absent")
    assert what
    hub = hub_of(server, tmp_path)
    for _ in range(3):
        with pytest.raises(HubFault):
            hub.snapshot(what)
    assert len(server.asked) == 1


def test_no_network_is_found_out_once(tmp_path: Path, server: FakeHub) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        said: list[str] = []
        hub = hub_of(server, tmp_path, tell=said.append)
        hub.settings = evolve(hub.settings, endpoint=url)
        for name in ("acme/a", "acme/b"):
            what = repository(name)
            assert what
            with pytest.raises(HubFault, match="cannot be reached") as caught:
                hub.snapshot(what)
            assert caught.value.code == "SZ716"
    assert sum("again in" in each for each in said) == 2


def test_silence_is_not_waited_for(server: FakeHub, tmp_path: Path) -> None:
    server.delay_s = 1.0
    hub = hub_of(server, tmp_path)
    patience = evolve(hub.settings.patience, silence_s=0.05, tries=2)
    hub.settings = evolve(hub.settings, patience=patience)
    what = repository(NAME)
    assert what
    with pytest.raises(HubFault, match="Timeout"):
        hub.snapshot(what)


def test_an_answer_that_drips_is_given_up(server: FakeHub, tmp_path: Path) -> None:
    server.drip_s = 0.01
    hub = hub_of(server, tmp_path)
    patience = evolve(hub.settings.patience, answer_s=0.05, tries=1)
    hub.settings = evolve(hub.settings, patience=patience)
    what = repository(NAME)
    assert what
    with pytest.raises(HubFault, match=r"no whole answer in 0\.05 s"):
        hub.snapshot(what)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_another_host_never_receives_the_token(
    server: FakeHub, tmp_path: Path, status: int
) -> None:
    with serving(FakeHub({NAME: llama()})) as elsewhere:
        goal = f"{elsewhere.url}/{NAME}/resolve/main/model.safetensors?signature=1"
        server.faults.append(wrong(".safetensors", status, location=goal))
        what = repository(NAME)
        assert what
        assert hub_of(server, tmp_path).snapshot(what).weights
    ((path, headers),) = elsewhere.asked
    assert path.endswith("signature=1")
    assert headers["range"] == "bytes=0-99999"
    assert "authorization" not in headers
    assert TOKEN not in json.dumps(elsewhere.asked)
    assert all(headers["authorization"] == f"Bearer {TOKEN}" for _, headers in server.asked)


def test_a_redirect_within_the_hub_keeps_the_token(server: FakeHub, tmp_path: Path) -> None:
    goal = f"/{NAME}/resolve/{COMMIT}/config.json?moved"
    server.faults.append(
        lambda path: (307, {"location": goal}, b"") if path.endswith("config.json") else None
    )
    what = repository(NAME)
    assert what
    hub_of(server, tmp_path).snapshot(what)
    moved = [headers for path, headers in server.asked if path.endswith("?moved")]
    assert [headers["authorization"] for headers in moved] == [f"Bearer {TOKEN}"]


def test_the_token_is_in_no_message_and_no_file(server: FakeHub, tmp_path: Path) -> None:
    said: list[str] = []
    for _, fault in FAULTS.values():
        server.faults[:] = [fault]
        what = repository(NAME)
        assert what
        hub = hub_of(server, tmp_path, tell=said.append)
        with pytest.raises(HubFault) as caught:
            hub.snapshot(what)
        said += [str(caught.value), str(caught.value.help), repr(hub)]
    server.faults.clear()
    find_model(NAME, None, hub_of(server, tmp_path, tell=said.append))
    kept = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert kept
    assert TOKEN not in "\n".join([*said, *kept])


def test_a_password_in_the_endpoint_is_not_shown() -> None:
    settings = Settings("https://me:secret@hub.example:8443/x", offline=False, cache=Path("c"))
    assert settings.host == "hub.example:8443"
    assert "secret" not in repr(settings)


@pytest.mark.parametrize("endpoint", ["nowhere", "ftp://hub.example", "http://[", "https://"])
def test_an_endpoint_that_is_no_address_is_said(tmp_path: Path, endpoint: str) -> None:
    what = repository(NAME)
    assert what
    hub = Hub(settings=Settings(endpoint, offline=False, cache=tmp_path))
    with pytest.raises(HubFault, match="no web address") as caught:
        hub.snapshot(what)
    assert caught.value.code == "SZ716"


@pytest.mark.parametrize(
    "endpoint", ["http://..", "http://../../x", "http://a/../../b", "http://é"]
)
def test_an_endpoint_leads_no_entry_out_of_the_cache(tmp_path: Path, endpoint: str) -> None:
    root = Cache.of(Settings(endpoint, offline=False, cache=tmp_path)).root
    assert root.resolve().parent == tmp_path / "hub"
