"""Folders for sockets: a server that listens on one is reached by its owner alone, and needs no port."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

from antepost.engines.process import disk_or
from antepost.errors import EngineError

_SOCKET_PATH_MAX = 90


def socket_folder(folder: Path, engine: str) -> Path:
    """Return where the engine in ``folder`` listens: short enough for the kernel, and never that of an older home."""
    name = f"{os.path.realpath(folder)}\0{_token(folder, engine)}"
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return _short_tmp() / f"antepost-{os.geteuid()}-{digest}"


def _token(folder: Path, engine: str) -> str:
    """Return a few random letters written once, which tell this home from one that had its path before."""
    path = folder / "token"
    try:
        if not path.exists():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            scratch = folder / f"token.{os.getpid()}"
            scratch.write_text(os.urandom(8).hex())
            # A hard link does not overwrite: of two processes, both read the first one's letters.
            with contextlib.suppress(FileExistsError):
                os.link(scratch, path)
            scratch.unlink()
        return path.read_text()
    except OSError as error:
        raise disk_or(error, f"cannot prepare {engine}", folder) from error


def _short_tmp() -> Path:
    """Return a folder for sockets: /tmp, so that processes with another TMPDIR find the same server."""
    # What we make there is checked to be ours, and closed to others.
    shared = Path("/tmp")  # noqa: S108
    chosen = shared if os.access(shared, os.W_OK) else Path(tempfile.gettempdir())
    if len(str(chosen)) > _SOCKET_PATH_MAX - 50:
        raise EngineError(f"{chosen} is too long a path for a socket; set TMPDIR to a shorter one", path=str(chosen))
    return chosen


def make_private(folder: Path) -> None:
    """Make ``folder`` ours alone; one that somebody else made there first is refused."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise EngineError(f"{folder} belongs to somebody else; remove it", path=str(folder))
    folder.chmod(0o700)
