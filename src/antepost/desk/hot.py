"""One fixture's vector at once: from this process, else from Valkey, else from Postgres, else from the lake."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import numpy as np
import polars as pl

from antepost import features
from antepost.desk import frames, tables
from antepost.domain.clock import Clock, micros
from antepost.engines import valkey_client
from antepost.errors import DataError, EngineError, LeakageError
from antepost.features.standing import Standing, Vectors, lay_out
from antepost.lake import connect
from antepost.lake.hot import HotStore, InPostgres, InValkey
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import log

_LEFT_ALONE_S = 5.0
"""For how long a Valkey that does not answer is not asked again: each time costs what it is waited for."""

Source = Literal["process", "valkey", "postgres", "lake"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vector:
    """The features of one fixture as of a moment, from the facts of loads up to ``batch``; NaN where not known."""

    sport: str
    fixture: str
    set: str
    as_of: datetime
    batch: int
    source: Source
    columns: tuple[str, ...]
    values: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What a refresh laid out: fixtures that start after ``as_of``, from the facts of loads up to ``batch``."""

    sport: str
    batch: int
    as_of: datetime
    fixtures: int


class HotState:
    """What stands for the fixtures ahead, kept where it is found fast; all of it can be computed from the lake.

    It shows the load at which it was refreshed last, and every answer names that load. What this process laid out
    itself stands until another process has laid out later facts, which is looked for every ``look_every_s`` seconds.
    """

    def __init__(self, settings: Settings, clock: Clock, *, look_every_s: float = 1.0) -> None:
        self._settings = settings
        self._clock = clock
        self._look_every_s = look_every_s
        self._held: dict[str, Mapping[str, Standing]] = {}
        # By the clock that never goes back: when to look next, and until when a Valkey that hung is left alone.
        self._look_at: dict[str, float] = {}
        self._valkey_again = 0.0
        # A reader has one buffer, so every thread has its own.
        self._readers = threading.local()

    def refresh(self, sport: str, as_of: datetime | None = None) -> Refreshed:
        """Lay out every fixture that starts after ``as_of`` (default: now), and put it into all three places.

        Raises:
            DataError: nothing has been ingested for this sport, or nothing of it was known at that moment.
            LeakageError: ``as_of`` is later than now.
        """
        about, moment = get_sport(sport), self._moment(as_of)
        batch, facts = tables.newest(self._settings, sport)
        frames.check_at_hand(sport, facts, moment, None)
        asked = features.spine(facts, about, moment).filter(pl.col("start") > pl.col("as_of"))
        laid = lay_out(about, features.build_states(about, facts), asked, facts, batch)
        held = dict(zip(asked["fixture"], laid, strict=True))
        stored = {name: standing.to_bytes(name) for name, standing in held.items()}
        # However it was just now: what it held of the loads before must not outlive this.
        self._valkey_again = 0.0
        for _, store in self._stores():
            store.put(sport, features.lock_of(sport).digest, stored)
        self._look_at[sport] = time.monotonic() + self._look_every_s
        self._held[sport] = held
        return Refreshed(sport=sport, batch=batch, as_of=moment, fixtures=len(stored))

    def vector(
        self, sport: str, fixture: str, set: str = "none", as_of: datetime | None = None  # noqa: A002
    ) -> Vector:  # fmt: skip
        """Return the features of ``fixture`` as of a moment (default: now).

        What was laid out answers from its moment on, until anything more is known of the fixture or its sides; for
        any other moment the vector is built from the lake.

        Raises:
            DataError: no such fixture was known at that moment, or nothing has been ingested.
            LeakageError: ``as_of`` is later than now.
        """
        # A notebook has no checker of types, and no store takes the letter zero.
        if not isinstance(fixture, str) or "\0" in fixture:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise DataError(
                f"{fixture!r} is no fixture's name; antepost lake read fixtures {sport} lists them", fixture=fixture
            )
        moment = self._moment(as_of)
        at = micros(moment)
        reader = self._reader(sport, set)
        for source, standing in self._standing(sport, fixture, reader):
            if standing.since <= at <= standing.until:
                values = reader.read(standing, at)
                return Vector(
                    sport=sport, fixture=fixture, set=set, as_of=moment, batch=standing.batch, source=source,
                    columns=reader.columns, values=values,
                )  # fmt: skip
        return self._computed(sport, fixture, set, moment, reader.columns)

    def _standing(self, sport: str, fixture: str, reader: Vectors) -> Iterator[tuple[Source, Standing]]:
        held = self._held.get(sport, {}).get(fixture)
        if held is not None and time.monotonic() >= self._look_at[sport]:
            self._look_at[sport] = time.monotonic() + self._look_every_s
            found = next(self._stored(sport, fixture, reader), None)
            if found is not None and (found[1].batch, found[1].since) > (held.batch, held.since):
                # Another process has laid out what we have not: what we hold of the sport is behind.
                self._held.pop(sport, None)
                held = None
        if held is not None:
            yield "process", held
            return
        yield from self._stored(sport, fixture, reader)

    def _stored(self, sport: str, fixture: str, reader: Vectors) -> Iterator[tuple[Source, Standing]]:
        lock = features.lock_of(sport).digest
        for source, store in self._stores():
            try:
                stored = store.get(sport, lock, fixture)
                if stored is not None:
                    yield source, reader.from_bytes(fixture, stored)
            except (DataError, EngineError) as error:
                # What is kept is a copy: the next place has another, and the lake has the facts.
                log.warning("the hot state in %s is passed over: %s", source, error)
                if source == "valkey" and isinstance(error, EngineError):
                    self._valkey_again = time.monotonic() + _LEFT_ALONE_S

    def _stores(self) -> Iterator[tuple[Source, HotStore]]:
        if time.monotonic() >= self._valkey_again:
            try:
                yield "valkey", InValkey(valkey_client(self._settings))
            except EngineError as error:
                # Slower without it, and right all the same.
                self._valkey_again = time.monotonic() + _LEFT_ALONE_S
                log.warning("the hot state goes on without Valkey: %s", error)
        yield "postgres", InPostgres(connect(self._settings))

    def _reader(self, sport: str, set: str) -> Vectors:  # noqa: A002
        readers: dict[tuple[str, str], Vectors] = self._readers.__dict__.setdefault("by_set", {})
        if not isinstance(set, str) or (sport, set) not in readers:  # pyright: ignore[reportUnnecessaryIsInstance]
            readers[sport, set] = Vectors(get_sport(sport), frames.ask(sport, set).columns)
        return readers[sport, set]

    def _computed(
        self, sport: str, fixture: str, set: str, moment: datetime, columns: tuple[str, ...]  # noqa: A002
    ) -> Vector:  # fmt: skip
        asked = pl.DataFrame({"fixture": [fixture], "as_of": [moment]})
        batch, facts = tables.newest(self._settings, sport)
        frame = frames.compute(sport, facts, frames.ask(sport, set, asked))
        if frame.is_empty():
            raise DataError(
                f"no {sport} fixture {fixture!r} was known at {moment:%Y-%m-%d %H:%M}Z; "
                f"antepost lake read fixtures {sport} lists them",
                fixture=fixture,
            )
        return Vector(
            sport=sport, fixture=fixture, set=set, as_of=moment, batch=batch, source="lake", columns=columns,
            values=frames.to_matrix(frame, columns)[0],
        )  # fmt: skip

    def _moment(self, as_of: datetime | None) -> datetime:
        now = self._clock.now()
        if as_of is not None and not isinstance(as_of, datetime):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise DataError(f"as_of is {as_of!r}; give a datetime with its zone, or leave it out for now", as_of=as_of)
        if as_of is not None and as_of.tzinfo is None:
            raise DataError(f"as_of {as_of} has no time zone; give UTC")
        if as_of is not None and as_of > now:
            raise LeakageError(f"as of {as_of:%Y-%m-%d %H:%M}Z is later than now, {now:%Y-%m-%d %H:%M}Z; ask as of now")
        return now if as_of is None else as_of
