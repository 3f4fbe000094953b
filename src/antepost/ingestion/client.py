"""The one client that asks for facts: polite to hosts, patient with trouble, and never off to a private address.

A key travels in the request alone: it is added below the part of httpx that logs addresses, and is in no message.
"""

from __future__ import annotations

import ipaddress
import random
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.request import getproxies, proxy_bypass

import httpx

from antepost.domain.clock import Clock, SystemClock
from antepost.errors import SourceError, SourceUnreachable
from antepost.ingestion.memory import Remembered, recall, remember
from antepost.ingestion.pace import Host, Policy
from antepost.ingestion.unpack import refuse_large, unpacked
from antepost.settings import Settings

# No answer came at all, as against one that we did not like.
_NO_ROUTE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
_LATER = frozenset({408, 425, 429, 500, 502, 503, 504})
_PAGES = ("text/html", "application/xhtml+xml")
_DAY_S = 86400.0
_INWARD = (".localhost", ".local", ".internal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came, unpacked where it was gzipped; ``unchanged`` where the host said that we have it already."""

    data: bytes
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    unchanged: bool = False


class _Trouble(Exception):
    """An answer that may be another a little later; ``wait_s`` is what the host asks for."""

    def __init__(self, error: SourceError, wait_s: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.wait_s = wait_s


class Client:
    """Asks hosts, each at its pace; one serves a whole load, so that its hosts are known throughout.

    Args:
        settings: where answers are kept and asked after; without them, every answer comes anew.
        transport: how bytes travel; the default is the network, by the environment's proxy where it names one.
        clock: what time it is, for what is kept of an answer.
        jitter: a pause of at most so many seconds.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        *,
        policy: Policy | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Clock | None = None,
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
        jitter: Callable[[float], float] = lambda most: random.SystemRandom().uniform(0.0, most),
    ) -> None:
        self._settings = settings
        self._policy = policy or Policy()
        self._transport = transport
        self._clock = clock or SystemClock()
        self._sleep = sleep
        self._monotonic = monotonic
        self._jitter = jitter
        self._hosts: dict[str, Host] = {}

    def get(self, url: str, *, secure: bool = True, secret: Mapping[str, str] | None = None) -> Answer | None:
        """Return what is at ``url`` behind its redirects, None where there is nothing (404 or 410).

        Args:
            url: where to ask; it is logged and kept, so it holds no key.
            secure: whether only HTTPS will do; a mirror of one's own may be without.
            secret: the key as a parameter of the request, sent to this host alone.

        Raises:
            SourceUnreachable: there is no route; that is not tried again, since somebody waits to be told.
            SourceError: the host answered otherwise, too much, or not in time.
            DataError: a gzipped answer is cut off.
        """
        host = self._host(url)
        host.refuse_while_closed()
        held = recall(self._settings, url) if self._settings else None
        for tried in range(1, self._policy.tries + 1):
            try:
                answer = self._asked(url, held, secret or {}, secure=secure)
            except SourceUnreachable as error:
                host.failed(error)
                raise
            except _Trouble as trouble:
                wait = trouble.wait_s or 0.0
                if tried == self._policy.tries or wait > self._policy.most_patience_s:
                    host.failed(trouble.error, trouble.wait_s)
                    raise trouble.error from trouble
                self._sleep(wait + self._jitter(self._policy.backoff_s * 2 ** (tried - 1)))
            else:
                host.answered()
                return answer
        raise AssertionError("a policy allows at least one try")

    def _host(self, url: str) -> Host:
        name = _place(url)
        return self._hosts.setdefault(name, Host(name, self._policy, self._monotonic, self._sleep))

    def _asked(self, first: str, held: Remembered | None, secret: Mapping[str, str], *, secure: bool) -> Answer | None:
        url = first
        for _ in range(self._policy.most_redirects + 1):
            if secure and not url.startswith("https://"):
                raise SourceError(f"refusing to follow a redirect to {url}: it is not HTTPS", url=url)
            key = secret if _place(url) == _place(first) else dict[str, str]()
            headers = dict(held.headers) if held else {}
            try:
                with (
                    self._host(url).turn(),
                    self._open(url, key) as client,
                    client.stream("GET", url, headers=headers) as response,
                ):
                    if response.next_request is None:
                        return self._taken(first, response, held, headers)
                    following = _without(str(response.next_request.url), secret)
            except _NO_ROUTE as error:
                told = _without(str(error), secret)
                raise SourceUnreachable(f"no route to {url} ({told})", url=url) from None
            except (httpx.HTTPError, httpx.InvalidURL) as error:
                told = _without(repr(error), secret)
                raise _Trouble(SourceError(f"{url} broke off: {told}; try again", url=url)) from None
            if _place(following) != _place(url) and self._is_private(httpx.URL(following).host):
                raise SourceError(f"refusing to follow a redirect to {following}: a private address", url=following)
            url = following
        raise SourceError(f"{first} is behind more than {self._policy.most_redirects} redirects", url=first)

    def _open(self, url: str, key: Mapping[str, str]) -> httpx.Client:
        # A given transport replaces the environment's proxies as well, so that nothing else is asked.
        transport = _Keyed(self._transport or _network(url), key) if key else self._transport
        timeout = httpx.Timeout(self._policy.silence_s, connect=self._policy.connect_s)
        return httpx.Client(transport=transport, timeout=timeout, headers={"User-Agent": "antepost"})

    def _taken(
        self, url: str, response: httpx.Response, held: Remembered | None, headers: Mapping[str, str]
    ) -> Answer | None:
        status = response.status_code
        if status == 304 and held:
            return Answer(data=held.data, headers=dict(response.headers), unchanged=True)
        if status in {404, 410}:
            return None
        if status in _LATER:
            wait_s = self._retry_after(response)
            error = SourceError(f"{url} answered {status}; try again later", status=status, wait_s=wait_s)
            raise _Trouble(error, wait_s)
        if status != 200:
            why = "; it wants a key, or another" if status in {401, 403} else "; try again later"
            raise SourceError(f"{url} answered {status}{why}", status=status)
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind in _PAGES:
            raise SourceError(f"{url} answered with a web page ({kind}), not with data", url=url)
        data = unpacked(self._body(response, url), url)
        if self._settings:
            told = {**headers, "User-Agent": "antepost"}
            remember(self._settings, url, data, told, dict(response.headers), self._clock.now())
        return Answer(data=data, headers=dict(response.headers))

    def _body(self, response: httpx.Response, url: str) -> bytes:
        body = bytearray()
        ends = self._monotonic() + self._policy.longest_s
        for chunk in response.iter_bytes():
            body += chunk
            refuse_large(len(body), url, self._policy.most_bytes)
            if self._monotonic() > ends:
                raise SourceError(f"{url} takes longer than {self._policy.longest_s:.0f} s; try again later", url=url)
        return bytes(body)

    def _retry_after(self, response: httpx.Response) -> float | None:
        """Return for how many seconds the host asks to be left alone; it may say a moment as well."""
        told = response.headers.get("retry-after", "").strip()
        if told.isdecimal():
            return min(float(told), _DAY_S)
        try:
            moment = parsedate_to_datetime(told)
        except (ValueError, TypeError, IndexError, OverflowError):
            return None
        aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return min(max(0.0, (aware - self._clock.now()).total_seconds()), _DAY_S)

    def _is_private(self, host: str) -> bool:
        """Return whether ``host`` is, or stands for, an address that is not of the public network.

        A name that cannot be looked up here is left to whoever carries the bytes (a proxy); with a transport of its
        own, a client looks nothing up.
        """
        bare = host.strip("[]").rstrip(".").lower()
        if bare == "localhost" or bare.endswith(_INWARD):
            return True
        try:
            found = [ipaddress.ip_address(bare)]
        except ValueError:
            try:
                listed = [] if self._transport else socket.getaddrinfo(bare, None)
            except (OSError, UnicodeError):
                listed = []
            found = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in listed]
        plain = [getattr(address, "ipv4_mapped", None) or address for address in found]
        return any(not address.is_global or address.is_multicast for address in plain)


class _Keyed(httpx.BaseTransport):
    """Adds the key to a request once httpx has logged it without."""

    def __init__(self, road: httpx.BaseTransport, key: Mapping[str, str]) -> None:
        self._road = road
        self._key = dict(key)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_merge_params(self._key)
        keyed = httpx.Request(
            request.method, url, headers=request.headers, stream=request.stream, extensions=request.extensions
        )
        return self._road.handle_request(keyed)

    def close(self) -> None:
        self._road.close()


def _network(url: str) -> httpx.BaseTransport:
    parsed = httpx.URL(url)
    return httpx.HTTPTransport(proxy=None if proxy_bypass(parsed.host) else getproxies().get(parsed.scheme))


def _place(url: str) -> str:
    parsed = httpx.URL(url)
    return f"{parsed.host}:{parsed.port}" if parsed.port else parsed.host


def _without(text: str, secret: Mapping[str, str]) -> str:
    for value in secret.values():
        text = text.replace(value, "***")
    return text
