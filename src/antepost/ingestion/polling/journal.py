"""What a collector remembers from one run to the next, in one file that is whole or absent: ``collect/journal.json``.

Bytes lie in bronze before they are named here, and leave this list once silver has them. So a kill between any two
steps loses nothing: what was asked for and not noted is asked for again, what was read and not noted is found read.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pydantic import AwareDatetime, BaseModel, ConfigDict, ValidationError

from antepost.errors import DataError, SettingsError
from antepost.ingestion.polled import Polled
from antepost.lake.files import write_whole
from antepost.settings import Settings


class Trouble(BaseModel):
    """Why a host or a poll is left alone, until when, and how often in a row it failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    until: AwareDatetime
    failures: int
    why: str


class Left(BaseModel):
    """What a host said of its quota."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    left: int
    cost: int | None
    told_at: AwareDatetime


class Read(BaseModel):
    """Which bytes of a poll silver has, and by the fixtures of which load they were joined."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    raws: tuple[str, ...]
    decided_by: int


class Journal(BaseModel):
    """When each poll last answered, who is in trouble, what is left of quotas, and what silver does not have yet."""

    model_config = ConfigDict(extra="forbid")

    asked: dict[str, AwareDatetime] = {}
    troubles: dict[str, Trouble] = {}
    quotas: dict[str, Left] = {}
    read: dict[str, Read] = {}
    waiting: list[Polled] = []
    compacted_at: AwareDatetime | None = None


def read_journal(settings: Settings) -> Journal:
    """Return what was remembered; nothing before the first run.

    Raises:
        DataError: the file is damaged.
    """
    path = _path(settings)
    try:
        return Journal.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return Journal()
    except ValidationError as error:
        raise DataError(
            f"{path} does not parse ({error}); remove it: what is due is then asked for anew, and the bytes that "
            "silver does not have yet lie in bronze",
            path=str(path),
        ) from error


def write_journal(settings: Settings, journal: Journal) -> None:
    """Keep ``journal``, in the place of the one before."""
    write_whole(_path(settings), journal.model_dump_json(indent=1).encode())


@contextmanager
def alone(settings: Settings) -> Generator[None]:
    """Be this home's one collector; the kernel forgets one that dies.

    Raises:
        SettingsError: there is another.
    """
    path = _path(settings).with_name("lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            raise SettingsError(
                f"{settings.home} has a collector already (process {file.read().strip() or 'unknown'}); "
                "one is enough: see what it does by antepost collect --plan, or set another ANTEPOST_HOME",
                home=str(settings.home),
            ) from None
        file.truncate(0)
        file.write(f"{os.getpid()}\n")
        file.flush()
        yield


def _path(settings: Settings) -> Path:
    return settings.home / "collect" / "journal.json"
