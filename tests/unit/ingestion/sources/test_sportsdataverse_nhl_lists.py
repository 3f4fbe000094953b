"""fastRhockey's lists: scratches an hour before, names when the season is over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from antepost.ingestion.source import Part
from antepost.ingestion.sources.sportsdataverse_nhl_lists import (
    SPORTSDATAVERSE_NHL_ROSTERS,
    SPORTSDATAVERSE_NHL_SCRATCHES,
)
from antepost.ingestion.stamps import UNDATED
from tests.payloads.nhl import PAYLOADS


def test_a_scratch_is_known_an_hour_before_under_the_players_id() -> None:
    part, data = PAYLOADS["sportsdataverse_nhl_scratches"]
    rosters = SPORTSDATAVERSE_NHL_SCRATCHES.read(data, Part(name=part, path="")).tables["rosters"]
    assert rosters.select("role", "name", "team").rows() == [
        ("scratch_8000021", "Sid Sore", None), ("scratch_8000022", "Hurt", None),
    ]  # fmt: skip
    assert set(rosters["known_at"]) == {UNDATED - timedelta(hours=1)}


def test_a_season_list_gives_names_only_and_after_the_season() -> None:
    """It has later trades in it: with a club, or before July, it would tell of them."""
    part, data = PAYLOADS["sportsdataverse_nhl_rosters"]
    parsed = SPORTSDATAVERSE_NHL_ROSTERS.read(data, Part(name=part, path=""))
    assert set(parsed.tables) == {"entities"}
    assert parsed.tables["entities"]["known_at"].min() == datetime(2024, 7, 2, tzinfo=UTC)
