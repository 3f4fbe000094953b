"""The lake in an S3 object store: every object is whole or absent, and one writer at a time holds the lease.

Who may write is settled by S3's conditional writes (``If-None-Match`` and ``If-Match``), of which AWS says
(https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html) that of several at once one succeeds.
Region, endpoint and credentials come from the ``AWS_*`` variables, as Delta Lake and polars read them too.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self
from uuid import uuid4

from pydantic import BaseModel

from antepost.errors import EngineError, SettingsError
from antepost.lake.files import write_whole
from antepost.lake.store import flocked
from antepost.telemetry import log

if TYPE_CHECKING:
    from obstore import UpdateVersion
    from obstore.store import ObjectStore

try:
    import obstore
    from obstore import exceptions, store
except ImportError as error:
    raise SettingsError("ANTEPOST_LAKE_URL needs the extra object-store; run: uv sync --extra object-store") from error

PATIENCE = 60.0
"""Seconds for which a lease that nobody renews still counts as held."""

_LEASE = "batches/lease.json"


@dataclass(frozen=True, slots=True)
class Bucket:
    """The lake below ``url``, as ``s3://bucket/prefix``; ``home`` tells this machine's writers from all others."""

    url: str
    home: Path
    patience: float = PATIENCE

    def where(self, name: str) -> str:
        """Return the URL of ``name``."""
        return f"{self.url.rstrip('/')}/{name}"

    def read(self, name: str) -> bytes:
        """Return the bytes of an object."""
        with _asking(self.url):
            return bytes(obstore.get(_store(self.url), name).bytes())

    def holds(self, name: str, data: bytes) -> bool:
        """Return whether an object of that size is there: the store itself checks what it keeps."""
        try:
            with _asking(self.url):
                return obstore.head(_store(self.url), name)["size"] == len(data)
        except FileNotFoundError:
            return False

    def write(self, name: str, data: bytes) -> None:
        """Put an object."""
        with _asking(self.url):
            obstore.put(_store(self.url), name, data)

    def create(self, name: str, data: bytes) -> None:
        """Put an object that is not there yet, in one request."""
        self.require_writing()
        try:
            with _asking(self.url):
                obstore.put(_store(self.url), name, data, mode="create")
        except exceptions.AlreadyExistsError as error:
            raise FileExistsError(self.where(name)) from error

    def remove(self, name: str) -> None:
        """Remove an object, and all below its name."""
        with _asking(self.url):
            below = [each["path"] for page in obstore.list(_store(self.url), f"{name}/") for each in page]
            obstore.delete(_store(self.url), [*below, name])

    def files(self, name: str) -> list[tuple[str, str]]:
        """Return the objects directly below a name, and their entity tags."""
        with _asking(self.url):
            found = obstore.list_with_delimiter(_store(self.url), f"{name}/")["objects"]
        return sorted((each["path"].rpartition("/")[2], each["e_tag"] or "") for each in found)

    def folders(self, name: str) -> list[str]:
        """Return the prefixes directly below a name."""
        with _asking(self.url):
            found = obstore.list_with_delimiter(_store(self.url), f"{name}/")["common_prefixes"]
        return sorted(each.rpartition("/")[2] for each in found)

    @contextmanager
    def writing(self) -> Generator[None]:
        """Hold the lease; writers of one home first queue for their kernel's lock, so that one that died is known."""
        with flocked(self.home / "batches" / "lock"), Lease(self.url, _holder(self.home), self.patience) as lease:
            _held[self] = lease
            try:
                yield
            finally:
                del _held[self]

    def require_writing(self) -> None:
        """Refuse to go on where another writer took the lease, or may have."""
        lease = _held.get(self)
        if lease is not None and lease.lost:
            raise EngineError(
                f"the lease on {self.url} was lost after {self.patience:.0f} s without an answer; nothing was "
                "committed: run the same command again",
                url=self.url,
            )


class _Claim(BaseModel):
    """Who may write, nobody where ``holder`` is empty; ``beat`` is new each time, and with it the entity tag."""

    holder: str
    beat: str


