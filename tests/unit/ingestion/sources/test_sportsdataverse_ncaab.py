"""College basketball: dates, levels that are none, brackets drawn late, members' names, box scores by id."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from antepost.ingestion import stamps
from antepost.ingestion.bundle import bundle
from antepost.ingestion.source import Parsed
from antepost.ingestion.sources.sportsdataverse_ncaab import NCAAB_BOXES, NCAAB_GAMES
from tests.payloads.ncaab import BOXES, GAMES, MEMBERS, parquet

type Columns = Mapping[str, Sequence[object]]


def _schedule(games: Columns = GAMES, members: Columns = MEMBERS) -> Parsed:
    found = next(found for found in NCAAB_GAMES.parts(2022) if found.name == "games-2021")
    return NCAAB_GAMES.read(bundle([parquet(games), parquet(members)]), found)


def _boxes(columns: Columns = BOXES) -> Parsed:
    found = next(found for found in NCAAB_BOXES.parts(2022) if found.name == "boxes-2021")
    return NCAAB_BOXES.read(parquet(columns), found)


def test_a_season_is_named_by_the_year_in_which_it_begins() -> None:
    fixtures = _schedule().tables["fixtures"]
    assert set(fixtures["season"]) == {2021}
    assert fixtures["start"][0] == datetime(2021, 11, 8, 12, tzinfo=UTC)
    assert set(fixtures["event_precision"]) == {"day"}


def test_nobody_says_whether_a_site_is_neutral() -> None:
    fixtures = _schedule().tables["fixtures"]
    assert fixtures["neutral"].null_count() == fixtures["stage"].null_count() == fixtures.height


def test_two_games_of_the_same_sides_on_one_day_are_in_order() -> None:
    fixtures = _schedule().tables["fixtures"]
    assert fixtures.select("fixture", "sequence").rows()[1:3] == [("ncaab-9000002", 0), ("ncaab-9000003", 1)]


def test_a_level_score_is_no_result_and_the_game_stays() -> None:
    """Forty games have one side's points written for both."""
    parsed = _schedule()
    assert "ncaab-9000004" in set(parsed.tables["fixtures"]["fixture"])
    assert "ncaab-9000004" not in set(parsed.tables["results"]["fixture"])
    assert parsed.refused["reason"].to_list() == ["a level score: one side's was written for both"]


def test_a_score_from_within_the_game_is_no_result() -> None:
    parsed = _schedule({**GAMES, "home_score": [14, 80, 66, 71, 61], "away_score": [25] * 5})
    assert "ncaab-9000001" not in set(parsed.tables["results"]["fixture"])
    assert parsed.refused["reason"].str.contains("within the game").any()


def test_a_bracket_is_known_a_day_before_and_the_rest_a_month_before_the_season() -> None:
    fixtures = _schedule().tables["fixtures"]
    assert fixtures["known_at"][0] == datetime(2021, 10, 9, 12, tzinfo=UTC)
    assert fixtures["known_at"][4] == datetime(2022, 3, 16, 12, tzinfo=UTC)


def test_the_first_brackets_are_played_in_february() -> None:
    days = ["11/08/2021", "02/19/2022", "02/20/2022", "02/28/2022", "03/17/2022"]
    fixtures = _schedule({**GAMES, "game_date": days}).tables["fixtures"]
    before = [(start - known).days for start, known in fixtures.select("start", "known_at").iter_rows()]
    assert before == [30, 133, 1, 1, 1]


def test_a_result_is_known_the_next_day() -> None:
    assert _schedule().tables["results"]["known_at"][0] == datetime(2021, 11, 9, 12, tzinfo=UTC)


def test_members_have_the_names_that_the_games_have() -> None:
    entities = _schedule().tables["entities"]
    assert entities["entity"].to_list() == ["ant-st", "bee-tech", "fdu"]
    assert set(entities["known_at"]) == {datetime(2021, 10, 2, tzinfo=UTC)}


def test_a_member_plays_in_the_conference_of_that_season_and_others_in_none() -> None:
    members = {**MEMBERS, "conference": ["Inv", "NA", "NEC"]}
    fixtures = _schedule(members=members).tables["fixtures"]
    assert fixtures["home_division"].to_list() == ["Inv", None, None, "Inv", None]
    assert fixtures["away_division"].to_list() == [None, None, None, None, "Inv"]


def test_a_box_score_names_its_game_and_no_day() -> None:
    stats = _boxes().tables["team_stats"]
    assert stats.select("fixture", "side", "possessions", "points").row(0) == ("ncaab-9000001", "away", 60, 74)
    assert set(stats["event_at"]) == {stamps.UNDATED}
    assert (stats["known_at"] > stats["event_at"]).all()


def test_a_box_score_without_a_possession_is_refused() -> None:
    parsed = _boxes({**BOXES, "o_poss": [0.0, 61.0, 62.0]})
    assert parsed.refused["reason"].to_list() == ["no possession at all"]
    assert parsed.tables["team_stats"].height == 2
