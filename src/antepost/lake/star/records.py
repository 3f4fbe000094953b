"""The schema ``ledger``: append-only by triggers and by the roles' rights, and never dropped.

``record`` is the canonical JSON that was hashed; the columns beside it only find it.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from antepost.lake.star.base import LEDGER, Base


class Prediction(Base):
    """A sealed prediction."""

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


class Bet(Base):
    """What happened to a bet: it was placed on a sealed prediction, settled, or voided; a line each.

    ``stake`` and ``profit`` are fractions of the bankroll. A settlement that is corrected is a later ``settled`` line,
    and the last one stands.
    """

    __tablename__ = "bet"
    __table_args__ = (
        ForeignKeyConstraint(["prediction"], [f"{LEDGER}.prediction.hash"]),
        UniqueConstraint("bet", "event", "at", name="uq_bet_event"),
        UniqueConstraint("hash", name="uq_bet_hash"),
        CheckConstraint("event IN ('placed', 'settled', 'voided')", name="event"),
        CheckConstraint("odds > 1 AND stake >= 0", name="price"),
        CheckConstraint("(event = 'placed') = (profit IS NULL)", name="profit"),
        Index("ix_bet_sport", "sport", "sequence"),
        {"schema": LEDGER},
    )

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[str]
    previous: Mapped[str]
    bet: Mapped[str]
    event: Mapped[str]
    at: Mapped[datetime]
    prediction: Mapped[str]
    fixture: Mapped[str]
    sport: Mapped[str]
    book: Mapped[str]
    market: Mapped[str]
    outcome: Mapped[str]
    line: Mapped[float | None]
    odds: Mapped[float]
    stake: Mapped[float]
    profit: Mapped[float | None]
    paper: Mapped[bool]
    policy: Mapped[str]
    record: Mapped[str]


class Chain(Base):
    """A chain's length and head after each append: what tells a chain cut short from a shorter one.

    ``chain`` is prediction or bet.
    """

    __tablename__ = "chain"
    __table_args__ = ({"schema": LEDGER},)

    chain: Mapped[str] = mapped_column(primary_key=True)
    length: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    head: Mapped[str]


class Key(Base):
    """A public key that signed bundles."""

    __tablename__ = "key"
    __table_args__ = ({"schema": LEDGER},)

    id: Mapped[str] = mapped_column(primary_key=True)
    pem: Mapped[str]
    created_at: Mapped[datetime]
