"""What a source is: the description of a feed and the function that reads its bytes; it never fetches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import polars as pl

from antepost.errors import DataError
from antepost.lake.schemas import TABLES, Schema, check

REFUSED: Schema = {"reason": pl.String(), "row": pl.String()}
"""A row that was not taken, as JSON, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Rows of each table as a source claims them, and the rows that were refused.

    ``games`` counts the rows of the payload, whether they were taken or not.
    """

    tables: Mapping[str, pl.DataFrame]
    refused: pl.DataFrame
    games: int

    def __post_init__(self) -> None:
        for name, frame in self.tables.items():
            check(frame, TABLES[name].claimed, f"parsed table {name}")
        check(self.refused, REFUSED, "parsed refusals")

    def within(self, seasons: tuple[int, int] | None) -> Parsed:
        """Return the rows of the seasons from first to last; refusals stay, as they may lack a season."""
        if seasons is None:
            return self
        taken = pl.col("season").is_between(*seasons)
        kept = {name: frame.filter(taken) for name, frame in self.tables.items()}
        return Parsed(tables=kept, refused=self.refused, games=self.games)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One feed of one sport.

    ``upstream`` is its URL and ``mirror`` its path below a mirror's root; a source that is built in has
    neither and ``generate`` instead. ``parser`` names the version of ``parse`` and stands in the batch log,
    so that a rebuild knows whether it reads the bytes as they were read. ``known_at`` gives, for every column
    that is read, the rule by which it could first be known.
    """

    name: str
    sport: str
    tier: str
    upstream: str | None
    mirror: str | None
    terms: str
    parser: str
    parse: Callable[[bytes], Parsed]
    known_at: Mapping[str, str]
    generate: Callable[[], bytes] | None = None

    @property
    def simulated(self) -> bool:
        """Return whether the feed is invented."""
        return self.generate is not None

    def require_parser(self, version: str) -> None:
        """Refuse to reread bytes that another version of the parser read.

        Raises:
            DataError: ``version`` is not this release's.
        """
        if version != self.parser:
            raise DataError(
                f"the bytes were read by parser {version}, this release has {self.parser}; "
                "rebuild with the release that made them",
                parser=version,
                source=self.name,
            )
