"""Bets: a second chain in the ledger, and its view."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_TEXTS = ("prediction", "fixture", "sport", "book", "market", "outcome")


def upgrade() -> None:
    """Create ``ledger.bet``, show it in ``star``, and let the noted heads say of which chain they are."""
    # What is there are heads of predictions. A default fills them in without an UPDATE, which the ledger refuses.
    op.add_column("chain", _text("chain", server_default="prediction"), schema="ledger")
    op.alter_column("chain", "chain", server_default=None, schema="ledger")
    op.drop_constraint("pk_chain", "chain", schema="ledger")
    op.create_primary_key("pk_chain", "chain", ["chain", "length"], schema="ledger")
    _bet()
    op.execute(
        "CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.bet "
        "FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse()"
    )
    op.execute("CREATE VIEW star.bet AS SELECT * FROM ledger.bet")


def downgrade() -> None:
    """Take both away where no bet was ever noted; predictions and their heads stay as they are."""
    if op.get_bind().execute(sa.text("SELECT EXISTS (SELECT FROM ledger.bet)")).scalar():
        raise CommandError("ledger.bet holds rows, and a ledger is never dropped")
    op.execute("DROP VIEW star.bet")
    op.drop_table("bet", schema="ledger")
    op.drop_constraint("pk_chain", "chain", schema="ledger")
    op.create_primary_key("pk_chain", "chain", ["length"], schema="ledger")
    op.drop_column("chain", "chain", schema="ledger")


def _bet() -> None:
    op.create_table(
        "bet",
        sa.Column("sequence", sa.BigInteger(), nullable=False, autoincrement=False),
        *(_text("hash"), _text("previous"), _text("bet"), _text("event")),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        *(_text(name) for name in _TEXTS),
        *(_number("line", nullable=True), _number("odds"), _number("stake"), _number("profit", nullable=True)),
        *(sa.Column("paper", sa.Boolean(), nullable=False), _text("policy"), _text("record")),
        sa.PrimaryKeyConstraint("sequence", name="pk_bet"),
        sa.ForeignKeyConstraint(["prediction"], ["ledger.prediction.hash"], name="fk_bet_prediction_prediction"),
        sa.UniqueConstraint("bet", "event", "at", name="uq_bet_event"),
        sa.UniqueConstraint("hash", name="uq_bet_hash"),
        sa.CheckConstraint("event IN ('placed', 'settled', 'voided')", name="ck_bet_event"),
        sa.CheckConstraint("odds > 1 AND stake >= 0", name="ck_bet_price"),
        sa.CheckConstraint("(event = 'placed') = (profit IS NULL)", name="ck_bet_profit"),
        schema="ledger",
    )
    op.create_index("ix_bet_sport", "bet", ["sport", "sequence"], schema="ledger")


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, **options)


def _number(name: str, nullable: bool = False) -> sa.Column[float]:
    return sa.Column(name, sa.Float(), nullable=nullable)
