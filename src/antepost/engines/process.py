"""Processes that outlive us: started apart from our terminal, told by the folder they stand in."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from antepost.errors import EngineError

_PROC = Path("/proc/self/cwd").exists()
_POLL_S = 0.02
_FULL_BELOW_BYTES = 32 * 1024 * 1024

# A child that dies stays a zombie until its parent asks for it; its pid is kept here so that it can be asked for.
_children: set[int] = set()


def spawn(command: Sequence[str], folder: Path, log: Path, env: Mapping[str, str]) -> int:
    """Return the pid of ``command``, started in a session of its own and standing in ``folder``.

    Raises:
        EngineError: the program or the log's disk is not there for us.
    """
    try:
        with log.open("ab") as sink:
            child = subprocess.Popen(  # noqa: S603  # our own rooms write the command
                list(command), cwd=folder, env=dict(env), stdin=subprocess.DEVNULL, stdout=sink, stderr=sink,
                start_new_session=True,
            )  # fmt: skip
    except OSError as error:
        raise disk_or(error, f"cannot start {command[0]}", folder) from error
    # It is meant to outlive us: a Popen that goes before its process has ended would warn of just that.
    child.returncode = 0
    _children.add(child.pid)
    return child.pid


def stands_in(pid: int, folder: Path) -> bool:
    """Return whether ``pid`` is a living process whose working folder is ``folder``.

    A pid alone may name a stranger or a zombie; neither stands in the engine's folder.
    """
    if _reaped(pid):
        return False
    where = _cwd(pid)
    return where is not None and where == os.path.realpath(folder)


def end(pid: int, folder: Path, steps: Sequence[tuple[signal.Signals, float]], group: bool = False) -> bool:
    """Return whether ``pid`` is gone after the signals in ``steps``, each with its patience in seconds."""
    for number, patience_s in steps:
        if not stands_in(pid, folder):
            return True
        try:
            (os.killpg if group else os.kill)(pid, number)
        except ProcessLookupError:
            return True
        if wait_until(lambda: not stands_in(pid, folder), patience_s):
            return True
    return not stands_in(pid, folder)


def wait_until(condition: Callable[[], bool], patience_s: float) -> bool:
    """Return whether ``condition()`` came true within ``patience_s`` seconds."""
    deadline = time.monotonic() + patience_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(_POLL_S)
    return True


def disk_or(error: OSError, what: str, folder: Path) -> EngineError:
    """Return the error that says the disk is full where it is, else what the system said."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full(folder)
    return EngineError(f"{what}: {error.strerror or error} ({error.filename or folder})", folder=str(folder))


def disk_full(folder: Path) -> EngineError:
    """Return the error for a full disk under ``folder``."""
    return EngineError(
        f"the disk under {folder} is full: free at least 200 MB there or set ANTEPOST_HOME to another disk; "
        "nothing committed is lost",
        folder=str(folder),
    )


def looks_full(folder: Path, said: str) -> bool:
    """Return whether a failure that left ``said`` behind came from a full disk; it swallows logs too."""
    return "No space left on device" in said or shutil.disk_usage(folder).free < _FULL_BELOW_BYTES


def _reaped(pid: int) -> bool:
    """Return whether ``pid`` is a child of ours that has ended; nobody is a child any more that was asked for once."""
    if pid not in _children:
        return False
    try:
        ended = os.waitpid(pid, os.WNOHANG)[0] == pid
    except ChildProcessError:
        # We are a fork of the one who started it, or somebody has asked for it already.
        _children.discard(pid)
        return False
    if ended:
        _children.discard(pid)
    return ended


def _cwd(pid: int) -> str | None:
    if _PROC:
        try:
            return str(Path(f"/proc/{pid}/cwd").readlink())
        except OSError:
            return None
    said = subprocess.run(  # noqa: S603
        ["lsof", "-a", "-p", str(pid), "-d", "cwd", "-Fn"],  # noqa: S607
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    return next((line[1:] for line in said.splitlines() if line.startswith("n")), None)
