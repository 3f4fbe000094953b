"""What was answered before: raw bytes once by their hash, and beside them the request, the headers and the time.

``bronze/ab/abcd….json`` tells how the bytes of that name first came. ``bronze/asked/`` holds, for every address, its
newest answer's validators. No key is in either, since none is in an address.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pydantic import BaseModel, ValidationError

from antepost.errors import DataError
from antepost.lake import raw
from antepost.lake.store import store_of
from antepost.settings import Settings

_CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
_PRIVATE = frozenset({"set-cookie", "set-cookie2"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """An answer we have: its bytes, and the headers that ask for another only if there is one."""

    data: bytes
    headers: Mapping[str, str]


class _Record(BaseModel):
    url: str
    request: dict[str, str]
    response: dict[str, str]
    received_at: datetime
    raw: str


def recall(settings: Settings, url: str) -> Remembered | None:
    """Return the newest answer of ``url``, None where there is none, or none that can be asked after."""
    try:
        record = _Record.model_validate_json(store_of(settings).read(_asked(url)))
        headers = {ours: record.response[theirs] for theirs, ours in _CONDITIONS.items() if theirs in record.response}
        return Remembered(data=raw.read(settings, record.raw), headers=headers) if headers else None
    except (OSError, ValidationError, DataError):
        # A record that is gone or damaged costs one download.
        return None


def remember(
    settings: Settings,
    url: str,
    data: bytes,
    request: Mapping[str, str],
    response: Mapping[str, str],
    received_at: datetime,
) -> str:
    """Return the SHA-256 under which ``data`` is kept, with how it came beside it."""
    sha = raw.store(settings, data)
    told = {name.lower(): value for name, value in response.items() if name.lower() not in _PRIVATE}
    record = _Record(url=url, request=dict(request), response=told, received_at=received_at, raw=sha)
    text = json.dumps(record.model_dump(mode="json"), indent=1, sort_keys=True).encode()
    store = store_of(settings)
    with suppress(FileExistsError):
        store.create(record_of(sha), text)
    store.write(_asked(url), text)
    return sha


def record_of(sha: str) -> str:
    """Return where in the lake it is told how the bytes called ``sha`` came."""
    return f"{raw.name_of(sha)}.json"


def _asked(url: str) -> str:
    return f"bronze/asked/{hashlib.sha256(url.encode()).hexdigest()}.json"
