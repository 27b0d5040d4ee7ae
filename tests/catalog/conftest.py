"""A hub on this machine, for tests of the catalog."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hub_server import NAME, TOKEN, FakeHub, llama, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeHub]:
    """Serve one small model, to a client that may ask and has a token."""
    constants = pytest.importorskip("huggingface_hub.constants")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    monkeypatch.setenv("HF_TOKEN", TOKEN)
    with serving(FakeHub({NAME: llama()})) as hub:
        yield hub
