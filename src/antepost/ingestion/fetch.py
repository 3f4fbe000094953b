"""Bytes from a mirror, or from upstream over HTTPS; nothing is parsed or stored here."""

from __future__ import annotations

import gzip
import io
import zlib
from dataclasses import dataclass
from pathlib import Path

import httpx

from antepost.errors import DataError, SourceAbsent, SourceError, SourceUnreachable
from antepost.ingestion.bundle import bundle
from antepost.ingestion.source import Part, Source

MOST_BYTES = 50 * 1024 * 1024
MOST_REDIRECTS = 5
TIMEOUT = httpx.Timeout(30.0, connect=10.0)

# No answer came at all, as against one that we did not like.
_NO_ROUTE = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A payload as it came (unpacked where it was gzipped), and from where."""

    data: bytes
    origin: str


def fetch(
    source: Source, part: Part, mirror: str | None = None, transport: httpx.BaseTransport | None = None
) -> Fetched:
    """Return the payload of a ``part`` of ``source`` from ``mirror``, a folder or URL, else from its upstream.

    A part with others beside it comes as a bundle of all. A built-in source answers for itself. ``transport`` is how
    bytes travel; the default is the network.

    Raises:
        SourceUnreachable: there is no mirror, and no route to upstream.
        SourceAbsent: the mirror, or upstream, has no such file.
        SourceError: the answer is refused, too large or not over HTTPS.
        DataError: a gzipped file is cut off.
    """
    if source.generate is not None:
        return Fetched(data=source.generate(), origin="built in")
    if part.beside:
        came = [_one(source, file, mirror, transport) for file in (part, *part.beside)]
        return Fetched(data=bundle([file.data for file in came]), origin=came[0].origin)
    return _one(source, part, mirror, transport)


def _one(source: Source, part: Part, mirror: str | None, transport: httpx.BaseTransport | None) -> Fetched:
    if mirror is None:
        return _from_upstream(source, part, transport)
    if mirror.startswith(("http://", "https://")):
        return _from_url(part.path, mirror, transport)
    return _from_folder(part.path, Path(mirror.removeprefix("file://")).expanduser())


def _from_folder(template: str, root: Path) -> Fetched:
    plain = root / template
    for path in (plain, plain.with_name(plain.name + ".gz")):
        try:
            size = path.stat().st_size
            data = path.read_bytes() if size <= MOST_BYTES else b""
        except (FileNotFoundError, NotADirectoryError):
            continue
        except OSError as error:
            raise SourceError(f"mirror file {path} cannot be read: {error.strerror}", path=str(path)) from error
        _refuse_large(size, str(path))
        return Fetched(data=_unpacked(data, str(path)), origin=str(path))
    raise SourceAbsent(
        f"the mirror {root} has no {template} (nor .gz); put it there, or unset ANTEPOST_MIRROR to fetch upstream",
        mirror=str(root),
    )


def _from_url(template: str, mirror: str, transport: httpx.BaseTransport | None) -> Fetched:
    plain = f"{mirror.rstrip('/')}/{template}"
    with _client(transport) as client:
        for url in (plain, f"{plain}.gz"):
            try:
                data = _download(client, url, secure=mirror.startswith("https://"))
            except _NO_ROUTE as error:
                raise SourceError(f"the mirror {mirror} does not answer: {error}", mirror=mirror) from error
            if data is not None:
                return Fetched(data=_unpacked(data, url), origin=url)
    raise SourceAbsent(f"the mirror {mirror} has no {template} (nor .gz); put it there", mirror=mirror)


def _from_upstream(source: Source, part: Part, transport: httpx.BaseTransport | None) -> Fetched:
    if part.url is None:
        raise SourceAbsent(
            f"{part.name} of {source.name} has no upstream that can be asked; name a mirror by ANTEPOST_MIRROR",
            source=source.name,
        )
    with _client(transport) as client:
        try:
            data = _download(client, part.url, secure=True)
        except _NO_ROUTE as error:
            raise SourceUnreachable(
                f"no route to {part.url} ({error}); connect, or name a mirror by ANTEPOST_MIRROR",
                source=source.name,
            ) from error
    if data is None:
        raise SourceAbsent(f"{part.url} is gone (404); look where {source.name} moved", source=source.name)
    return Fetched(data=_unpacked(data, part.url), origin=part.url)


def _client(transport: httpx.BaseTransport | None) -> httpx.Client:
    # A given transport replaces the environment's proxies as well, so that nothing else is asked.
    return httpx.Client(transport=transport, timeout=TIMEOUT, headers={"User-Agent": "antepost"})


def _download(client: httpx.Client, url: str, *, secure: bool) -> bytes | None:
    """Return the body at ``url`` behind its redirects, or None where there is none (404)."""
    for _ in range(MOST_REDIRECTS + 1):
        if secure and not url.startswith("https://"):
            raise SourceError(f"refusing to follow a redirect to {url}: it is not HTTPS", url=url)
        try:
            with client.stream("GET", url) as response:
                if response.next_request is not None:
                    url = str(response.next_request.url)
                    continue
                return _body(response, url)
        except _NO_ROUTE:
            raise
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(f"{url} broke off: {error!r}; try again", url=url) from error
    raise SourceError(f"{url} is behind more than {MOST_REDIRECTS} redirects", url=url)


def _body(response: httpx.Response, url: str) -> bytes | None:
    if response.status_code == 404:
        return None
    if response.status_code != 200:
        raise SourceError(f"{url} answered {response.status_code}; try again later", status=response.status_code)
    body = bytearray()
    for chunk in response.iter_bytes():
        body += chunk
        _refuse_large(len(body), url)
    return bytes(body)


def _unpacked(data: bytes, where: str) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            plain = file.read(MOST_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{where} is cut off or no gzip file ({error}); fetch it again", where=where) from error
    _refuse_large(len(plain), where)
    return plain


def _refuse_large(size: int, where: str) -> None:
    if size > MOST_BYTES:
        raise SourceError(f"{where} is larger than {MOST_BYTES >> 20} MiB; it is not the feed we know", where=where)
