"""The page on the data model is what the code says."""

from __future__ import annotations

from pathlib import Path

from antepost.lake.model import ABOUT, UNITS, markdown
from antepost.lake.schemas import CLAIM, ORIGIN, TABLES
from antepost.sports import SPORTS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "data-model.md"


def test_the_committed_page_is_up_to_date() -> None:
    assert PAGE.read_text() == markdown(), "run: antepost lake model --markdown > docs/data-model.md"


def test_every_table_is_described_and_every_unit_belongs_to_a_column() -> None:
    assert set(ABOUT) == set(TABLES)
    columns = {column for table in TABLES.values() for column in (*CLAIM, *ORIGIN, *table.values)}
    assert set(UNITS) <= columns


def test_every_statistic_of_every_sport_is_on_the_page() -> None:
    page = markdown()
    for name, sport in SPORTS.items():
        assert f"### Statistics of {name}\n" in page
        assert all(f"| `{stat}` |" in page for stat in (*sport.team_stats, *sport.player_stats))
