"""A hub on this machine, for tests of the catalog."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hub_server import NAME, TOKEN, FakeHub, llama, serving


@pytest.fixture
def online(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the client ask, with a token."""
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_TOKEN", TOKEN)


@pytest.fixture
def server(online: None) -> Iterator[FakeHub]:  # noqa: ARG001  # a fixture that acts
    """Serve one small model."""
    with serving(FakeHub({NAME: llama()})) as hub:
        yield hub
