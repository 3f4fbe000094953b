"""The star schema: dimensions, fixtures, results, prices, and the watermark of each sport."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

type AnyColumn = sa.Column[Any]


def upgrade() -> None:
    """Create the schema ``star``."""
    op.execute("CREATE SCHEMA star")
    _dimensions()
    _fixture()
    _facts()


def downgrade() -> None:
    """Drop the schema ``star``; ``project`` fills it again from silver."""
    op.execute("DROP SCHEMA star CASCADE")


def _dimensions() -> None:
    op.create_table("sport", _text("sport"), sa.PrimaryKeyConstraint("sport", name="pk_sport"), schema="star")
    _of_a_sport("watermark", sa.Column("batch", sa.BigInteger(), nullable=False), key=("sport",))
    _of_a_sport("league", _text("league"), key=("sport", "league"))
    _of_a_sport("team", _text("team"), key=("sport", "team"))


def _of_a_sport(name: str, column: AnyColumn, key: tuple[str, ...]) -> None:
    op.create_table(
        name,
        _text("sport"),
        column,
        sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["sport"], ["star.sport.sport"], name=f"fk_{name}_sport_sport"),
        schema="star",
    )


def _fixture() -> None:
    team = ["star.team.sport", "star.team.team"]
    league = ["star.league.sport", "star.league.league"]
    op.create_table(
        "fixture",
        *(_text("sport"), _text("fixture"), _text("league"), _whole("season"), _moment("start")),
        *(_text("stage", nullable=True), _whole("week", nullable=True), _text("home"), _text("away")),
        *(
            sa.Column("neutral", sa.Boolean()),
            _text("venue", nullable=True),
            _whole("sequence", nullable=True),
        ),
        *_stamps(),
        sa.PrimaryKeyConstraint("sport", "fixture", name="pk_fixture"),
        sa.ForeignKeyConstraint(["sport", "league"], league, name="fk_fixture_league_sport"),
        sa.ForeignKeyConstraint(["sport", "home"], team, name="fk_fixture_home"),
        sa.ForeignKeyConstraint(["sport", "away"], team, name="fk_fixture_away"),
        schema="star",
    )
    op.create_index("ix_fixture_season", "fixture", ["sport", "season", "start"], schema="star")


def _facts() -> None:
    scores = (_whole("home_score"), _whole("away_score"), sa.Column("overtime", sa.Boolean()))
    _of_a_fixture("result", *scores, key=())
    told_by = ("book", "market", "outcome", "label")
    numbers = (sa.Column("line", sa.Float()), sa.Column("odds", sa.Float()))
    _of_a_fixture("price", *(_text(name) for name in told_by), *numbers, key=told_by)


def _of_a_fixture(name: str, *columns: AnyColumn, key: tuple[str, ...]) -> None:
    fixture = ["star.fixture.sport", "star.fixture.fixture"]
    op.create_table(
        name,
        *(_text("sport"), _text("fixture"), *columns, *_stamps()),
        sa.PrimaryKeyConstraint("sport", "fixture", *key, name=f"pk_{name}"),
        sa.ForeignKeyConstraint(["sport", "fixture"], fixture, name=f"fk_{name}_fixture_sport"),
        schema="star",
    )


def _stamps() -> tuple[AnyColumn, ...]:
    return (_moment("known_at"), _text("known_how"), _whole("batch"))


def _text(name: str, nullable: bool = False) -> AnyColumn:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _whole(name: str, nullable: bool = False) -> AnyColumn:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _moment(name: str) -> AnyColumn:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)