class Lease:
    """The right to write, in an object that its holder replaces again and again while it works.

    No two clocks are compared: whoever waits takes over once it has itself seen the object unchanged for ``patience``
    seconds. The holder gives up earlier, by its own watch.
    """

    def __init__(self, url: str, holder: str, patience: float) -> None:
        self.url = url
        self.holder = holder
        self.patience = patience
        self._version: UpdateVersion | None = None
        self._renewed = 0.0
        self._taken = False
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    @property
    def lost(self) -> bool:
        """Return whether somebody else may hold it by now."""
        return self._taken or time.monotonic() - self._renewed > self.patience / 2

    def __enter__(self) -> Self:
        seen, since, told = "", time.monotonic(), False
        while True:
            claim, version, tag = self._look()
            if tag != seen:
                seen, since = tag, time.monotonic()
            # Of our own home nobody else writes now: we hold its lock.
            free = claim is None or claim.holder in ("", self.holder)
            if (free or time.monotonic() - since > self.patience) and self._put(self.holder, version):
                break
            if not free and not told:
                log.warning("another writer holds %s; waiting for it", self.url)
                told = True
            time.sleep(self.patience / 60)
        if claim is None:
            self._require_conditions()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()
        # Where it was lost, it is another's to give back; where the store is gone, it runs out.
        try:
            self._put("", self._version)
        except EngineError:
            log.warning("the lease on %s could not be given back; it runs out", self.url)

    def _look(self) -> tuple[_Claim | None, UpdateVersion | None, str]:
        try:
            with _asking(self.url):
                found = obstore.get(_store(self.url), _LEASE)
                claim = _Claim.model_validate_json(bytes(found.bytes()))
        except FileNotFoundError:
            return None, None, ""
        return claim, _version(found.meta["e_tag"], found.meta["version"]), str(found.meta["e_tag"])

    def _put(self, holder: str, version: UpdateVersion | None) -> bool:
        """Return whether the claim was written over ``version`` (None: where there was none) and no other."""
        asked = time.monotonic()
        text = _Claim(holder=holder, beat=uuid4().hex).model_dump_json().encode()
        try:
            with _asking(self.url):
                put = obstore.put(_store(self.url), _LEASE, text, mode="create" if version is None else version)
        except (exceptions.AlreadyExistsError, exceptions.PreconditionError):
            return False
        self._version, self._renewed = _version(put["e_tag"], put["version"]), asked
        return True

    def _renew(self) -> None:
        while not self._done.wait(self.patience / 6):
            try:
                self._taken = not self._put(self.holder, self._version)
            except EngineError as error:
                log.warning("the lease on %s was not renewed: %s", self.url, error)
            if self._taken:
                return

    def _require_conditions(self) -> None:
        """Refuse a store that would let two writers in: it has to refuse to make what is there."""
        if self._put(self.holder, None):
            raise EngineError(f"{self.url} ignores If-None-Match; use a store with conditional writes", url=self.url)


_held: dict[Bucket, Lease] = {}


def _version(tag: str | None, version: str | None) -> UpdateVersion:
    told: UpdateVersion = {}
    if tag is not None:
        told["e_tag"] = tag
    if version is not None:
        told["version"] = version
    return told


def _holder(home: Path) -> str:
    path = home / "batches" / "holder"
    if not path.exists():
        write_whole(path, uuid4().hex.encode())
    return f"{socket.gethostname()}:{path.read_text()}"


@lru_cache
def _store(url: str) -> ObjectStore:
    return store.S3Store.from_url(url, retry_config={"max_retries": 5, "retry_timeout": timedelta(seconds=20)})


@contextmanager
def _asking(url: str) -> Generator[None]:
    try:
        yield
    except (exceptions.AlreadyExistsError, exceptions.PreconditionError):
        raise
    except exceptions.BaseError as error:
        why = re.sub(r"\s+", " ", str(error))[:300]
        raise EngineError(
            f"{url} does not answer as an object store does: {why}; see ANTEPOST_LAKE_URL and the AWS_* variables",
            url=url,
        ) from error
