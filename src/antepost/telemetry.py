"""What happened, told outward: named commit boundaries and the package's logger."""

from __future__ import annotations

import logging
import os
import signal
from collections import Counter
from collections.abc import Callable

# Told what is being done, and the share of the work that is behind us.
type Progress = Callable[[str, float], None]

log = logging.getLogger("antepost")

BOUNDARIES = (
    "bronze.stored",
    "silver.appended",
    "batch.committed",
    "gold.stored",
    "star.projected",
    "bundle.stored",
    "bundle.registered",
    "alias.moved",
    "seal.appended",
)


_passed: Counter[str] = Counter()


def boundary(name: str) -> None:
    """Mark that the commit called ``name`` has just happened.

    A process started with ``ANTEPOST_KILL_AT=name`` ends here by SIGKILL, with ``name:3`` at the third time, which is
    how the kill tests place a power cut exactly between two commits.
    """
    if name not in BOUNDARIES:
        raise ValueError(f"{name!r} is not a commit boundary; list it in telemetry.BOUNDARIES")
    log.debug("boundary %s", name)
    asked, _, number = os.environ.get("ANTEPOST_KILL_AT", "").partition(":")
    if asked == name:
        _passed[name] += 1
        if _passed[name] == int(number or 1):
            os.kill(os.getpid(), signal.SIGKILL)
