"""The schema ``star``: dimensions and facts as they stand now, each sport under the watermark of the batch it shows.

It is dropped and rebuilt from silver at will. A key begins with its sport, but for the calendar's.
"""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from sqlalchemy import Date, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from antepost.lake.star.base import STAR, Base


def _refers(*columns: str, to: str, name: str | None = None) -> ForeignKeyConstraint:
    """Return the foreign key that leads from (sport, columns) to the primary key of the table ``to``."""
    theirs = [f"{STAR}.{to}.{column}" for column in ("sport", to)]
    return ForeignKeyConstraint(["sport", *columns], theirs, name=name)


def _of_sport() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["sport"], [f"{STAR}.sport.sport"])


class Sport(Base):
    """A sport that is shown."""

    __tablename__ = "sport"
    __table_args__ = ({"schema": STAR},)

    sport: Mapped[str] = mapped_column(primary_key=True)


class Watermark(Base):
    """The batch up to which a sport's rows show silver."""

    __tablename__ = "watermark"
    __table_args__ = (_of_sport(), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    batch: Mapped[int]


class Day(Base):
    """A day of the calendar, UTC; every day of every year in which a shown sport has a fixture."""

    __tablename__ = "date"
    __table_args__ = ({"schema": STAR},)

    date: Mapped[dt.date] = mapped_column(Date, primary_key=True)
    year: Mapped[int]
    month: Mapped[int]
    day: Mapped[int]
    iso_year: Mapped[int]
    iso_week: Mapped[int]
    weekday: Mapped[int]


class League(Base):
    """A league of a sport."""

    __tablename__ = "league"
    __table_args__ = (_of_sport(), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    league: Mapped[str] = mapped_column(primary_key=True)


class Book(Base):
    """Who offered a price: a bookmaker, or an average or maximum over several as its source calls it."""

    __tablename__ = "book"
    __table_args__ = (_of_sport(), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(primary_key=True)


class Player(Base):
    """A person by the canonical id; the one with the empty id stands for the game itself, in prices."""

    __tablename__ = "player"
    __table_args__ = (_of_sport(), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    player: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    country: Mapped[str | None]
    born: Mapped[dt.date | None] = mapped_column(Date)
    hand: Mapped[str | None]
    height: Mapped[int | None]


class Team(Base):
    """A side of fixtures by its canonical id; ``player`` is who that is, where a side is a person."""

    __tablename__ = "team"
    __table_args__ = (_of_sport(), _refers("player", to="player"), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    country: Mapped[str | None]
    player: Mapped[str | None]


class Venue(Base):
    """A ground as it is now; one that no source describes has its name only."""

    __tablename__ = "venue"
    __table_args__ = (_of_sport(), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    venue: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    altitude: Mapped[float | None]
    timezone: Mapped[str | None]
    roof: Mapped[str | None]
    surface: Mapped[str | None]


class Fixture(Base):
    """A fixture as its newest revision has it; ``date`` is the day of its start, UTC."""

    __tablename__ = "fixture"
    __table_args__ = (
        _refers("league", to="league"),
        _refers("home", to="team", name="fk_fixture_home"),
        _refers("away", to="team", name="fk_fixture_away"),
        _refers("venue", to="venue"),
        ForeignKeyConstraint(["date"], [f"{STAR}.date.date"]),
        Index("ix_fixture_season", "sport", "season", "start"),
        {"schema": STAR},
    )

    sport: Mapped[str] = mapped_column(primary_key=True)
    fixture: Mapped[str] = mapped_column(primary_key=True)
    league: Mapped[str]
    season: Mapped[int]
    start: Mapped[datetime]
    date: Mapped[dt.date] = mapped_column(Date)
    stage: Mapped[str | None]
    week: Mapped[int | None]
    home: Mapped[str]
    away: Mapped[str]
    neutral: Mapped[bool | None]
    venue: Mapped[str | None]
    sequence: Mapped[int | None]
    known_at: Mapped[datetime]
    known_how: Mapped[str]
    batch: Mapped[int]


class Result(Base):
    """A fixture's result as its newest revision has it."""

    __tablename__ = "result"
    __table_args__ = (_refers("fixture", to="fixture"), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    fixture: Mapped[str] = mapped_column(primary_key=True)
    home_score: Mapped[int | None]
    away_score: Mapped[int | None]
    overtime: Mapped[bool | None]
    outcome: Mapped[str | None]
    ending: Mapped[str | None]
    known_at: Mapped[datetime]
    known_how: Mapped[str]
    batch: Mapped[int]


class Price(Base):
    """A price, decimal odds and line, as its newest revision or quote has it; ``player`` is empty for the game itself.

    A partition a sport, which is made beside the old one and takes its place whole.
    """

    __tablename__ = "price"
    __table_args__ = (
        _refers("fixture", to="fixture"),
        _refers("book", to="book"),
        _refers("player", to="player"),
        {"schema": STAR, "postgresql_partition_by": "LIST (sport)"},
    )

    sport: Mapped[str] = mapped_column(primary_key=True)
    fixture: Mapped[str] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(primary_key=True)
    player: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    quoted_at: Mapped[datetime | None]
    line: Mapped[float | None]
    odds: Mapped[float | None]
    known_at: Mapped[datetime]
    known_how: Mapped[str]
    batch: Mapped[int]


class Standing(Base):
    """What stands for a fixture that is ahead: its state rows as bytes, under the catalogue whose digest is ``lock``.

    No projection of silver but a cache of features, see ``lake.hot``; a rebuild of the star leaves it as it is.
    """

    __tablename__ = "standing"
    __table_args__ = ({"schema": STAR},)

    sport: Mapped[str] = mapped_column(primary_key=True)
    lock: Mapped[str] = mapped_column(primary_key=True)
    fixture: Mapped[str] = mapped_column(primary_key=True)
    body: Mapped[bytes]
