"""The page of features says what the declarations say."""

from __future__ import annotations

from pathlib import Path

from antepost.features import features_of
from antepost.features.catalogue import groups_of
from antepost.features.page import markdown
from antepost.features.sources import sources
from antepost.lake.schemas import TABLES
from antepost.sports import SPORTS
from antepost.sports.nfl import NFL

PAGE = Path(__file__).resolve().parents[3] / "docs" / "features.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == markdown(), "run: antepost features list --markdown > docs/features.md"


def test_every_column_of_every_sport_stands_on_it_once() -> None:
    rows = [line.split("`")[1] for line in markdown().splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted(feature.name for sport in SPORTS for feature in features_of(sport))


def test_every_group_says_which_tables_it_reads() -> None:
    read = {group.name: sources(group, NFL) for group in groups_of(NFL)}
    assert read["form"] == ("results",)
    assert read["officials"] == ("officials", "results", "team_stats", "fixtures")
    for sport in SPORTS.values():
        for group in groups_of(sport):
            named = sources(group, sport)
            assert named, group.name
            assert {*named} <= {*TABLES}
