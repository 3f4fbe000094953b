"""Prices of players and results with their ending; a sport with millions of prices is copied without a foreign key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make ``result`` and ``price`` anew; both are filled again from silver."""
    _emptied()
    for column in ("outcome", "ending"):
        op.add_column("result", sa.Column(column, sa.Text()), schema="star")
    # A walkover has a winner and no score.
    for column in ("home_score", "away_score"):
        op.alter_column("result", column, nullable=True, schema="star")
    # The loader refuses a price without its fixture; Postgres would look up every row again, for most of the time.
    op.drop_constraint("fk_price_fixture_sport", "price", schema="star")
    op.drop_constraint("pk_price", "price", schema="star")
    op.add_column("price", sa.Column("player", sa.Text(), nullable=False), schema="star")
    op.create_primary_key(
        "pk_price", "price", ["sport", "fixture", "book", "market", "player", "outcome", "label"], schema="star"
    )


def downgrade() -> None:
    """Take the columns away again."""
    _emptied()
    op.drop_constraint("pk_price", "price", schema="star")
    op.drop_column("price", "player", schema="star")
    op.create_primary_key(
        "pk_price", "price", ["sport", "fixture", "book", "market", "outcome", "label"], schema="star"
    )
    op.create_foreign_key(
        "fk_price_fixture_sport", "price", "fixture", ["sport", "fixture"], ["sport", "fixture"],
        source_schema="star", referent_schema="star",
    )  # fmt: skip
    for column in ("home_score", "away_score"):
        op.alter_column("result", column, nullable=False, schema="star")
    for column in ("outcome", "ending"):
        op.drop_column("result", column, schema="star")


def _emptied() -> None:
    op.execute("TRUNCATE star.price, star.result")
    op.execute("DELETE FROM star.watermark")
