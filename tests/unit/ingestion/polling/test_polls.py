from __future__ import annotations

from datetime import UTC, datetime

import pytest

from antepost.errors import SourceError
from antepost.ingestion.polling import polls
from antepost.settings import Settings, get_settings

NOW = datetime(2031, 9, 14, tzinfo=UTC)


def test_a_poll_is_a_part_of_a_live_feed_or_the_files_of_an_archive_that_grow(place: Settings) -> None:
    found = {poll.name: poll for poll in polls(place, NOW, None)}
    assert len(found) == len(polls(place, NOW, None))
    assert found["espn_nfl scoreboard"].league == "nfl"
    assert found["espn_soccer scoreboard of eng.1"].league == "E0"
    assert found["the_odds_api_nfl"].host == "api.the-odds-api.com"
    assert found["open_meteo_nfl"].host == "api.open-meteo.com"
    assert [part.season for part in found["tennis_data_atp"].parts] == [2030, 2031]
    assert {part.season for part in found["sackmann_atp"].parts} == {None, 2030, 2031}


def test_what_wants_a_key_says_which_and_a_mirror_wants_none(place: Settings) -> None:
    keyed = get_settings(home=place.home, odds_api_key="invented")
    for settings, mirror, wants in (
        (place, None, "ANTEPOST_ODDS_API_KEY"),
        (place, "http://mirror", None),
        (keyed, None, None),
    ):
        [poll] = polls(settings, NOW, mirror, sources=("the_odds_api_nfl",))
        assert poll.wants == wants


def test_only_what_is_polled_can_be_chosen(place: Settings) -> None:
    assert {poll.source.sport for poll in polls(place, NOW, None, ("nfl", "mlb"))} == {"nfl", "mlb"}
    with pytest.raises(SourceError, match=r"nflverse is not polled; choose from sackmann_atp, .*espn_nfl"):
        polls(place, NOW, None, sources=("nflverse",))
    with pytest.raises(SourceError, match="espn_nfl is of nfl, not of nba"):
        polls(place, NOW, None, ("nba",), ("espn_nfl",))
