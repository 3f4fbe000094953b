"""The games whose hours decide what is due, as the lake knows them now."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from antepost.ingestion.polling.schedule import Game, Ground
from antepost.lake import asof
from antepost.lake.batches import batches
from antepost.lake.schemas import TABLES
from antepost.settings import Settings
from antepost.sports import get_sport

_BEHIND, _AHEAD = timedelta(days=2), timedelta(days=33)
"""From games that may still be on, to those for which this month's quota has to last."""
_AGAIN = timedelta(hours=6)


class Calendar:
    """The fixtures of each sport about now; they are read again when a load was committed, and every few hours."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._read: dict[str, tuple[int, datetime, tuple[Game, ...]]] = {}
        self._marks: tuple[datetime, dict[str, int]] | None = None

    def holds(self, sport: str, now: datetime) -> bool:
        """Return whether anything of a sport was ever loaded here, so that a feed's games can find theirs."""
        return self._mark(sport, now) > 0

    def games(self, sport: str, now: datetime, league: str | None = None) -> list[Game]:
        """Return the games of a sport, or of one league of it, in order of their starts."""
        batch = self._mark(sport, now)
        held = self._read.get(sport)
        if held is None or held[0] != batch or now - held[1] > _AGAIN:
            held = (batch, now, _games(self._settings, sport, now) if batch else ())
            self._read[sport] = held
        return [game for game in held[2] if league in (None, game.league)]

    def _mark(self, sport: str, now: datetime) -> int:
        # The log is looked through once for all polls of a moment: it has a file a load.
        if self._marks is None or self._marks[0] != now:
            self._marks = (now, {batch.sport: batch.number for batch in batches(self._settings)})
        return self._marks[1].get(sport, 0)


def _games(settings: Settings, sport: str, now: datetime) -> tuple[Game, ...]:
    names = ("fixtures", "results", "places")
    facts = asof.settled(asof.facts(settings, sport, tables=names))
    known = {name: asof.visible(frame, TABLES[name].key, now) for name, frame in facts.items()}
    about = known["fixtures"].filter(pl.col("start").is_between(now - _BEHIND, now + _AHEAD)).sort("start", "fixture")
    places = known["places"].drop_nulls(["latitude", "longitude"]).sort("event_at").unique("venue", keep="last")
    told = about.join(places.select("venue", "latitude", "longitude"), on="venue", how="left", maintain_order="left")
    over = set(known["results"].filter(pl.col("fixture").is_in(told["fixture"].implode()))["fixture"])
    rows = told.select("fixture", "league", "start", "venue", "latitude", "longitude").iter_rows()
    return tuple(
        Game(
            league=league,
            start=start,
            ends=start + get_sport(sport).duration,
            over=fixture in over,
            ground=None if latitude is None else Ground(venue=venue, latitude=latitude, longitude=longitude),
        )
        for fixture, league, start, venue, latitude, longitude in rows
    )
