"""The page on the data model is what the code says."""

from __future__ import annotations

from pathlib import Path

from antepost.lake.model import ABOUT, UNITS, markdown
from antepost.lake.schemas import CLAIM, ORIGIN, TABLES
from antepost.lake.star import drawing
from antepost.lake.star.base import Base
from antepost.sports import SPORTS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "data-model.md"


def test_the_committed_page_is_up_to_date() -> None:
    assert PAGE.read_text() == markdown(), "run: make data-model"


def test_every_table_is_described_and_every_unit_belongs_to_a_column() -> None:
    assert set(ABOUT) == set(TABLES)
    columns = {column for table in TABLES.values() for column in (*CLAIM, *ORIGIN, *table.values)}
    assert set(UNITS) <= columns


def test_every_statistic_of_every_sport_is_on_the_page() -> None:
    page = markdown()
    for name, sport in SPORTS.items():
        assert f"### Statistics of {name}\n" in page
        assert all(f"| `{stat}` |" in page for stat in (*sport.team_stats, *sport.player_stats))


def test_every_table_in_postgres_is_on_the_page_with_its_columns_and_drawn_with_its_references() -> None:
    page = markdown()
    for table in Base.metadata.tables.values():
        after = page.partition(f"### {table.fullname}\n\n")[2].partition("###")[0]
        assert after, table.fullname
        assert not after.startswith("|"), f"{table.fullname} has no line that says what a row is"
        assert all(f"| `{column.name}` | " in after for column in table.columns)
        for key in table.foreign_key_constraints:
            assert f"    {key.referred_table.name} ||--o{{ {table.name} : " in page
    columns = {column.name for table in Base.metadata.tables.values() for column in table.columns}
    assert set(drawing.UNITS) <= columns


def test_every_silver_table_is_drawn_with_its_key() -> None:
    drawn = markdown().partition("erDiagram\n")[2].partition("```")[0]
    for name, table in TABLES.items():
        entity = drawn.partition(f"    {name} {{\n")[2].partition("}")[0]
        assert [line.split()[1] for line in entity.splitlines() if line.strip()] == list(table.key)
