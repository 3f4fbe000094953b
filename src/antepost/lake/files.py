"""Files that are either whole or absent, whatever kills the process that writes them."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

UNFINISHED = ".unfinished"


def write_whole(path: Path, data: bytes) -> None:
    """Write ``data`` at ``path`` so that a reader, also after a power cut, finds all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while not _written(path, data):
        # Somebody swept the draft meanwhile, and took it for a dead writer's: bronze is also written without a lock.
        pass
    _sync_folder(path.parent)


def _written(path: Path, data: bytes) -> bool:
    draft = path.with_name(f"{path.name}.{os.getpid()}{UNFINISHED}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        # A full disk should not stay so for a draft; and to write there fails without a word about the file.
        with suppress(OSError):
            draft.unlink()
        raise OSError(error.errno, error.strerror, str(path)) from error
    try:
        draft.replace(path)
    except FileNotFoundError:
        return False
    return True


def sweep(folder: Path) -> int:
    """Return how many unfinished drafts were removed below ``folder``; for holders of the writers' lock."""
    drafts = list(folder.rglob(f"*{UNFINISHED}"))
    for draft in drafts:
        draft.unlink(missing_ok=True)
    return len(drafts)


def _sync_folder(folder: Path) -> None:
    # A rename is durable only once the folder that holds the name is.
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
