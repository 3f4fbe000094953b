"""Players, venues, dates and books as dimensions; prices in a partition a sport, with foreign keys again."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

type AnyColumn = sa.Column[Any]

_SHOWN = ("price", "result", "fixture", "team", "league", "watermark", "sport")
_PRICE_KEY = ("sport", "fixture", "book", "market", "player", "outcome", "label")


def upgrade() -> None:
    """Make the dimensions, and ``price`` anew; all of ``star`` is filled again from silver."""
    _emptied(*_SHOWN)
    _calendar()
    _of_a_sport("book")
    person = (_text("name"), _text("country"), sa.Column("born", sa.Date()), _text("hand"), _whole("height"))
    _of_a_sport("player", *person)
    place = (_number("latitude"), _number("longitude"), _number("altitude"))
    _of_a_sport("venue", _text("name"), *place, _text("timezone"), _text("roof"), _text("surface"))
    for column in ("name", "country", "player"):
        op.add_column("team", _text(column), schema="star")
    _refers("team", "player")
    op.add_column("fixture", sa.Column("date", sa.Date(), nullable=False), schema="star")
    _refers("fixture", "venue")
    op.create_foreign_key(
        "fk_fixture_date_date", "fixture", "date", ["date"], ["date"], source_schema="star", referent_schema="star"
    )
    op.drop_table("price", schema="star")
    _price(_moment("quoted_at", nullable=True), postgresql_partition_by="LIST (sport)")
    for dimension in ("fixture", "book", "player"):
        _refers("price", dimension)


def downgrade() -> None:
    """Take them away again; ``star`` is empty then, and filled by whatever antepost comes next."""
    _emptied("price", "result", "fixture", "book", "venue", "team", "player", "league", "date", "watermark", "sport")
    op.drop_table("price", schema="star")
    _price()
    for constraint in ("fk_fixture_venue_sport", "fk_fixture_date_date"):
        op.drop_constraint(constraint, "fixture", schema="star")
    op.drop_column("fixture", "date", schema="star")
    op.drop_constraint("fk_team_player_sport", "team", schema="star")
    for column in ("name", "country", "player"):
        op.drop_column("team", column, schema="star")
    for table in ("venue", "player", "book", "date"):
        op.drop_table(table, schema="star")


def _emptied(*tables: str) -> None:
    op.execute(f"TRUNCATE {', '.join(f'star.{table}' for table in tables)}")


def _calendar() -> None:
    parts = ("year", "month", "day", "iso_year", "iso_week", "weekday")
    op.create_table(
        "date",
        sa.Column("date", sa.Date(), nullable=False),
        *(_whole(part, nullable=False) for part in parts),
        sa.PrimaryKeyConstraint("date", name="pk_date"),
        schema="star",
    )


def _of_a_sport(name: str, *columns: AnyColumn) -> None:
    op.create_table(
        name,
        *(_text("sport", nullable=False), _text(name, nullable=False), *columns),
        sa.PrimaryKeyConstraint("sport", name, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["sport"], ["star.sport.sport"], name=f"fk_{name}_sport_sport"),
        schema="star",
    )


def _price(*more: AnyColumn, postgresql_partition_by: str | None = None) -> None:
    op.create_table(
        "price",
        *(_text(name, nullable=False) for name in _PRICE_KEY),
        *(*more, _number("line"), _number("odds"), _moment("known_at")),
        *(_text("known_how", nullable=False), _whole("batch", nullable=False)),
        sa.PrimaryKeyConstraint(*_PRICE_KEY, name="pk_price"),
        schema="star",
        postgresql_partition_by=postgresql_partition_by,
    )


def _refers(table: str, dimension: str) -> None:
    columns = ["sport", dimension]
    op.create_foreign_key(
        f"fk_{table}_{dimension}_sport", table, dimension, columns, columns,
        source_schema="star", referent_schema="star",
    )  # fmt: skip


def _text(name: str, nullable: bool = True) -> AnyColumn:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str, nullable: bool = True) -> AnyColumn:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str, nullable: bool = False) -> AnyColumn:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _number(name: str) -> AnyColumn:
    return sa.Column(name, sa.Float())
