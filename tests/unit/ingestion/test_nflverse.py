"""What the games file becomes: rows, stamps and refusals, from invented rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import Parsed
from antepost.ingestion.sources.nflverse import parse

type Row = dict[str, str]
type MakeGame = Callable[..., Row]
type MakeFile = Callable[..., bytes]

# The season's other games, so that one bad row is not most of the file.
OTHERS = (("MIA", "NYJ"), ("DAL", "SF"), ("GB", "CHI"))


@pytest.fixture
def read(game: MakeGame, file: MakeFile) -> Callable[..., Parsed]:
    """Parse the given games beside a few sound ones."""

    def run(*rows: Row) -> Parsed:
        return parse(file(*(game(away, home) for away, home in OTHERS), *rows))

    return run


def only(parsed: Parsed, table: str, fixture: str = "nfl-2031-01-KC-BUF") -> dict[str, object]:
    [row] = parsed.tables[table].filter(pl.col("fixture") == fixture).iter_rows(named=True)
    return row


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type]


def test_a_game_becomes_a_row_in_every_table(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game())
    assert parsed.games == 4
    assert {name: frame.height for name, frame in parsed.tables.items()} == {
        "fixtures": 4, "results": 4, "prices": 24, "venues": 4, "rosters": 8, "officials": 4, "weather": 4,
        "names": 0,
    }  # fmt: skip
    assert parsed.refused.is_empty()


def test_a_team_that_moved_is_called_as_the_file_calls_it(read: Callable[..., Parsed], game: MakeGame) -> None:
    names = read(game("OAK", "STL", week="2")).tables["names"]
    assert set(names.select("entity", "name").rows()) == {("LV", "OAK"), ("LAR", "STL")}


def test_new_york_clocks_become_utc_and_day_light_saving_counts(read: Callable[..., Parsed], game: MakeGame) -> None:
    winter = game("LAR", "SEA", week="17", gameday="2031-12-28")
    parsed = read(game(), winter)
    assert only(parsed, "fixtures")["start"] == utc(2031, 9, 7, 17)
    assert only(parsed, "fixtures", "nfl-2031-17-LAR-SEA")["start"] == utc(2031, 12, 28, 18)


@pytest.mark.parametrize(
    ("season", "clock", "location", "hour"),
    [
        ("2003", "09:00", "Home", 25),
        ("2006", "09:00", "Home", 13),
        ("2017", "21:30", "Neutral", 13),
        ("2017", "21:30", "Home", 25),
        ("2019", "21:30", "Neutral", 25),
    ],
)
def test_two_faults_of_upstreams_clock_are_mended_and_no_more(
    game: MakeGame, file: MakeFile, season: str, clock: str, location: str, hour: int
) -> None:
    """Sunday night games of 2000-05 stand as 09:00, London games of 2017-18 as 21:30."""
    row = game(season=season, gameday=f"{season}-09-07", gametime=clock, location=location)
    start = only(parse(file(row)), "fixtures", f"nfl-{season}-01-KC-BUF")["start"]
    assert isinstance(start, datetime)
    assert start.hour == hour % 24
    assert start.day == 7 + hour // 24


def test_known_at_follows_the_table_of_times(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game())
    known = {name: only(parsed, name)["known_at"] for name in ("fixtures", "results", "venues", "officials", "weather")}
    assert known == {
        "fixtures": utc(2031, 8, 8, 17),
        "results": utc(2031, 9, 7, 20, 45),
        "venues": utc(2031, 9, 7, 15, 30),
        "officials": utc(2031, 9, 7, 15, 30),
        "weather": utc(2031, 9, 7, 20, 15),
    }
    assert set(parsed.tables["prices"]["known_at"]) == {utc(2031, 9, 7, 16, 59, 59)}
    assert set(parsed.tables["rosters"]["known_at"]) == {utc(2031, 9, 7, 15, 30)}


def test_a_game_without_a_clock_has_the_precision_of_a_day(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game(gametime=""))
    fixture, result = only(parsed, "fixtures"), only(parsed, "results")
    assert fixture["event_precision"] == "day"
    assert fixture["start"] == utc(2031, 9, 7, 12)
    assert result["known_at"] == utc(2031, 9, 8, 12)


def test_a_play_off_game_is_known_once_the_round_before_has_ended(read: Callable[..., Parsed], game: MakeGame) -> None:
    wild = game("KC", "BUF", week="18", gameday="2032-01-11", game_type="WC")
    division = game("KC", "MIA", week="19", gameday="2032-01-18", game_type="DIV")
    final = game("KC", "SF", week="22", gameday="2032-02-08", game_type="SB", location="Neutral")
    parsed = read(wild, division, final)
    rows = {row["stage"]: row for row in parsed.tables["fixtures"].iter_rows(named=True)}
    assert rows["WC"]["known_at"] == utc(2031, 9, 7, 20, 45)
    assert rows["DIV"]["known_at"] == utc(2032, 1, 11, 21, 45)
    assert rows["SB"]["known_at"] == utc(2032, 1, 18, 21, 45)
    assert {rows[stage]["known_how"] for stage in ("WC", "DIV", "SB")} == {"bounded"}
    assert rows["REG"]["known_how"] == "assumed"


def test_a_tie_is_kept_as_a_result(read: Callable[..., Parsed], game: MakeGame) -> None:
    row = only(read(game(home_score="20", away_score="20", overtime="1")), "results")
    assert (row["home_score"], row["away_score"], row["overtime"]) == (20, 20, True)


def test_a_neutral_site_is_marked(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game(location="Neutral"))
    assert parsed.tables["fixtures"]["neutral"].sum() == 1
    assert only(parsed, "fixtures")["neutral"] is True


def test_a_game_that_is_still_to_come_has_a_fixture_and_no_result(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game(home_score="", away_score="", overtime=""))
    assert only(parsed, "fixtures")["home"] == "BUF"
    for table in ("results", "weather"):
        assert parsed.tables[table].filter(pl.col("fixture") == "nfl-2031-01-KC-BUF").is_empty()


def test_relocated_teams_carry_todays_code(read: Callable[..., Parsed], game: MakeGame) -> None:
    row = only(read(game("OAK", "STL")), "fixtures", "nfl-2031-01-OAK-STL")
    assert (row["away"], row["home"]) == ("LV", "LAR")


def test_turf_is_stripped_and_a_blank_is_null(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game("LAR", "SEA", surface=""))
    assert only(parsed, "venues", "nfl-2031-01-LAR-SEA")["surface"] is None
    assert set(parsed.tables["venues"]["surface"]) == {"grass", None}


def test_prices_are_decimal_and_the_line_is_what_a_side_is_favoured_by(
    read: Callable[..., Parsed], game: MakeGame
) -> None:
    prices = read(game()).tables["prices"].filter(pl.col("fixture") == "nfl-2031-01-KC-BUF")
    rows = {(row["market"], row["outcome"]): (row["line"], row["odds"]) for row in prices.iter_rows(named=True)}
    assert rows["moneyline", "home"] == (None, pytest.approx(1 + 100 / 150))
    assert rows["moneyline", "away"] == (None, pytest.approx(2.3))
    assert rows["spread", "home"][0] == 3.0
    assert rows["spread", "away"][0] == -3.0
    assert rows["total", "over"] == (44.5, pytest.approx(1 + 100 / 110))
    assert set(prices["book"]) == {"nflverse"}
    assert set(prices["label"]) == {"close"}


def test_a_line_without_a_price_is_kept_without_odds(read: Callable[..., Parsed], game: MakeGame) -> None:
    row = game(home_spread_odds="", away_spread_odds="", home_moneyline="", away_moneyline="")
    prices = read(row).tables["prices"].filter(pl.col("fixture") == "nfl-2031-01-KC-BUF")
    assert prices.filter(pl.col("market") == "spread")["odds"].to_list() == [None, None]
    assert prices.filter(pl.col("market") == "moneyline").is_empty()


@pytest.mark.parametrize(
    ("columns", "reason", "lost"),
    [
        ({"home_moneyline": "50"}, "impossible price", 1),
        ({"home_moneyline": "0"}, "impossible price", 1),
        ({"home_moneyline": "-99"}, "impossible price", 1),
        ({"home_moneyline": "inf"}, "odds that are no number", 1),
        ({"home_moneyline": "evens"}, "odds that are no number", 1),
        ({"home_moneyline": "-2000", "away_moneyline": "-2000"}, "overround", 2),
        ({"home_moneyline": "400", "away_moneyline": "400"}, "overround", 2),
        ({"spread_line": ""}, "odds without their line", 2),
        ({"total_line": "many"}, "a line that is no number", 2),
    ],
)
def test_an_impossible_price_is_refused_and_the_rest_of_the_game_kept(
    read: Callable[..., Parsed], game: MakeGame, columns: Row, reason: str, lost: int
) -> None:
    parsed = read(game(**columns))
    assert parsed.refused.height == lost
    assert all(reason in told for told in parsed.refused["reason"])
    assert all("nfl-2031-01-KC-BUF" in row for row in parsed.refused["row"])
    assert parsed.tables["prices"].height == 24 - lost
    assert parsed.tables["results"].height == 4


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"game_id": ""}, "no game_id"),
        ({"week": "one", "game_id": "x"}, "season or week"),
        ({"gameday": "07/09/2031"}, "gameday is no date"),
        ({"gameday": "2035-09-07"}, "outside its season"),
        ({"gametime": "25:61"}, "gametime"),
        ({"home_team": ""}, "a side is missing"),
        ({"home_team": "KC"}, "a team plays itself"),
        ({"game_type": "PRE"}, "unknown game_type"),
        ({"location": "Moon"}, "location"),
        ({"home_score": ""}, "score of one side"),
        ({"home_score": "20.5"}, "no whole number"),
        ({"home_score": "-3"}, "below zero"),
    ],
)
def test_a_row_that_cannot_be_a_game_is_refused_with_its_reason(
    read: Callable[..., Parsed], game: MakeGame, columns: Row, reason: str
) -> None:
    parsed = read({**game(), **columns})
    assert parsed.refused.height == 1
    assert reason in parsed.refused["reason"][0]
    assert parsed.tables["fixtures"].height == len(OTHERS)


def test_weather_that_is_no_number_is_refused_alone(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game(temp="warm"))
    assert parsed.refused["reason"].to_list() == ["temp is no number"]
    assert parsed.tables["fixtures"].height == 4
    assert parsed.tables["weather"].height == 3


def test_the_same_row_twice_is_kept_once(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game(), game())
    assert parsed.tables["fixtures"].height == 4
    assert parsed.refused["reason"].to_list() == ["the same row again for one game_id"]


def test_of_two_rows_that_contradict_each_other_neither_is_taken(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game(), game(home_score="35"))
    assert parsed.tables["fixtures"].height == 3
    assert parsed.refused.height == 2
    assert all("contradict" in reason for reason in parsed.refused["reason"])


def test_one_game_under_two_ids_is_refused(read: Callable[..., Parsed], game: MakeGame) -> None:
    parsed = read(game(), game(game_id="2031_02_KC_BUF"))
    assert parsed.tables["fixtures"].height == 3
    assert all("gameday, home_team, away_team" in reason for reason in parsed.refused["reason"])


def test_a_team_nobody_knows_is_a_new_one(game: MakeGame, file: MakeFile) -> None:
    """The file decides who plays: one code that no list has once cost all games of 25 seasons."""
    parsed = parse(file(game("XYZ", "BUF"), game("SD", "MIA")))
    assert parsed.tables["fixtures"]["away"].to_list() == ["XYZ", "LAC"]
    assert parsed.refused.is_empty()


def test_a_file_of_which_most_rows_are_unusable_is_refused(game: MakeGame, file: MakeFile) -> None:
    with pytest.raises(DataError, match="gameday is no date"):
        parse(file(game(gameday="7.9.2031"), game("MIA", "NYJ", gameday="7.9.2031")))


def test_an_even_spread_is_zero_on_both_sides_and_not_below_it(read: Callable[..., Parsed], game: MakeGame) -> None:
    """The away side's line of a pick'em was once -0.0, which hashes and prints as another number."""
    prices = read(game(spread_line="0")).tables["prices"].filter(pl.col("market") == "spread", pl.col("line") == 0.0)
    assert prices["line"].to_list().count(0.0) == 2
    assert not any(str(line).startswith("-") for line in prices["line"])
