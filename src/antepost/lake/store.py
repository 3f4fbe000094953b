"""Where the lake's bytes lie: in a folder below the home, or in an object store; both answer to the same words.

A name is relative, its parts divided by slashes: ``bronze/ab/abcd…``, ``silver/nfl/results``. What is written under it
is whole or absent, whatever kills the process that writes it.
"""

from __future__ import annotations

import fcntl
import shutil
import stat
from collections.abc import Generator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from antepost.lake.files import sweep, write_whole
from antepost.settings import Settings


class Store(Protocol):
    """What the lake asks of the place in which it lies."""

    def where(self, name: str) -> str:
        """Return the path or URL of ``name``, for libraries that read tables and for people."""
        ...

    def read(self, name: str) -> bytes:
        """Return the bytes under ``name``; FileNotFoundError where there are none."""
        ...

    def holds(self, name: str, data: bytes) -> bool:
        """Return whether ``data`` lies under ``name`` already."""
        ...

    def write(self, name: str, data: bytes) -> None:
        """Put ``data`` under ``name``, in the place of what was there."""
        ...

    def create(self, name: str, data: bytes) -> None:
        """Put ``data`` under ``name``, which is free: FileExistsError where it is not."""
        ...

    def remove(self, name: str) -> None:
        """Remove what lies under ``name`` and below it, if anything does."""
        ...

    def files(self, name: str) -> list[tuple[str, str]]:
        """Return what lies directly below ``name``, in order: its own name, and a mark that changes when it does."""
        ...

    def folders(self, name: str) -> list[str]:
        """Return the names of the folders directly below ``name``, in order."""
        ...

    def writing(self) -> AbstractContextManager[None]:
        """Hold the one lock under which the lake is written; a holder that dies holds it no longer."""
        ...

    def require_writing(self) -> None:
        """Refuse to go on where the lock was lost to somebody else; EngineError."""
        ...


@dataclass(frozen=True, slots=True)
class Folder:
    """The lake in the folder ``root``: of one machine, whose kernel keeps the lock."""

    root: Path

    def where(self, name: str) -> str:
        """Return the path of ``name``."""
        return str(self.root / name)

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        return (self.root / name).read_bytes()

    def holds(self, name: str, data: bytes) -> bool:
        """Return whether the file holds ``data``, byte for byte: disks forget."""
        path = self.root / name
        return path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data

    def write(self, name: str, data: bytes) -> None:
        """Write the file as a whole, durably."""
        write_whole(self.root / name, data)

    def create(self, name: str, data: bytes) -> None:
        """Write a file that is not there; the lock keeps everybody else from doing so meanwhile."""
        if (self.root / name).exists():
            raise FileExistsError(name)
        self.write(name, data)

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that it holds."""
        path = self.root / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)

    def files(self, name: str) -> list[tuple[str, str]]:
        """Return the files of a folder and when each was last changed, while others write and remove there."""
        found: list[tuple[str, str]] = []
        for path in sorted((self.root / name).glob("*")):
            with suppress(FileNotFoundError):
                held = path.stat()
                if stat.S_ISREG(held.st_mode):
                    found.append((path.name, str(held.st_mtime_ns)))
        return found

    def folders(self, name: str) -> list[str]:
        """Return the folders of a folder."""
        return [path.name for path in sorted((self.root / name).glob("*")) if path.is_dir()]

    @contextmanager
    def writing(self) -> Generator[None]:
        """Hold the kernel's lock on a file, and sweep what a killed writer left half done."""
        with flocked(self.root / "batches" / "lock"):
            for name in ("batches", "bronze"):
                if (self.root / name).is_dir():
                    sweep(self.root / name)
            yield

    def require_writing(self) -> None:
        """Return: a lock of the kernel is not lost while its holder lives."""


@contextmanager
def flocked(path: Path) -> Generator[None]:
    """Hold the kernel's lock on the file ``path``, which is made where it is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def store_of(settings: Settings) -> Store:
    """Return the place in which the lake of ``settings`` lies."""
    if settings.lake_url is None:
        return Folder(settings.home)
    # An extra, and not needed for a folder.
    from antepost.lake.bucket import Bucket

    return Bucket(settings.lake_url, settings.home)
