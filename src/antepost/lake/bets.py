"""The ledger of bets: a line when one is placed, a line when it is settled or voided; none is ever changed.

What to bet is decided elsewhere. A record holds ``bet`` (its id, its maker's choice), ``event`` (placed, settled,
voided), ``at`` (when), ``prediction`` (the hash of the sealed prediction it rests on), fixture, sport, book, market,
outcome, line, ``odds`` (decimal), ``stake`` and ``profit`` (fractions of the bankroll; no profit while it is open),
``paper`` (no money was moved) and ``policy`` (the digest it was decided under). Further fields are sealed with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Engine, select

from antepost.domain.seal import Record
from antepost.lake.chains import SealedTable
from antepost.lake.star.records import Bet

BETS = SealedTable(
    table=Bet,
    name="bet",
    lock=7_310_240_004,
    identity=("bet", "event", "at"),
    texts=("bet", "event", "prediction", "fixture", "sport", "book", "market", "outcome", "policy"),
    moments=("at",),
    flags=("paper",),
    numbers=("line", "odds", "stake", "profit"),
    untold=("line", "profit"),
)


def append(engine: Engine, records: Sequence[Mapping[str, object]]) -> list[Record]:
    """Return each line as it stands in the ledger, in the order given, see ``SealedTable.append``.

    One whose (bet, event, at) is there already is returned as it was sealed then.

    Raises:
        DataError: a field is missing or of the wrong type, no such prediction was sealed, or odds, stake or profit
            cannot be.
    """
    return BETS.append(engine, records)


def find(
    engine: Engine, sport: str | None = None, bet: str | None = None, limit: int = 100, offset: int = 0
) -> list[Record]:
    """Return the lines of a sport and of one bet (None: all), the newest first."""
    query = select(Bet.record).order_by(Bet.sequence.desc()).limit(limit).offset(offset)
    for column, value in ((Bet.sport, sport), (Bet.bet, bet)):
        if value is not None:
            query = query.where(column == value)
    return BETS.records(engine, query)


def chain(engine: Engine) -> list[Record]:
    """Return all lines in the order of the chain."""
    return BETS.chain(engine)


def verify(engine: Engine) -> list[str]:
    """Return every fault of the bets' chain, as sentences; an empty list is a sound ledger."""
    return BETS.verify(engine)
