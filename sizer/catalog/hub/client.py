"""Requests to the hub through huggingface_hub's own session: bounded, patient, careful.

The session brings proxies and certificates, the headers bring the token. Sizes, time, retries
and redirects are bounded here: an answer is read up to a limit, its time counts from the request
to the last byte, and the token goes to the endpoint alone.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

from attrs import define, field

from sizer.catalog.hub import faults
from sizer.catalog.hub.faults import HubFault
from sizer.catalog.hub.repository import Repository
from sizer.catalog.hub.settings import Settings
from sizer.catalog.hub.timed_calls import TimedCalls

Tell = Callable[[str], None]
MOST_REDIRECTS = 5
PARTIAL = 206
SECRETS = ("authorization", "cookie")
USER_AGENT = "fleet-sizer"


@define
class Client:
    """Asks one hub, by `own_token` or else by HF_TOKEN."""

    settings: Settings
    tell: Tell
    own_token: str | None = field(default=None, repr=False)
    _headers: Mapping[str, str] | None = field(default=None, init=False, repr=False)
    _calls: TimedCalls = field(factory=TimedCalls, init=False, repr=False)

    @property
    def token(self) -> bool:
        """Return whether requests carry a token."""
        return "authorization" in self.headers

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what every request to the endpoint carries; raises HubFault for a bad token."""
        if self._headers is None:
            self._headers = _headers(self.own_token)
        return self._headers

    def stop(self) -> None:
        """Give up every request that is under way; what asks again ends in CancelledError."""
        self._calls.stop()

    def about(self, what: Repository, most: int) -> bytes:
        """Return what the hub says of a repository, as JSON."""
        revision = quote(what.revision, safe="")
        url = f"{self.settings.endpoint}/api/models/{what.name}/revision/{revision}?blobs=true"
        return self._patiently(url, what, str(what), most)

    def file(self, what: Repository, name: str, most: int) -> bytes:
        """Return a whole file; raises HubFault, also for one of more than `most` bytes."""
        return self._patiently(self._url(what, name), what, f"{name} of {what.name}", most)

    def part(self, what: Repository, name: str, start: int, count: int) -> bytes:
        """Return so many bytes of a file, fewer at its end; the rest is never read."""
        span = {"Range": f"bytes={start}-{start + count - 1}"}
        url, shown = self._url(what, name), f"{name} of {what.name}"
        return self._patiently(url, what, shown, count, span)

    def _url(self, what: Repository, name: str) -> str:
        revision = quote(what.revision, safe="")
        return f"{self.settings.endpoint}/{what.name}/resolve/{revision}/{quote(name)}"

    def _patiently(
        self,
        url: str,
        what: Repository,
        shown: str,
        most: int,
        span: Mapping[str, str] | None = None,
    ) -> bytes:
        wait_s = self.settings.patience.first_wait_s
        for attempt in range(1, self.settings.patience.tries + 1):
            try:
                return self._in_time(partial(self._once, url, what, shown, most, span))
            except HubFault as fault:
                asked_s = fault.wait_s if fault.wait_s is not None else wait_s
                last = attempt == self.settings.patience.tries
                if not fault.passing or last or asked_s > self.settings.patience.longest_wait_s:
                    raise
                again = f"again in {asked_s:g} s ({attempt + 1} of {self.settings.patience.tries})"
                self.tell(f"{fault}; {again}")
            self._calls.pause(asked_s)
            wait_s *= 2
        raise AssertionError("the last try returns or raises")

    def _in_time(self, request: Callable[[], bytes]) -> bytes:
        """Return an answer that is whole in time, headers and redirects included."""
        answer_s = self.settings.patience.answer_s
        try:
            return self._calls.result(request, answer_s)
        except TimeoutError:
            said = f"no whole answer in {answer_s:g} s"
            raise faults.unreachable(self.settings.host, said) from None

    def _once(
        self, url: str, what: Repository, shown: str, most: int, span: Mapping[str, str] | None
    ) -> bytes:
        headers: Mapping[str, str] = {**self.headers, **(span or {})}
        for _ in range(MOST_REDIRECTS + 1):
            with self._sent(url, headers) as answer:
                target = answer.headers.get("location")
                if 300 <= answer.status_code < 400 and target:
                    url, headers = _redirected(url, target, headers, shown)
                    continue
                fault = faults.refused(answer.status_code, answer.headers, what, token=self.token)
                if fault is not None:
                    raise fault
                return self._body(answer, shown, most, span)
        raise faults.astray(shown, f"more than {MOST_REDIRECTS} redirects")

    def _body(self, answer: Any, shown: str, most: int, span: Mapping[str, str] | None) -> bytes:
        """Return the answer's content; of a part that was sent whole, only that part."""
        whole = answer.status_code != PARTIAL and span is not None
        if span is not None and whole and not span["Range"].startswith("bytes=0-"):
            raise faults.broken(shown, "the hub does not send parts of files")
        ends, content = time.monotonic() + self.settings.patience.answer_s, bytearray()
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > most and span is None:
                raise faults.too_large(shown, most)
            if len(content) >= most and span is not None:
                return bytes(content[:most])
            if time.monotonic() > ends:
                raise TimeoutError  # nobody waits any more: end the thread, close the connection
        return bytes(content)

    @contextmanager
    def _sent(self, url: str, headers: Mapping[str, str]) -> Iterator[Any]:
        """Send a request; whatever the network does becomes a fault, without the token in it."""
        from huggingface_hub import get_session  # noqa: PLC0415  # a third of a second

        http, silence_s = _transport(), self.settings.patience.silence_s
        try:
            with get_session().stream(
                "GET", url, headers=headers, timeout=silence_s, follow_redirects=False
            ) as answer:
                yield answer
        except (http.RemoteProtocolError, http.DecodingError):
            shown = f"the answer of {urlsplit(url).hostname}"
            raise faults.broken(shown, "it is cut off or garbled", passing=True) from None
        except (http.HTTPError, http.InvalidURL, OSError, ValueError, ImportError) as error:
            why = _without_secrets(f"{type(error).__name__}: {error}", self.headers)
            raise faults.unreachable(urlsplit(url).hostname or "the hub", why) from None


