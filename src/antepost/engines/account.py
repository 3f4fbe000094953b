"""As whom Postgres runs: it refuses root, and asks for a name behind its user id."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from antepost.errors import EngineError

_PREFERRED_UID = 1000


def as_ordinary_user(command: Sequence[str], data: Path) -> list[str]:
    """Return ``command`` so that it does not run as root; for an ordinary user with a name, unchanged.

    Root gets a user namespace of one process: outside, files still belong to root and private parents stay
    private; inside, the process sees an ordinary owner. Where the kernel refuses namespaces, as in many
    containers, the process becomes that ordinary user but keeps the right to pass private parents.

    Raises:
        EngineError: neither way is open on this machine.
    """
    if os.geteuid() != 0 and _named(os.geteuid()):
        return list(command)
    for prefix in _prefixes(data):
        if prefix and _works(prefix):
            return [*prefix, *command]
    raise EngineError(
        "Postgres refuses to run as root, and neither `unshare` nor `setpriv` works here: run antepost "
        "as an ordinary user, or set ANTEPOST_DATABASE_URL to a Postgres server",
        euid=os.geteuid(),
    )


def namespace_prefix(uid: int, gid: int) -> tuple[str, ...]:
    """Return the command prefix of a one-process user namespace seen as ``uid``."""
    return ("unshare", "--user", f"--map-user={uid}", f"--map-group={gid}", "--")


def capability_prefix(uid: int, gid: int) -> tuple[str, ...]:
    """Return the command prefix that turns root into ``uid`` without closing private folders to it."""
    keep = "+dac_override,+fowner"
    identity = ("setpriv", f"--reuid={uid}", f"--regid={gid}", "--clear-groups")
    return (*identity, f"--inh-caps={keep}", f"--ambient-caps={keep}", "--")


def _prefixes(data: Path) -> list[tuple[str, ...]]:
    """Return the ways to try, in order; data written one way are opened the same way."""
    uid, gid = _ordinary()
    namespace, capability = namespace_prefix(uid, gid), capability_prefix(uid, gid)
    if data.exists() and data.stat().st_uid != os.geteuid():
        return [capability]
    return [namespace, capability]


@cache
def _works(prefix: tuple[str, ...]) -> bool:
    if shutil.which(prefix[0]) is None:
        return False
    # The prefix is one of our two above.
    return subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode == 0  # noqa: S603


@cache
def _ordinary() -> tuple[int, int]:
    """Return an ordinary user and group id that has a name here: initdb looks its name up."""
    known = {entry.pw_uid: entry.pw_gid for entry in pwd.getpwall() if entry.pw_uid != 0}
    if not known:
        raise EngineError("this machine knows no user but root: add one, or set ANTEPOST_DATABASE_URL")
    uid = _PREFERRED_UID if _PREFERRED_UID in known else max(known)
    return uid, known[uid]


def _named(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True
