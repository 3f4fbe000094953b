"""The tables of both schemas, as SQLAlchemy sees them.

``star`` is dropped and rebuilt from silver at will, each sport under the watermark of the batch it shows.
``ledger`` is append-only by triggers and never dropped.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, DateTime, ForeignKeyConstraint, Index, MetaData, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

STAR = "star"
LEDGER = "ledger"

_NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(referred_table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s",
    "ix": "ix_%(table_name)s_%(column_0_name)s",
}


class Base(DeclarativeBase):
    """What all tables share: long integers, text without a length, times with a zone, named constraints."""

    metadata = MetaData(naming_convention=_NAMES)
    type_annotation_map = {int: BigInteger, str: Text, datetime: DateTime(timezone=True)}  # noqa: RUF012


class Sport(Base):
    """A sport that has been projected."""

    __tablename__ = "sport"
    __table_args__ = ({"schema": STAR},)

    sport: Mapped[str] = mapped_column(primary_key=True)


class Watermark(Base):
    """The batch up to which a sport's rows show silver."""

    __tablename__ = "watermark"
    __table_args__ = (ForeignKeyConstraint(["sport"], ["star.sport.sport"]), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    batch: Mapped[int]


class League(Base):
    """A league of a sport."""

    __tablename__ = "league"
    __table_args__ = (ForeignKeyConstraint(["sport"], ["star.sport.sport"]), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    league: Mapped[str] = mapped_column(primary_key=True)


class Team(Base):
    """A franchise by its canonical id."""

    __tablename__ = "team"
    __table_args__ = (ForeignKeyConstraint(["sport"], ["star.sport.sport"]), {"schema": STAR})

    sport: Mapped[str] = mapped_column(primary_key=True)
    team: Mapped[str] = mapped_column(primary_key=True)


class Fixture(Base):
    """A fixture as its newest revision has it."""

    __tablename__ = "fixture"
    __table_args__ = (
        ForeignKeyConstraint(["sport", "league"], ["star.league.sport", "star.league.league"]),
        ForeignKeyConstraint(["sport", "home"], ["star.team.sport", "star.team.team"], name="fk_fixture_home"),
        ForeignKeyConstraint(["sport", "away"], ["star.team.sport", "star.team.team"], name="fk_fixture_away"),
        Index("ix_fixture_season", "sport", "season", "start"),
        {"schema": STAR},
    )

    sport: Mapped[str] = mapped_column(primary_key=True)
    fixture: Mapped[str] = mapped_column(primary_key=True)
    league: Mapped[str]
    season: Mapped[int]
    start: Mapped[datetime]
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
    __table_args__ = (
        ForeignKeyConstraint(["sport", "fixture"], ["star.fixture.sport", "star.fixture.fixture"]),
        {"schema": STAR},
    )

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

    Its fixture is there: the loader sees to it, since a foreign key would take longer than the copy.
    """

    __tablename__ = "price"
    __table_args__ = ({"schema": STAR},)

    sport: Mapped[str] = mapped_column(primary_key=True)
    fixture: Mapped[str] = mapped_column(primary_key=True)
    book: Mapped[str] = mapped_column(primary_key=True)
    market: Mapped[str] = mapped_column(primary_key=True)
    player: Mapped[str] = mapped_column(primary_key=True)
    outcome: Mapped[str] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(primary_key=True)
    line: Mapped[float | None]
    odds: Mapped[float | None]
    known_at: Mapped[datetime]
    known_how: Mapped[str]
    batch: Mapped[int]


class Prediction(Base):
    """A sealed prediction: ``record`` is the canonical JSON that was hashed, the columns only find it."""

    __tablename__ = "prediction"
    __table_args__ = (
        UniqueConstraint("fixture", "set", "bundle", "facts", name="uq_prediction_seal"),
        UniqueConstraint("hash", name="uq_prediction_hash"),
        Index("ix_prediction_sport", "sport", "set", "sequence"),
        {"schema": LEDGER},
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]
    previous: Mapped[str]
    fixture: Mapped[str]
    sport: Mapped[str]
    target: Mapped[str]
    set: Mapped[str]
    bundle: Mapped[str]
    facts: Mapped[str]
    as_of: Mapped[datetime]
    sealed_at: Mapped[datetime]
    late: Mapped[bool]
    record: Mapped[str]


class Chain(Base):
    """The chain's length and head after each append: what tells a chain cut short from a shorter one."""

    __tablename__ = "chain"
    __table_args__ = ({"schema": LEDGER},)

    length: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    head: Mapped[str]


class Key(Base):
    """A public key that signed bundles."""

    __tablename__ = "key"
    __table_args__ = ({"schema": LEDGER},)

    id: Mapped[str] = mapped_column(primary_key=True)
    pem: Mapped[str]
    created_at: Mapped[datetime]