def _transport() -> Any:
    """Return the library that huggingface_hub's session is of: httpx, since its 2.0 httpx2."""
    from huggingface_hub.errors import HfHubHTTPError  # noqa: PLC0415  # a third of a second

    return sys.modules[HfHubHTTPError.__bases__[0].__module__.partition(".")[0]]


def _headers(own_token: str | None) -> Mapping[str, str]:
    from huggingface_hub import constants, get_token  # noqa: PLC0415  # a third of a second

    token = own_token
    if token is None and not constants.HF_HUB_DISABLE_IMPLICIT_TOKEN:
        token = get_token()
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        named = "HF_TOKEN" if own_token is None else "hf_token"
        said = f"{named} holds characters that no token has"
        raise HubFault(faults.BAD_TOKEN, said, faults.TOKENS)
    bearer = {"authorization": f"Bearer {token}"} if token else {}
    return {"user-agent": USER_AGENT, **bearer}


def _redirected(
    url: str, target: str, headers: Mapping[str, str], shown: str
) -> tuple[str, Mapping[str, str]]:
    """Return where an answer leads and what may be sent there: to another origin, no secret."""
    try:
        there = urljoin(url, target)
        here, goal = urlsplit(url), urlsplit(there)
    except ValueError:
        raise faults.astray(shown, "a redirect to what is no address") from None
    if goal.scheme not in {"http", "https"} or (here.scheme, goal.scheme) == ("https", "http"):
        raise faults.astray(shown, f"a redirect from {here.scheme} to {goal.scheme or 'nothing'}")
    if (here.scheme, here.netloc) == (goal.scheme, goal.netloc):
        return there, headers
    return there, {name: value for name, value in headers.items() if name not in SECRETS}


def _without_secrets(text: str, headers: Mapping[str, str]) -> str:
    secret = headers.get("authorization", "").rpartition(" ")[2]
    return text.replace(secret, "***") if secret else text
