"""Bytes of a part from a mirror, or from upstream over HTTPS; nothing is parsed here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx

from antepost.errors import SourceAbsent, SourceError, SourceUnreachable
from antepost.ingestion.bundle import bundle
from antepost.ingestion.client import Answer, Client
from antepost.ingestion.source import Part, Source
from antepost.ingestion.unpack import MOST_BYTES, refuse_large, unpacked
from antepost.settings import Settings

_LEFT, _COST = "x-requests-remaining", "x-requests-last"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A payload as it came (unpacked where it was gzipped), and from where.

    ``unchanged`` says that the host had nothing new, ``quota`` how many requests it still allows, where it tells, and
    ``cost`` how many of them this one counted for.
    """

    data: bytes
    origin: str
    unchanged: bool = False
    quota: int | None = None
    cost: int | None = None


def fetch(
    source: Source,
    part: Part,
    mirror: str | None = None,
    transport: httpx.BaseTransport | None = None,
    *,
    client: Client | None = None,
    settings: Settings | None = None,
) -> Fetched:
    """Return the payload of a ``part`` of ``source`` from ``mirror``, a folder or URL, else from its upstream.

    A part with others beside it comes as a bundle of all. A built-in source answers for itself. ``client`` knows its
    hosts from earlier requests; without one, a new one asks over ``transport``, whose default is the network.
    ``settings`` hold the key where upstream wants one; a mirror never gets it.

    Raises:
        SourceUnreachable: there is no mirror, and no route to upstream.
        SourceAbsent: the mirror, or upstream, has no such file; or there is no key to ask with.
        SourceError: the answer is refused, too large or not over HTTPS.
        DataError: a gzipped file is cut off.
    """
    if source.generate is not None:
        return Fetched(data=source.generate(), origin="built in")
    asker = client or Client(transport=transport)
    files = (part, *part.beside)
    came = [_one(source, file, mirror, asker, settings) for file in files]
    if len(came) == 1:
        return came[0]
    return Fetched(data=bundle([file.data for file in came]), origin=came[0].origin)


def parts_at(source: Source, year: int, mirror: str | None, recordings: Path) -> list[tuple[Part, str | None]]:
    """Return the parts there may be in ``year``, each with the mirror to ask for it.

    The files of a source's folder are found where they lie: among this home's ``recordings``, and in a mirror that is
    a folder. A name in both is the recordings'.
    """
    found = [(part, mirror) for part in source.parts(year)]
    if source.folder is None:
        return found
    named = {part.name for part, _ in found}
    for root in (recordings, *_folders(mirror)):
        for path in sorted((root / source.folder.path).glob(f"*{source.folder.ending}")):
            part = source.folder.part(path.name.removesuffix(source.folder.ending))
            if part.name not in named:
                named.add(part.name)
                found.append((part, str(root)))
    return found


def _folders(mirror: str | None) -> list[Path]:
    return [] if mirror is None or mirror.startswith(("http://", "https://")) else [_root(mirror)]


def _root(mirror: str) -> Path:
    return Path(mirror.removeprefix("file://")).expanduser()


def _one(source: Source, part: Part, mirror: str | None, client: Client, settings: Settings | None) -> Fetched:
    if mirror is None:
        return _from_upstream(source, part, client, settings)
    if mirror.startswith(("http://", "https://")):
        return _from_url(part.path, mirror, client)
    return _from_folder(part.path, _root(mirror))


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
        refuse_large(size, str(path))
        return Fetched(data=unpacked(data, str(path)), origin=str(path))
    if not root.is_dir():
        raise SourceAbsent(f"the mirror {root} is no folder; name one that is there, or none", mirror=str(root))
    raise SourceAbsent(
        f"the mirror {root} has no {template} (nor .gz); put it there, or name no mirror to fetch upstream",
        mirror=str(root),
    )


def _from_url(template: str, mirror: str, client: Client) -> Fetched:
    plain = f"{mirror.rstrip('/')}/{template}"
    for url in (plain, f"{plain}.gz"):
        try:
            answer = client.get(url, secure=mirror.startswith("https://"))
        except SourceUnreachable as error:
            raise SourceError(f"the mirror {mirror} does not answer: {error}", mirror=mirror) from error
        if answer is not None:
            return _fetched(answer, url)
    raise SourceAbsent(f"the mirror {mirror} has no {template} (nor .gz); put it there", mirror=mirror)


def _from_upstream(source: Source, part: Part, client: Client, settings: Settings | None) -> Fetched:
    if part.url is None:
        raise SourceAbsent(
            f"{part.name} of {source.name} has no upstream that can be asked; name a mirror by ANTEPOST_MIRROR",
            source=source.name,
        )
    try:
        answer = client.get(part.url, secret=_key(source, part, settings))
    except SourceUnreachable as error:
        raise SourceUnreachable(f"{error}; connect, or name a mirror by ANTEPOST_MIRROR", source=source.name) from error
    if answer is None:
        raise SourceAbsent(f"{part.url} is gone (404); look where {source.name} moved", source=source.name)
    return _fetched(answer, part.url)


def _key(source: Source, part: Part, settings: Settings | None) -> Mapping[str, str]:
    if part.key is None:
        return {}
    held = settings.key(part.key.setting) if settings else None
    if not held:
        name = f"ANTEPOST_{part.key.setting.upper()}"
        raise SourceAbsent(f"{source.name} wants a key: set {name}, or name a mirror", source=source.name)
    return {part.key.parameter: held}


def _fetched(answer: Answer, origin: str) -> Fetched:
    told = {name.lower(): value for name, value in answer.headers.items()}
    return Fetched(
        data=answer.data,
        origin=origin,
        unchanged=answer.unchanged,
        quota=_count(told.get(_LEFT, "")),
        cost=_count(told.get(_COST, "")),
    )


def _count(told: str) -> int | None:
    whole = told.partition(".")[0]
    return int(whole) if whole.isdecimal() else None
