"""What the environment says of the hub and of the cache; nothing is imported to know it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from attrs import field, frozen

PUBLIC = "https://huggingface.co"
ENDPOINT = "HF_ENDPOINT"
OFFLINE = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
CACHE = "SIZER_CACHE_DIR"
SCHEMES = ("http", "https")
_TRUE = frozenset({"1", "ON", "YES", "TRUE"})


@frozen
class Patience:
    """How often a request is tried, and how long is waited, in seconds.

    `first_wait_s` before the second try, doubled before each later one; `silence_s` for the next
    bytes, `answer_s` for a whole answer, at most `longest_wait_s` where the hub names a time.
    """

    tries: int = 3
    first_wait_s: float = 0.5
    silence_s: float = 10.0
    answer_s: float = 60.0
    longest_wait_s: float = 30.0


@frozen
class Settings:
    """Where the hub is, whether it may be asked, and where its answers are kept.

    `endpoint` may hold a password, so it is neither shown nor stored: `host` is.
    """

    endpoint: str = field(repr=False)
    offline: bool
    cache: Path
    patience: Patience = Patience()

    @property
    def host(self) -> str:
        """Return the host of the endpoint with its port, without user and password; "" for none."""
        try:
            parts = urlsplit(self.endpoint)
        except ValueError:
            return ""
        return parts.netloc.rpartition("@")[2].lower() if parts.scheme in SCHEMES else ""


def settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings of an environment: the hub client's own variables, and SIZER_CACHE_DIR.

    Without it the cache is `sizer` below XDG_CACHE_HOME, which is `~/.cache` by default.
    """
    said = next((environment[name] for name in OFFLINE if environment.get(name)), "")
    return Settings(
        endpoint=(environment.get(ENDPOINT) or PUBLIC).rstrip("/"),
        offline=said.upper() in _TRUE,
        cache=_cache(environment),
    )


def _cache(environment: Mapping[str, str]) -> Path:
    if environment.get(CACHE):
        return Path(environment[CACHE])
    base = environment.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")  # noqa: PTH111  # Path.expanduser raises where there is no home
    return Path(base) / "sizer"
