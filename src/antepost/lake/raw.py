"""Bronze: bytes as they came, named by their SHA-256, compressed by nobody and changed by nobody."""

from __future__ import annotations

import hashlib

from antepost.errors import DataError
from antepost.lake.store import store_of
from antepost.settings import Settings


def store(settings: Settings, data: bytes) -> str:
    """Return the SHA-256 under which ``data`` is now kept; storing the same bytes again changes nothing.

    A file of that name with other bytes (a disk fault) is replaced, since ``data`` is known to be right.
    """
    sha = hashlib.sha256(data).hexdigest()
    store = store_of(settings)
    if not store.holds(name_of(sha), data):
        store.write(name_of(sha), data)
    return sha


def read(settings: Settings, sha: str) -> bytes:
    """Return the bytes kept under ``sha``, checked against it.

    Raises:
        DataError: they are not there, or are no longer those that were stored.
    """
    store = store_of(settings)
    where = store.where(name_of(sha))
    try:
        data = store.read(name_of(sha))
    except FileNotFoundError:
        raise DataError(f"no raw bytes {sha} at {where}; copy them there or ingest again", raw=sha) from None
    if hashlib.sha256(data).hexdigest() != sha:
        raise DataError(f"the bytes at {where} are not those stored as {sha}; restore the file", raw=sha)
    return data


def name_of(sha: str) -> str:
    """Return where in the lake the bytes called ``sha`` lie."""
    return f"bronze/{sha[:2]}/{sha}"
