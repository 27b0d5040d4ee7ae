"""Answers that never end: each is given up after the time for a whole answer, headers included."""

from __future__ import annotations

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from attrs import evolve
from hub_server import NAME, FakeHub, Repo, hub_of, llama

from sizer.catalog.hub import HubFault, Repository
from sizer.catalog.hub.timed_calls import TimedCalls

ANSWER_S = 0.3
OK = b"HTTP/1.1 200 OK\r\n"
Sends = Callable[[socket.socket], None]


def drip(text: bytes) -> Sends:
    """Send a byte at a time, each before silence would be too long, and never the last."""

    def send(peer: socket.socket) -> None:
        for byte in text:
            peer.sendall(bytes([byte]))
            time.sleep(0.05)

    return send


def endless(text: bytes, start: bytes = b"") -> Sends:
    def send(peer: socket.socket) -> None:
        peer.sendall(start)
        while True:
            peer.sendall(text)
            time.sleep(0.001)

    return send


ENDLESS = {
    "a byte at a time": drip(OK + b"content-length: 4000\r\n\r\n" + b"{" * 4000),
    "a byte of a header at a time": drip(OK + b"x-a: " + b"a" * 4000),
    "endless 100 Continue": endless(b"HTTP/1.1 100 Continue\r\n\r\n"),
    "gzip of empty blocks": endless(
        b"a\r\n" + b"\0\0\0\xff\xff" * 2 + b"\r\n",
        OK
        + b"content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\na\r\n"
        # the header of gzip alone: an empty stored block adds nothing to what is decoded
        + gzip.compress(b"")[:10]
        + b"\r\n",
    ),
}


@contextmanager
def speaking(sends: Sends) -> Iterator[FakeHub]:
    """Serve raw bytes on a free port, whatever is asked."""
    listener, peers = socket.create_server(("127.0.0.1", 0)), list[socket.socket]()

    def serve() -> None:
        with suppress(OSError):  # the test is over, or the client hung up
            while True:
                peer, _ = listener.accept()
                peers.append(peer)
                threading.Thread(target=answer, args=(peer,), daemon=True).start()

    def answer(peer: socket.socket) -> None:
        with peer, suppress(OSError):
            peer.recv(65_536)
            sends(peer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield FakeHub(url=f"http://127.0.0.1:{listener.getsockname()[1]}")
    finally:
        listener.close()
        for peer in peers:
            with suppress(OSError):
                peer.shutdown(socket.SHUT_RDWR)


@pytest.mark.usefixtures("online")
@pytest.mark.parametrize("case", ENDLESS)
def test_an_answer_without_an_end_is_given_up(tmp_path: Path, case: str) -> None:
    with speaking(ENDLESS[case]) as server:
        hub = hub_of(server, tmp_path)
        patience = evolve(hub.settings.patience, answer_s=ANSWER_S, tries=1)
        hub.settings = evolve(hub.settings, patience=patience)
        with pytest.raises(HubFault, match=r"no whole answer in 0\.3 s") as caught:
            hub.snapshot(Repository(NAME))
        assert caught.value.code == "SZ716"


def test_weight_files_without_an_index_are_counted(server: FakeHub, tmp_path: Path) -> None:
    listed = tuple(f"model-{number}.safetensors" for number in range(10_267))
    server.repos[NAME] = Repo(files=llama().files, listed=listed)
    with pytest.raises(HubFault, match="10,268 weight files; at most 2,048") as caught:
        hub_of(server, tmp_path).snapshot(Repository(NAME))
    assert caught.value.code == "SZ720"
    assert server.count(".safetensors") == 0


def test_calls_end_when_they_are_stopped() -> None:
    calls, never, ends = TimedCalls(), threading.Event(), list[str]()

    def wait() -> None:
        try:
            calls.result(never.wait, 60)
        except BaseException as end:  # noqa: BLE001  # its kind is what is tested
            ends.append(type(end).__name__)

    waiting = [threading.Thread(target=wait) for _ in range(3)]
    for thread in waiting:
        thread.start()
    calls.stop()
    for thread in waiting:
        thread.join(10)
    assert ends == ["CancelledError"] * 3
    never.set()


def test_a_call_gives_what_it_returns_and_raises_what_it_raises() -> None:
    assert TimedCalls().result(lambda: 7, 10) == 7
    with pytest.raises(ZeroDivisionError):
        TimedCalls().result(lambda: 1 // 0, 10)
    with pytest.raises(TimeoutError):
        TimedCalls().result(threading.Event().wait, 0.01)
