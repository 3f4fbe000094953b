"""Who still uses an engine: locks that the kernel drops with their process, never pids."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from antepost.errors import EngineError


class Engine(Protocol):
    """A process somebody else owns: it can be asked, started and stopped."""

    @property
    def folder(self) -> Path:
        """Where the engine's locks, log and data lie."""
        ...

    def healthy(self) -> bool:
        """Return whether the engine answers a connection now."""
        ...

    def start(self) -> None:
        """Start the engine and return once it answers; the caller holds the start lock."""
        ...

    def stop(self) -> None:
        """Stop the engine and return once it is gone; the caller holds the start lock."""
        ...


class Lease:
    """One process's share of an engine.

    Starting and stopping happen under an exclusive lock, every user holds a shared one. A process that dies
    by kill -9 loses both without doing anything, so the next one out finds the truth.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._owner = os.getpid()
        self._fd: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process holds its share."""
        return self._fd is not None

    def take(self) -> None:
        """Start the engine where it does not answer, and hold a share of it.

        Raises:
            EngineError: the engine does not start, or its folder cannot be written.
        """
        with exclusive(self._engine.folder):
            if not self._engine.healthy():
                self._engine.start()
            if self._fd is None:
                self._fd = _open(self._engine.folder / "lease.lock")
                fcntl.flock(self._fd, fcntl.LOCK_SH)

    def release(self) -> None:
        """Give the share back; the last one out stops the engine unless it is pinned.

        A forked child shares its parent's locks and so must not open them: there this does nothing.
        """
        if self._fd is None or os.getpid() != self._owner:
            return
        fd, self._fd = self._fd, None
        try:
            if self._engine.folder.is_dir():
                with exclusive(self._engine.folder):
                    self._stop_if_last(fd)
        finally:
            os.close(fd)

    def drop(self) -> None:
        """Give the share back and leave the engine as it is."""
        if self._fd is not None and os.getpid() == self._owner:
            os.close(self._fd)
            self._fd = None

    def _stop_if_last(self, fd: int) -> None:
        if not _is_file(fd, self._engine.folder / "lease.lock"):
            # The folder was deleted and made again: the engine in it now is that of other users.
            return
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        if not pinned(self._engine.folder):
            self._engine.stop()


@contextmanager
def exclusive(folder: Path) -> Generator[None]:
    """Hold the right to start or stop the engine in ``folder``; others wait."""
    fd = _open(folder / "start.lock")
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def pinned(folder: Path) -> bool:
    """Return whether the engine in ``folder`` outlives its users."""
    return (folder / "pinned").exists()


def set_pin(folder: Path, on: bool) -> None:
    """Let the engine in ``folder`` outlive its users, or end that."""
    if on:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / "pinned").touch(mode=0o600)
    else:
        (folder / "pinned").unlink(missing_ok=True)


def _is_file(fd: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(fd), path.stat())
    except FileNotFoundError:
        return False


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EngineError(
            f"cannot open {path}: {error.strerror}; free space there or set ANTEPOST_HOME to your own folder",
            path=str(path),
        ) from error
