from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from antepost.engines.process import disk_or, end, looks_full, spawn, stands_in, wait_until
from antepost.errors import EngineError

_STEPS = ((signal.SIGTERM, 10.0),)


def _sleeper(folder: Path) -> int:
    command = [sys.executable, "-c", "import sys, time; print('here', flush=True); time.sleep(600)"]
    pid = spawn(command, folder, folder / "log", os.environ)
    assert wait_until(lambda: "here" in (folder / "log").read_text(), 20.0)
    return pid


def test_a_started_process_stands_in_its_folder_in_a_session_of_its_own(tmp_path: Path) -> None:
    pid = _sleeper(tmp_path)
    assert stands_in(pid, tmp_path)
    assert os.getsid(pid) == pid
    assert end(pid, tmp_path, _STEPS, group=True)
    assert not stands_in(pid, tmp_path)


def test_a_stranger_with_the_pid_is_neither_believed_nor_signalled(tmp_path: Path) -> None:
    assert not stands_in(os.getpid(), tmp_path)
    assert end(os.getpid(), tmp_path, _STEPS)


def test_a_zombie_is_not_alive(tmp_path: Path) -> None:
    pid = _sleeper(tmp_path)
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not stands_in(pid, tmp_path), 10.0)


STARTS_AND_ENDS = """
import os, sys
from pathlib import Path
from antepost.engines.process import spawn
folder = Path(sys.argv[1])
print(spawn([sys.executable, "-c", "import time; time.sleep(600)"], folder, folder / "log", os.environ))
"""


def test_whoever_starts_a_process_that_outlives_them_ends_without_a_warning(tmp_path: Path) -> None:
    """Every `antepost up` once ended with "subprocess is still running" where warnings were on."""
    command = [sys.executable, "-W", "always", "-c", STARTS_AND_ENDS, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    pid = int(done.stdout)
    assert stands_in(pid, tmp_path)
    assert end(pid, tmp_path, _STEPS)
    assert "ResourceWarning" not in done.stderr


def test_a_pid_nobody_has_is_not_alive(tmp_path: Path) -> None:
    assert not stands_in(2**22 + 1, tmp_path)


def test_a_process_that_ignores_the_first_signal_meets_the_second(tmp_path: Path) -> None:
    stubborn = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('here', flush=True)"
    pid = spawn([sys.executable, "-c", f"{stubborn}; time.sleep(600)"], tmp_path, tmp_path / "log", os.environ)
    assert wait_until(lambda: "here" in (tmp_path / "log").read_text(), 20.0)
    assert not end(pid, tmp_path, ((signal.SIGTERM, 0.1),))
    assert end(pid, tmp_path, ((signal.SIGTERM, 0.1), (signal.SIGKILL, 10.0)))


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no-such-program"):
        spawn(["/no-such-program"], tmp_path, tmp_path / "log", {})


def test_a_full_disk_is_called_a_full_disk(tmp_path: Path) -> None:
    full = disk_or(OSError(errno.ENOSPC, "No space left on device"), "cannot start", tmp_path)
    assert "disk under" in str(full)
    assert "ANTEPOST_HOME" in str(full)
    other = disk_or(PermissionError(errno.EACCES, "Permission denied", "x"), "cannot start", tmp_path)
    assert str(other) == "cannot start: Permission denied (x)"
    assert looks_full(tmp_path, "FATAL: could not write: No space left on device")
