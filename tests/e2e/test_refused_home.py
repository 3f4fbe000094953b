"""Homes that cannot be written, as a shell sees them: one line that names the folder, and no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.prepared import environment

COMMANDS = ("ingest nfl --simulated", "demo", "features build nfl", "evaluate nfl --season 2020", "up")


def _said(home: Path, command: str, *before: str) -> str:
    """Return the one line in which ``command`` failed over ``home``."""
    words = [*before, sys.executable, "-m", "antepost", *command.split()]
    done = subprocess.run(words, env=environment(home), capture_output=True, text=True, timeout=300, check=False)
    said = [line for line in done.stderr.splitlines() if line.strip()]
    assert (done.returncode, done.stdout, len(said)) == (1, "", 1), done.stderr
    return said[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_is_no_home(command: str, tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    assert str(tmp_path / "home") in _said(tmp_path / "home", command)


def test_a_folder_that_nobody_can_make_is_named() -> None:
    assert _said(Path("/proc/antepost"), "ingest nfl --simulated").startswith("SettingsError: /proc/antepost cannot")


def test_a_home_on_a_disk_that_became_read_only_is_named(tmp_path: Path) -> None:
    bind = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path}"
    if subprocess.run(["unshare", "-rm", "sh", "-c", bind], capture_output=True, check=False).returncode != 0:
        pytest.skip("this kernel lets us mount nothing read-only")
    said = _said(tmp_path, "ingest nfl --simulated", "unshare", "-rm", "sh", "-c", f'{bind} && exec "$0" "$@"')
    assert said == (
        f"SettingsError: {tmp_path} cannot be written: Read-only file system; "
        "set ANTEPOST_HOME to a folder of your own with room in it"
    )
