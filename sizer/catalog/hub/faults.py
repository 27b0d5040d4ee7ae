"""Everything that can go wrong with the hub, each with its code and what to do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from sizer.catalog.hub.repository import Repository
from sizer.catalog.lookup import Unknown

NOT_FOUND = "SZ711"
NO_REVISION = "SZ712"
NO_TOKEN = "SZ713"  # noqa: S105  # a code, no secret
BAD_TOKEN = "SZ714"  # noqa: S105  # the same
NO_ACCESS = "SZ715"
UNREACHABLE = "SZ716"
OFFLINE = "SZ717"
RATE_LIMIT = "SZ718"
OUT_OF_ORDER = "SZ719"
BROKEN = "SZ720"
TOO_LARGE = "SZ721"
ASTRAY = "SZ722"
NO_MODEL = "SZ723"

_RESET = re.compile(r";\s*t=(\d+)")
TOKENS = "tokens are made at https://huggingface.co/settings/tokens"


class HubFault(Unknown):
    """Why the hub did not answer; `passing` faults may be gone after `wait_s` seconds."""

    def __init__(
        self,
        code: str,
        message: str,
        help: str,  # noqa: A002  # a diagnostic's own word
        *,
        passing: bool = False,
        wait_s: float | None = None,
    ) -> None:
        super().__init__(message, code=code, help=help)
        self.passing = passing
        self.wait_s = wait_s

    def about(self, name: str, near: Callable[[], tuple[str, ...]]) -> HubFault:
        """Return the fault as it is told to who asked for a model, with names that are near."""
        lost = self.code in {UNREACHABLE, RATE_LIMIT, OUT_OF_ORDER}
        said = f"{name} is in neither catalog nor cache, and {self}" if lost else str(self)
        told = HubFault(str(self.code), said, str(self.help))
        told.near = near
        return told


def refused(
    status: int, headers: Mapping[str, str], what: Repository, *, token: bool
) -> HubFault | None:
    """Return the fault that an answer's status and headers say, None where it is no fault.

    The hub answers 401 for what does not exist too, so that nobody learns which names are taken.
    """
    if status < 400:
        return None
    if status == 407:
        help_ = "HTTPS_PROXY may hold a user and a password: http://user:password@host:port"
        return HubFault(UNREACHABLE, "the proxy lets nothing through: it answers 407", help_)
    if status == 429:
        return _rate_limit(what, headers)
    if status >= 500:
        return _out_of_order(status, what, headers)
    if status in {401, 403, 404}:
        return _no_entry(status, headers, what, token=token)
    return HubFault(BROKEN, f"the hub answers {status} for {what}", "is HF_ENDPOINT a hub?")


def offline(what: Repository) -> HubFault:
    """Return the fault of a model that is not kept here while the hub may not be asked."""
    help_ = f"`sizer fetch {what}` where there is a network, or name a path to its config.json"
    said = f"{what} is in neither catalog nor cache, and HF_HUB_OFFLINE is set"
    return HubFault(OFFLINE, said, help_)


def unreachable(host: str, why: str) -> HubFault:
    """Return the fault of a hub that cannot be reached."""
    help_ = "check the network, HF_ENDPOINT and proxies; catalog and cache need none of them"
    return HubFault(UNREACHABLE, f"{host} cannot be reached: {why}", help_, passing=True)


def nowhere() -> HubFault:
    """Return the fault of an endpoint that is no address."""
    help_ = "like https://huggingface.co, which it is when HF_ENDPOINT is not set"
    return HubFault(UNREACHABLE, "HF_ENDPOINT is no web address", help_)


def broken(what: str, why: str, *, passing: bool = False) -> HubFault:
    """Return the fault of an answer that cannot be read."""
    help_ = "if HF_ENDPOINT names a mirror, ask the hub itself"
    return HubFault(BROKEN, f"{what}: {why}", help_, passing=passing)


def too_large(what: str, most: int) -> HubFault:
    """Return the fault of an answer that is larger than anything honest."""
    help_ = "no model's own file of this kind is so large; name a path to its config.json instead"
    return HubFault(TOO_LARGE, f"{what}: more than {most:,} bytes", help_)


def astray(what: str, why: str) -> HubFault:
    """Return the fault of an answer that leads where nothing may be read or sent."""
    return HubFault(ASTRAY, f"{what}: {why}", "the hub does not do this; is HF_ENDPOINT a hub?")


def no_model(what: Repository, why: str, help_: str) -> HubFault:
    """Return the fault of a repository that holds no model to size."""
    return HubFault(NO_MODEL, f"{what}: {why}", help_)


def _no_entry(
    status: int, headers: Mapping[str, str], what: Repository, *, token: bool
) -> HubFault:
    code, said = headers.get("x-error-code", ""), headers.get("x-error-message", "")
    if code == "RevisionNotFound":
        help_ = "a revision is a branch, a tag or a commit of the repository"
        return HubFault(NO_REVISION, f"{what.name} has no revision {what.revision!r}", help_)
    if code == "GatedRepo":
        return _gated(what, token=token)
    if status == 401 and token and (code != "RepoNotFound" or "redential" in said):
        return HubFault(BAD_TOKEN, f"the hub refuses the token for {what.name}", TOKENS)
    if status == 403:
        help_ = "ask the owner of the repository for access, or use another token"
        return HubFault(NO_ACCESS, f"this token may not read {what.name}", help_)
    return _not_found(what, token=token)


def _not_found(what: Repository, *, token: bool) -> HubFault:
    if token:
        help_ = "check the spelling; a private repository needs a token that may read it"
    else:
        help_ = "check the spelling; a private repository needs HF_TOKEN"
    return HubFault(NOT_FOUND, f"the hub has no model {what.name!r}", help_)


def _gated(what: Repository, *, token: bool) -> HubFault:
    if not token:
        return HubFault(NO_TOKEN, f"{what.name} is gated: it needs HF_TOKEN", TOKENS)
    help_ = f"ask for access on the page of {what.name}"
    return HubFault(NO_ACCESS, f"{what.name} is gated, and this token has no access", help_)


def _rate_limit(what: Repository, headers: Mapping[str, str]) -> HubFault:
    help_ = "wait some minutes; with HF_TOKEN the limit is higher"
    said = f"the hub limits requests: no answer for {what}"
    return HubFault(RATE_LIMIT, said, help_, passing=True, wait_s=_wait_s(headers))


def _out_of_order(status: int, what: Repository, headers: Mapping[str, str]) -> HubFault:
    said = f"the hub is out of order: it answers {status} for {what}"
    help_ = "https://status.huggingface.co tells how it is; try again later"
    return HubFault(OUT_OF_ORDER, said, help_, passing=True, wait_s=_wait_s(headers))


def _wait_s(headers: Mapping[str, str]) -> float | None:
    """Return how long the hub wants a client to wait, in seconds: by either of its headers."""
    text = headers.get("retry-after", "")
    limits = _RESET.search(headers.get("ratelimit", ""))
    text = limits[1] if limits and not text else text
    return float(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
