"""The NHL seasons that no schedule has, from OddsPortal's list."""

from __future__ import annotations

from antepost.ingestion.source import Part
from antepost.ingestion.sources.oddsportal_nhl_seasons import ODDSPORTAL_NHL_SEASONS
from tests.payloads.nhl import ODDSPORTAL

PARSED = ODDSPORTAL_NHL_SEASONS.read(ODDSPORTAL, Part(name="games", path=""))


def test_only_the_missing_seasons_are_taken_and_play_offs_are_told_by_their_day() -> None:
    told = PARSED.tables["fixtures"].select("season", "stage", "home", "neutral").rows()
    assert told == [(2013, "PLAYOFF", "Boston Bruins", False), (2013, "REG", "Winnipeg Jets", True)]


def test_results_belong_to_the_same_ids() -> None:
    assert PARSED.tables["results"]["fixture"].to_list() == PARSED.tables["fixtures"]["fixture"].to_list()
    assert PARSED.tables["results"]["outcome"].to_list() == ["home", "away"]
