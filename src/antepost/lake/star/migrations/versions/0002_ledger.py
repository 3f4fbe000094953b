"""The ledger: sealed predictions, the chain's heads, public keys; nothing in it can be changed."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_TABLES = ("prediction", "chain", "key")

_REFUSE = """
CREATE FUNCTION ledger.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'ledger.% is append-only: % refused', TG_TABLE_NAME, TG_OP;
END $$
"""


def upgrade() -> None:
    """Create the schema ``ledger`` and its view in ``star``."""
    op.execute("CREATE SCHEMA ledger")
    _prediction()
    head = (sa.Column("length", sa.BigInteger(), nullable=False, autoincrement=False), _text("head"))
    op.create_table("chain", *head, sa.PrimaryKeyConstraint("length", name="pk_chain"), schema="ledger")
    key = (_text("id"), _text("pem"), _moment("created_at"))
    op.create_table("key", *key, sa.PrimaryKeyConstraint("id", name="pk_key"), schema="ledger")
    op.execute(_REFUSE)
    for table in _TABLES:
        op.execute(
            f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger.{table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION ledger.refuse()"
        )
    op.execute("CREATE VIEW star.prediction AS SELECT * FROM ledger.prediction")


def downgrade() -> None:
    """Drop the schema ``ledger`` where it is empty; a ledger with a row in it is never dropped."""
    for table in _TABLES:
        # The names are the three above.
        if op.get_bind().execute(sa.text(f"SELECT EXISTS (SELECT FROM ledger.{table})")).scalar():  # noqa: S608
            raise CommandError(f"ledger.{table} holds rows, and a ledger is never dropped")
    op.execute("DROP VIEW IF EXISTS star.prediction")
    op.execute("DROP SCHEMA ledger CASCADE")


def _prediction() -> None:
    op.create_table(
        "prediction",
        sa.Column("sequence", sa.BigInteger(), nullable=False, autoincrement=False),
        *(_text("hash"), _text("previous"), _text("fixture"), _text("sport"), _text("target"), _text("set")),
        *(_text("bundle"), _text("facts"), _moment("as_of"), _moment("sealed_at")),
        *(sa.Column("late", sa.Boolean(), nullable=False), _text("record")),
        sa.PrimaryKeyConstraint("sequence", name="pk_prediction"),
        sa.UniqueConstraint("fixture", "set", "bundle", "facts", name="uq_prediction_seal"),
        sa.UniqueConstraint("hash", name="uq_prediction_hash"),
        schema="ledger",
    )
    op.create_index("ix_prediction_sport", "prediction", ["sport", "set", "sequence"], schema="ledger")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
