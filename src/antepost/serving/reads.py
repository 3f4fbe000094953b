"""What the API needs of whatever stands behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import polars as pl


class Reads(Protocol):
    """The desk's reading side, as the API uses it. All of it may block: the API asks from worker threads."""

    def fixtures(self, sport: str, season: int | None = None) -> pl.DataFrame:
        """Return the fixtures of a sport, newest revision of each, in order of their start.

        Columns: fixture, season, week, stage, event_at (UTC), home, away, neutral, venue, home_score,
            away_score (both null until the result is known).
        """
        ...

    def predictions(
        self,
        sport: str | None = None,
        set: str | None = None,  # noqa: A002  # an information set is called a set everywhere in this project
        fixture: str | None = None,
        limit: int = 100,
        offset: int = 0,
        target: str | None = None,
    ) -> Sequence[Mapping[str, object]]:
        """Return sealed records that match, newest first, at most ``limit`` of them after ``offset``."""
        ...

    def prediction(self, hash: str) -> Mapping[str, object]:  # noqa: A002  # a seal's name for itself
        """Return the sealed record with this hash.

        Raises:
            DataError: there is none.
        """
        ...

    def explanation(self, record: Mapping[str, object], top: int) -> Mapping[str, object]:
        """Return why a sealed record is what it is, its ``top`` factors in words, as JSON holds it.

        Raises:
            DataError: the facts are not those it was sealed on.
            ModelError: its bundle is not there, or cannot be explained.
        """
        ...

    def ready(self) -> Mapping[str, str]:
        """Return each thing an answer needs and how it is: ``ok``, or what is wrong and what to do."""
        ...

    def sports(self) -> Sequence[str]:
        """Return the sports that have facts here."""
        ...

    def simulated(self, sport: str) -> bool:
        """Return whether the sport's data come from the simulated league; False where there are none."""
        ...
