"""Bronze: bytes as they came, named by their SHA-256, compressed by nobody and changed by nobody."""

from __future__ import annotations

import hashlib
from pathlib import Path

from antepost.errors import DataError
from antepost.lake.files import write_whole
from antepost.settings import Settings


def store(settings: Settings, data: bytes) -> str:
    """Return the SHA-256 under which ``data`` is now kept; storing the same bytes again changes nothing.

    A file of that name with other bytes (a disk fault) is replaced, since ``data`` is known to be right.
    """
    sha = hashlib.sha256(data).hexdigest()
    path = path_of(settings, sha)
    if not path.is_file() or path.read_bytes() != data:
        write_whole(path, data)
    return sha


def read(settings: Settings, sha: str) -> bytes:
    """Return the bytes kept under ``sha``, checked against it.

    Raises:
        DataError: they are not there, or are no longer those that were stored.
    """
    path = path_of(settings, sha)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"no raw bytes {sha} at {path}; copy them there or ingest again", raw=sha) from None
    if hashlib.sha256(data).hexdigest() != sha:
        raise DataError(f"the bytes at {path} are not those stored as {sha}; restore the file", raw=sha)
    return data


def path_of(settings: Settings, sha: str) -> Path:
    """Return where the bytes called ``sha`` lie."""
    return settings.bronze / sha[:2] / sha
