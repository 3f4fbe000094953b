"""The decorators of every compiled kernel, and the folder their machine code is kept in.

numba's own cache does not notice a changed helper in another file and would serve stale bits, so the folder
is named by the hash of all sources that hold kernels, of numba and of this machine's processor. It is
owner-only, because numba's cache files are pickles. This module has to be imported before numba; nothing else
imports numba.
"""

from __future__ import annotations

import hashlib
import os
import platform
import stat
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from types import FunctionType
from typing import cast

_PACKAGE = Path(__file__).parent


def _sources() -> list[Path]:
    mark = b"from antepost.kernelcache import"
    return sorted(path for path in _PACKAGE.rglob("*.py") if mark in path.read_bytes())


def _fingerprint() -> str:
    here = (version("numba"), platform.machine(), platform.processor(), str(os.geteuid()))
    seen = hashlib.sha256(" ".join(here).encode())
    for path in _sources():
        seen.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()[:16]


def _prepare() -> Path:
    """Return the folder below the user's cache, else its like below the folder for temporary files, else a new one."""
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    key = _fingerprint()
    shared = Path(tempfile.gettempdir()) / f"antepost-kernels-{os.geteuid()}-{key}"
    for folder in (base / "antepost" / f"kernels-{key}", shared):
        if _ours(folder):
            return folder
    return Path(tempfile.mkdtemp(prefix="antepost-kernels-"))


def _ours(folder: Path) -> bool:
    """Return whether ``folder``, made where it was missing, is one that we alone can write to."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        found = folder.lstat()
    except OSError:
        return False
    closed = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
    return closed and os.access(folder, os.W_OK)


CACHE_FOLDER = _prepare()
os.environ["NUMBA_CACHE_DIR"] = str(CACHE_FOLDER)

import numba  # noqa: E402  # the cache folder is read when numba is imported
from numba.core import config  # noqa: E402  # as above

config.CACHE_DIR = str(CACHE_FOLDER)  # pyright: ignore[reportAttributeAccessIssue]  # numba sets its options late


def kernel[Function: Callable[..., object]](function: Function) -> Function:
    """Return ``function`` compiled once, without fast-math, cached on disk; it runs beside other threads.

    One row and a million rows pass through the same machine code, so they agree to the bit. Only kernels of this
    package are cached: the folder's name knows their sources, and not what a kernel of a notebook calls.
    """
    ours = Path(cast("FunctionType", function).__code__.co_filename).is_relative_to(_PACKAGE)
    compiled = numba.njit(cache=ours, fastmath=False, error_model="numpy", nogil=True)(function)
    return cast("Function", compiled)


def skeleton[Function: Callable[..., object]](function: Function) -> Function:
    """Return ``function``, which takes a kernel as an argument, compiled as part of every kernel that calls it.

    On its own it would hold that kernel's address, and code that holds an address cannot be kept on disk.
    """
    compiled = numba.njit(forceinline=True, fastmath=False, error_model="numpy")(function)
    return cast("Function", compiled)
