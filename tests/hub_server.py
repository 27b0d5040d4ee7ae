"""A hub on this machine: the paths and headers of the real one, and every fault on demand."""

from __future__ import annotations

import json
import re
import struct
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from attrs import define, field

from sizer.catalog.hub import Hub
from sizer.catalog.hub.settings import Patience, Settings

NAME = "acme/small"
COMMIT = "0123456789abcdef0123456789abcdef01234567"
TOKEN = "hf_SecretOfTheTests0123456789"  # noqa: S105  # no hub knows it
LLAMA = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 4096,
    "vocab_size": 1000,
    "torch_dtype": "bfloat16",
    "tie_word_embeddings": False,
}
# embedding and head, final norm, two layers of attention, feed-forward and two norms
LLAMA_PARAMETERS = 2 * 1000 * 64 + 64 + 2 * (2 * 64 * 64 + 2 * 64 * 32 + 3 * 64 * 128 + 2 * 64)

_ABOUT = re.compile(r"/api/models/([^/]+/[^/]+)/revision/(.+)")
_FILE = re.compile(r"/([^/]+/[^/]+)/resolve/([^/]+)/(.+)")
Answer = tuple[int, Mapping[str, str], bytes]


def safetensors(elements: Mapping[str, int], width: int = 2) -> bytes:
    """Return the start of a weight file that holds one flat tensor of each type."""
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for dtype, count in elements.items():
        ends = offset + count * width
        header[f"tensor.{dtype}"] = {
            "dtype": dtype,
            "shape": [count],
            "data_offsets": [offset, ends],
        }
        offset = ends
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text


@define
class Repo:
    """A repository of the server; who may read it, and its files."""

    files: dict[str, bytes] = field(factory=dict)
    commit: str = COMMIT
    revisions: tuple[str, ...] = ("main",)
    gated: bool = False
    private: bool = False
    listed: tuple[str, ...] = ()


def llama(**more: Any) -> Repo:
    """Return a small model whose weights are exactly what its config.json implies."""
    files = {
        "config.json": json.dumps({**LLAMA, **more.pop("config", {})}).encode(),
        "model.safetensors": safetensors({"BF16": LLAMA_PARAMETERS}),
    }
    return Repo(files={**files, **more.pop("files", {})}, **more)


@define
class FakeHub:
    """What the server holds, what it was asked, and what goes wrong.

    `faults` are asked first: each takes a path and returns an answer, or None to go on.
    """

    repos: dict[str, Repo] = field(factory=dict)
    granted: tuple[str, ...] = (TOKEN,)
    faults: list[Callable[[str], Answer | None]] = field(factory=list)
    asked: list[tuple[str, Mapping[str, str]]] = field(factory=list)
    url: str = ""
    delay_s: float = 0.0
    drip_s: float = 0.0
    known_tokens: tuple[str, ...] = (TOKEN,)

    def count(self, part: str) -> int:
        """Return how many requests had a text in their path."""
        return sum(part in path for path, _ in self.asked)

    def answer(self, path: str, headers: Mapping[str, str]) -> Answer:
        """Return status, headers and body as the hub would."""
        for fault in self.faults:
            wrong = fault(path)
            if wrong is not None:
                return wrong
        token = headers.get("authorization", "").removeprefix("Bearer ")
        if token and token not in self.known_tokens:
            return _error(401, "", "Invalid credentials in Authorization header")
        plain = unquote(urlsplit(path).path)
        for pattern, make in ((_ABOUT, self._about), (_FILE, self._file)):
            found = pattern.fullmatch(plain)
            if found:
                return make(token, headers, *found.groups())
        return _error(404, "", "no such page")

    def _about(self, token: str, _: Mapping[str, str], name: str, revision: str) -> Answer:
        repo = self.repos.get(name)
        if repo is None or (repo.private and token not in self.granted):
            return _error(404 if token else 401, "RepoNotFound", "Repository not found")
        if revision not in {*repo.revisions, repo.commit}:
            return _error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        siblings = [{"rfilename": each, "size": len(text)} for each, text in repo.files.items()]
        siblings += [{"rfilename": each} for each in repo.listed]
        about = {"id": name, "sha": repo.commit, "siblings": siblings, "gated": repo.gated}
        return 200, {"content-type": "application/json"}, json.dumps(about).encode()

    def _file(
        self, token: str, headers: Mapping[str, str], name: str, revision: str, file: str
    ) -> Answer:
        repo = self.repos.get(name)
        if repo is None:
            return _error(404 if token else 401, "RepoNotFound", "Repository not found")
        if repo.gated and token not in self.granted:
            return _error(
                403 if token else 401, "GatedRepo", f"Access to model {name} is restricted"
            )
        if revision not in {*repo.revisions, repo.commit}:
            return _error(404, "RevisionNotFound", f"Invalid rev id: {revision}")
        if file not in repo.files:
            return _error(404, "EntryNotFound", "Entry not found")
        status, more, body = _ranged(repo.files[file], headers.get("range", ""))
        told = {"etag": f'"{len(repo.files[file])}"', "x-repo-commit": repo.commit}
        return status, {**more, **told}, body


def _ranged(content: bytes, span: str) -> Answer:
    found = re.fullmatch(r"bytes=(\d+)-(\d+)", span)
    if not found:
        return 200, {}, content
    first, last = int(found[1]), min(int(found[2]), len(content) - 1)
    return 206, {"content-range": f"bytes {first}-{last}/{len(content)}"}, content[first : last + 1]


def _error(status: int, code: str, said: str) -> Answer:
    return status, {"x-error-code": code, "x-error-message": said}, b""


def failing(part: str, *answers: Answer) -> Callable[[str], Answer | None]:
    """Return a fault: these answers in turn for paths with a text, then all is well again."""
    left = list(answers)

    def fault(path: str) -> Answer | None:
        return left.pop(0) if left and part in path else None

    return fault


def always(part: str, answer: Answer) -> Callable[[str], Answer | None]:
    """Return a fault that stays."""
    return lambda path: answer if part in path else None


@contextmanager
def serving(hub: FakeHub | None = None) -> Iterator[FakeHub]:
    """Serve a hub on a free port of this machine."""
    hub = hub or FakeHub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a client may hang up
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    hub.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _handler(hub: FakeHub) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.respond(body=True)

        def do_HEAD(self) -> None:
            self.respond(body=False)

        def respond(self, *, body: bool) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            hub.asked.append((self.path, headers))
            time.sleep(hub.delay_s)
            status, more, content = hub.answer(self.path, headers)
            length = str(len(content))
            self.send_response(status)
            for name, value in {"content-length": length, **more}.items():
                self.send_header(name, value)
            self.end_headers()
            self.close_connection |= more.get("content-length", length) != length  # cut off
            try:
                self.send(content if body else b"")
            except OSError:  # the client has read enough
                self.close_connection = True

        def send(self, content: bytes) -> None:
            if not hub.drip_s:
                self.wfile.write(content)
                return
            for start in range(len(content)):
                self.wfile.write(content[start : start + 1])
                time.sleep(hub.drip_s)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    return Handler


def hub_of(server: FakeHub, folder: Path, **more: Any) -> Hub:
    """Return the door to a server, patient but without waits, that keeps answers in a folder."""
    patience = Patience(first_wait_s=0.0, silence_s=5.0)
    settings = Settings(server.url, offline=False, cache=folder, patience=patience)
    return Hub(settings=settings, **more)
