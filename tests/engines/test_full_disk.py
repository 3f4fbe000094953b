"""A disk that is full, before the first start and later: a small one, mounted where the kernel lets us."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_PROGRAM = """
import os, subprocess, sys
from pathlib import Path

folder = Path(sys.argv[1])
try:
    mount = ["mount", "-t", "tmpfs", "-o", f"size={sys.argv[2]}", "tmpfs", folder]
    subprocess.run(mount, check=True, capture_output=True)
except subprocess.CalledProcessError as error:
    print("no mount here:", error.stderr.decode().strip())
    sys.exit()

from datetime import UTC, datetime
from antepost.engines import acquire, release
from antepost.errors import EngineError
from antepost.lake.database import connect, disconnect
from antepost.lake.ledger import keys, note_key
from antepost.settings import get_settings

def start(settings):
    acquire(settings)
    return "started"

def write(settings):
    engine = connect(settings)
    note_key(engine, str(len(keys(engine))), os.urandom(2_000_000).hex(), datetime(2022, 1, 1, tzinfo=UTC))
    return f"{len(keys(engine))} written"

def attempt(settings, step):
    try:
        return step(settings)
    except EngineError as error:
        return str(error)
    finally:
        disconnect(settings)
        release(settings)

settings = get_settings(home=folder / "home", database_url=None)
for step in sys.argv[3:]:
    if step == "fill":
        with (folder / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(b"0" * 65536)
            except OSError:
                pass
    elif step == "free":
        (folder / "filler").unlink()
    else:
        print(attempt(settings, {"start": start, "write": write}[step]))
"""


def _said(folder: Path, *arguments: str) -> list[str]:
    """Return what was said by a process that alone sees ``folder`` as a small disk."""
    folder.mkdir()
    command = [
        "unshare",
        "-rm",
        "--propagation",
        "private",
        sys.executable,
        "-c",
        _PROGRAM,
        str(folder),
        *arguments,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said = (done.stdout or f"no namespace here: {done.stderr}").splitlines()
    if said[0].startswith(("no mount here", "no namespace here: unshare")):
        pytest.skip(f"this kernel gives us no small disk to fill: {said[0]}")
    return said


def test_a_disk_too_small_for_a_first_start_is_called_full_and_nothing_half_made_is_left(
    tmp_path: Path,
) -> None:
    said = _said(tmp_path / "disk", "24m", "start", "start")
    assert len(said) == 2
    assert all("is full: free at least 200 MB" in line for line in said)


def test_a_disk_that_fills_up_later_is_called_full_and_nothing_committed_is_lost(tmp_path: Path) -> None:
    said = _said(tmp_path / "disk", "160m", "write", "fill", "write", "free", "write")
    assert said[0] == "1 written"
    assert "disk is full" in said[1] or "is full: free at least" in said[1]
    assert said[2] == "2 written"
