"""What a source is: the description of a feed and the function that reads its bytes; it never fetches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.cells import exactly
from antepost.lake.schemas import Schema, check, table_of

REFUSED: Schema = {"reason": pl.String(), "row": pl.String()}
"""A row that was not taken, as JSON, and why."""

type Tier = Literal["A", "B", "C"]
type Rhythm = Literal["odds", "scores", "injuries", "weather", "weekly"]
"""What the pace at which ``collect`` asks for a part hangs on; ``polling.policy`` says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A secret that upstream wants: the parameter of the request, and the field of the settings that holds it."""

    parameter: str
    setting: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One file of a feed: its name within the source, its path below a mirror's root, and its address upstream.

    A part of one ``season`` says so, and is left out where other seasons are asked for. A part without ``url`` has
    no upstream that can be asked: it comes from a mirror only. ``beside`` are files without which this one cannot be
    read; they come with it as one payload, see ``bundle``. ``key`` is added to a request upstream, and to nothing else.
    ``rhythm`` says how it is polled, None where it is not; ``league`` is ours, where it tells of one only.
    """

    name: str
    path: str
    url: str | None = None
    season: int | None = None
    beside: tuple[Part, ...] = ()
    key: Key | None = None
    rhythm: Rhythm | None = None
    league: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Files of which nobody knows beforehand how many there are: those at ``path`` whose names have this ``ending``.

    Each is a part that is called as its file is, less the ending.
    """

    path: str
    ending: str

    def part(self, name: str) -> Part:
        """Return the part called ``name``."""
        return Part(name=name, path=f"{self.path}/{name}{self.ending}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Rows of each table as a source claims them, and the rows that were refused.

    ``games`` counts the rows of the payload, whether they were taken or not.
    """

    tables: Mapping[str, pl.DataFrame]
    refused: pl.DataFrame
    games: int

    def within(self, seasons: tuple[int, int] | None) -> Parsed:
        """Return the rows of the seasons from first to last; refusals stay, as they may lack a season."""
        if seasons is None:
            return self
        taken = pl.col("season").is_between(*seasons) | pl.col("season").is_null()
        kept = {name: frame.filter(taken) for name, frame in self.tables.items()}
        return Parsed(tables=kept, refused=self.refused, games=self.games)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One feed of one sport.

    ``tier`` is A for the organiser's own figures, B for a commercial publisher, C for a community's copy. The
    ``primary`` source of a sport decides which fixtures and sides there are; where a sport has several, each decides
    those of leagues or seasons that no other has. The files of one with a ``window`` tell of the newest games only, so
    that a game they lack was not taken off. All others are joined to them, by ``names/<sport>.csv``, the same
    spelling, or ``spellings``: all ways in which the source may write a full name. Its dates may be ``days_off`` the
    primary's. Where ``named`` is false, the sides in its rows are our ids already. Where ``own_ids`` is true,
    ``fixture`` in its rows is our own id: it lists no games, and its moments count from ``stamps.UNDATED``. Where such
    a source knows no teams, it calls home whoever has ``home_role`` among the rosters.

    ``parts(year)`` are the files there may be in ``year``; beside them, those of ``folder`` are parts, in the mirror
    and among this home's recordings. A source that is built in has ``generate`` instead.
    ``parser`` names the version of ``parse`` and stands in the batch log, so that a rebuild knows whether it reads
    the bytes as they were read. ``known_at`` gives, for every column that is read, the rule by which it could first
    be known. ``cadence`` says how often upstream changes; a ``live`` feed tells of the moment at which it is asked,
    so that nothing of it is known before we had it, and an archive of it may hold little. ``probe`` is asked to see
    whether upstream is as we know it, where no part has an address.
    """

    name: str
    sport: str
    tier: Tier
    primary: bool
    parts: Callable[[int], tuple[Part, ...]]
    terms: str
    cadence: str
    parser: str
    parse: Callable[[bytes, Part], Parsed]
    known_at: Mapping[str, str]
    named: bool = True
    spellings: Callable[[str], Iterable[str]] | None = None
    days_off: int = 1
    own_ids: bool = False
    home_role: str | None = None
    window: bool = False
    folder: Folder | None = None
    live: bool = False
    probe: Part | None = None
    generate: Callable[[], bytes] | None = None

    @property
    def simulated(self) -> bool:
        """Return whether the feed is invented."""
        return self.generate is not None

    def part(self, name: str, year: int) -> Part | None:
        """Return the part called ``name`` in ``year``, None where there is none."""
        known = next((part for part in self.parts(year) if part.name == name), None)
        return known or (self.folder.part(name) if self.folder else None)

    def read(self, data: bytes, part: Part) -> Parsed:
        """Return what ``parse`` makes of a payload, once every table fits its schema.

        Raises:
            DataError: the payload breaks its contract, or the parser does.
        """
        try:
            parsed = self.parse(data, part)
        except pl.exceptions.PolarsError as error:
            raise DataError(
                f"{self.name}'s {part.name} holds what its columns cannot ({error}); fetch it again"
            ) from error
        for name, frame in parsed.tables.items():
            check(frame, table_of(name, self.sport).claimed, f"{self.name}'s table {name}")
        check(parsed.refused, REFUSED, f"{self.name}'s refusals")
        return parsed

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


def single(name: str, path: str, url: str | None = None) -> Callable[[int], tuple[Part, ...]]:
    """Return the parts of a feed that is one file."""
    return lambda _: (Part(name=name, path=path, url=url),)


def claim(
    rows: pl.DataFrame, table: str, sport: str, known_at: pl.Expr, how: str | pl.Expr = "assumed"
) -> pl.DataFrame:
    """Return the columns of ``table``, known from ``known_at`` on; a column that ``rows`` lack is null.

    Columns: those of ``lake.schemas``, of which league, season, event_at and event_precision have to be there.
    """
    told = pl.lit(how) if isinstance(how, str) else how
    stamped = rows.with_columns(pl.lit(sport).alias("sport"), known_at.alias("known_at"), told.alias("known_how"))
    expected = table_of(table, sport).claimed
    untold = [pl.lit(None).alias(name) for name in expected if name not in stamped.columns]
    whole = stamped.with_columns(untold)
    return whole.select(exactly(name, whole.schema[name], kind) for name, kind in expected.items())


def joined(games: pl.DataFrame, sport: str) -> pl.DataFrame:
    """Return the fixtures that a secondary source's rows are about; by them the rows are joined to ours.

    They are never stored. Known at: ``stamps.JOINED``, a moment before the start, which asks no more of it.
    """
    return claim(games, "fixtures", sport, pl.col("start") - stamps.DAY)


def nothing_refused() -> pl.DataFrame:
    """Return no refusals."""
    return pl.DataFrame(schema=dict(REFUSED))
