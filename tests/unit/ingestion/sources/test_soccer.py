"""What is special about the football publishers: zones, prices without a time, figures of models, nations."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import Parsed, get_source, sources_of
from antepost.ingestion.bundle import bundle
from antepost.ingestion.checks import sound
from antepost.ingestion.source import Part
from antepost.ingestion.sources import primary
from tests.payloads.soccer import (
    EVENTS,
    FIVETHIRTYEIGHT,
    FOOTYSTATS,
    INTERNATIONAL,
    ODDSPORTAL,
    PAYLOADS,
    SHOOTOUTS,
    STADIUMS,
    TRACKED,
)


def read(name: str, data: bytes, part: str | None = None) -> Parsed:
    source = get_source(name)
    wanted = part or PAYLOADS[name][0]
    return source.read(data, next(part for part in source.parts(2026) if part.name == wanted))


def test_oddsportal_times_are_those_of_paris() -> None:
    starts = read("oddsportal_soccer", ODDSPORTAL).tables["fixtures"]["start"].to_list()
    assert starts[:2] == [datetime(2019, 8, 10, 14, tzinfo=UTC), datetime(2019, 12, 26, 12, 30, tzinfo=UTC)]


def test_an_opening_price_is_known_a_day_before_and_a_closing_price_a_second() -> None:
    prices = read("oddsportal_soccer", ODDSPORTAL).tables["prices"]
    before = prices.select("label", (pl.col("event_at") - pl.col("known_at")).alias("before")).unique()
    assert dict(before.iter_rows()) == {"open": timedelta(days=1), "close": timedelta(seconds=1)}
    assert set(prices["market"]) == {"1x2", "total@2.5", "btts"}
    assert set(prices.filter(pl.col("market") == "total@2.5")["line"]) == {2.5}


def test_blank_prices_are_no_rows() -> None:
    prices = read("oddsportal_soccer", ODDSPORTAL).tables["prices"]
    assert prices.group_by("fixture").len()["len"].sort().to_list() == [6, 10, 14]


def test_a_row_of_another_league_is_refused() -> None:
    parsed = read("oddsportal_soccer", ODDSPORTAL.replace(b"england,premier-league", b"france,ligue-1", 1))
    assert parsed.refused["reason"].to_list() == ["a league that is not the file's"]
    assert parsed.games == 3


def test_footystats_times_are_those_of_sao_paulo() -> None:
    starts = read("footystats", FOOTYSTATS).tables["fixtures"]["start"].to_list()
    assert starts == [datetime(2020, 9, 12, 14, tzinfo=UTC), datetime(2020, 12, 26, 15, tzinfo=UTC)]


def test_a_snapshot_without_a_time_is_a_quote_and_never_a_close() -> None:
    prices = read("footystats", FOOTYSTATS).tables["prices"]
    assert set(prices["label"]) == {"quote"}
    assert (prices["event_at"] - prices["known_at"]).unique().to_list() == [timedelta(seconds=1)]


def test_footystats_markets_have_their_lines() -> None:
    prices = read("footystats", FOOTYSTATS).tables["prices"].filter(pl.col("line").is_not_null())
    told = prices.select("market", "line").unique().rows()
    assert ("corners_total@9.5", 9.5) in told
    assert ("half_2_total@1.5", 1.5) in told
    assert all(market.endswith(f"@{line}") for market, line in told)


def test_a_double_chance_pays_twice_and_is_no_unfair_market() -> None:
    prices = read("footystats", FOOTYSTATS).tables["prices"].with_columns(pl.lit("invented").alias("raw"))
    kept, refused = sound("prices", prices)
    assert refused.is_empty()
    assert set(kept.filter(pl.col("market") == "double_chance")["outcome"]) == {"home_draw", "home_away", "draw_away"}


def test_expected_goals_are_known_after_the_match_and_missing_counts_stay_missing() -> None:
    stats = read("footystats", FOOTYSTATS).tables["team_stats"].sort("event_at", "side")
    assert stats["xg_footystats"].to_list() == [1.41, 1.04, 1.8, 0.9]
    assert stats["corners"].to_list() == [3, 7, None, None]
    assert (stats["known_at"] > stats["event_at"]).all()


def test_spi_is_a_forecast_before_the_match_and_its_figures_come_after() -> None:
    parsed = read("fivethirtyeight_soccer", FIVETHIRTYEIGHT)
    forecasts, stats = parsed.tables["forecasts"], parsed.tables["team_stats"]
    assert parsed.games == 2, "the Danish league is not ours"
    assert forecasts.group_by("fixture").agg(pl.col("probability").sum().round(6))["probability"].to_list() == [
        1.0,
        1.0,
    ]
    assert (forecasts["known_at"] < forecasts["event_at"]).all()
    assert stats["xg_fivethirtyeight"].to_list() == [1.85, 0.77]


def test_chances_that_do_not_sum_to_one_are_refused() -> None:
    parsed = read("fivethirtyeight_soccer", FIVETHIRTYEIGHT.replace(b"0.4512", b"0.9512"))
    assert parsed.refused["reason"].to_list() == ["chances that do not sum to one"]


def test_a_ground_goes_by_the_id_of_its_club() -> None:
    places = read("jokecamp", STADIUMS).tables["places"]
    assert places.select("venue", "name", "timezone").rows() == [
        ("antford", "Ant Park", "Europe/London"),
        ("dusseldorf", "Arena", "Europe/Berlin"),
    ]


def international(*, shootouts: bytes = SHOOTOUTS) -> Parsed:
    results, _, *others = INTERNATIONAL
    return read("international_results", bundle([results, shootouts, *others]))


def test_nations_that_meet_twice_on_a_day_play_two_matches() -> None:
    tables = international().tables
    assert tables["fixtures"]["fixture"].to_list()[:3] == [
        "soccer-INT-1974-02-17-aland-beeland",
        "soccer-INT-1974-02-17-aland-beeland-2",
        "soccer-INT-1998-07-12-ceeland-aland",
    ]
    assert tables["fixtures"]["neutral"].to_list()[:3] == [False, False, True]
    # Whose goals the list tells of is not known, so that neither match has periods.
    assert tables["periods"].filter(pl.col("event_at").dt.year() == 1974).is_empty()


def test_the_score_is_that_of_ninety_minutes_where_the_goals_tell_it() -> None:
    """Bets are settled after ninety minutes; the list of results has the score after extra time."""
    told = ("home_score", "away_score", "outcome", "ending", "overtime")
    assert international().tables["results"].select(told).rows()[2:] == [
        (2, 2, "draw", "shootout", True),
        (1, 1, "draw", "overtime", True),
        (2, 0, "home", "regulation", False),
        (1, 0, "home", "shootout", None),
    ]


def test_goals_fall_in_halves_and_in_extra_time() -> None:
    periods = international().tables["periods"].sort("event_at", "side", "period", descending=[False, True, False])
    assert periods["score"].to_list() == [2, 0, 1, 0, 2, 1, 1, 0, 1, 0, 1, 0, 0, 2, 0, 0]


def test_who_meets_in_a_final_shows_the_day_before() -> None:
    """A final was once known thirty days before the year's first match, with both its sides."""
    fixtures = international().tables["fixtures"]
    assert set(fixtures["start"] - fixtures["known_at"]) == {timedelta(days=1)}


def test_a_price_of_the_publishers_afternoon_is_published_and_one_before_it_assumed() -> None:
    """Without a clock a match counts from noon, which on a Friday is before the publisher collects."""
    played = "".join(f"E0,{day}/08/2019,Ants,Bees,1,0,H,2.1\n" for day in (16, 17))
    rows = f"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365H\n{played}".encode()
    told = read("football_data_co_uk", rows, "E0-2019").tables["prices"].select("known_at", "known_how").rows()
    assert told == [
        (datetime(2019, 8, 16, 11, 59, 59, tzinfo=UTC), "assumed"),
        (datetime(2019, 8, 16, 17, tzinfo=UTC), "published"),
    ]


def test_a_books_handicap_is_its_own_where_it_tells_one_and_else_the_one_for_all() -> None:
    """Since 2019 the files have no line of bet365's own: 45 thousand of its prices stood without any."""
    head, row = b"Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,B365AHH,", b"E0,17/08/2019,Ants,Bees,1,0,H,1.9,"
    for columns, cells, line in ((b"AHh", b"-0.25", 0.25), (b"B365AH,AHh", b"-1,-0.25", 1.0)):
        told = read("football_data_co_uk", head + columns + b"\n" + row + cells + b"\n", "E0-2019").tables["prices"]
        assert told.select("book", "market", "line").rows() == [("bet365", "asian_handicap", line)]


@pytest.mark.parametrize(
    ("odds", "line", "reason"),
    [
        ("1,9", "-0.25", "odds that are no number"),
        ("1.9", "-1 1/4", "a handicap that is no number"),
        ("1.9", "", "a handicap without its line"),
    ],
)
def test_a_handicap_that_cannot_be_read_is_no_price(odds: str, line: str, reason: str) -> None:
    head = "Div,Date,HomeTeam,AwayTeam,FTHG,FTAG,FTR,GBAHH,GBAH\n"
    parsed = read("football_data_co_uk", f'{head}E0,17/08/2004,Ants,Bees,1,0,H,"{odds}",{line}\n'.encode(), "E0-2004")
    assert parsed.tables["prices"].is_empty()
    assert parsed.tables["results"].height == 1
    assert parsed.refused["reason"].to_list() == [reason]


def test_a_shoot_out_belongs_to_the_match_of_that_day() -> None:
    parsed = international()
    stats = parsed.tables["team_stats"].sort("event_at", "side", descending=[False, True])
    assert stats.select("fixture", "team", "shootouts_won").rows() == [
        ("soccer-INT-1998-07-12-ceeland-aland", "Ceeland", 0),
        ("soccer-INT-1998-07-12-ceeland-aland", "Aland", 1),
        ("soccer-INT-1998-07-15-beeland-ceeland", "Beeland", 0),
        ("soccer-INT-1998-07-15-beeland-ceeland", "Ceeland", 1),
    ]
    assert parsed.refused["reason"].to_list() == ["a winner that is neither side"]


def test_a_shoot_out_that_is_cut_off_is_refused() -> None:
    with pytest.raises(DataError, match="fields"):
        international(shootouts=SHOOTOUTS[: SHOOTOUTS.index(b"Deeland")].rstrip(b","))


def test_a_nation_has_the_name_of_the_time_and_nobody_knows_it_before() -> None:
    names = international().tables["names"].sort("event_at")
    assert names.select(pl.col("event_at").dt.date().cast(pl.String), "name").rows() == [
        ("1950-01-01", "Old Aland"), ("1960-06-01", "Aland and Beyond"), ("1970-05-02", "Aland"),
    ]  # fmt: skip
    assert names["known_at"].equals(names["event_at"], check_names=False)


def test_every_change_of_a_price_is_known_at_its_moment() -> None:
    parsed = read("odds_tracker_soccer", TRACKED)
    prices = parsed.tables["prices"]
    at = datetime(1998, 7, 12, 10, 0, 0, 500_000, tzinfo=UTC)
    assert prices.select("book", "market", "outcome", "line", "odds", "known_at").rows() == [
        ("inventors-fr", "1x2", "home", None, 2.1, at),
        ("inventors-fr", "1x2", "home", None, 2.2, datetime(1998, 7, 12, 18, 59, tzinfo=UTC)),
        ("inventors-fr", "1x2", "away", None, 3.4, at),
        ("inventors-fr", "1x2", "draw", None, 3.3, at),
        ("inventors-fr", "total@2.5", "over", 2.5, 1.9, at),
        ("inventors-fr", "1x2_lay", "home", None, 2.2, at),
    ]
    assert parsed.refused["reason"].to_list() == ["changed after the start: a price in play"]


def test_a_sport_may_have_a_primary_source_for_other_leagues() -> None:
    feeds = sources_of("soccer")
    assert [feed.name for feed in feeds if feed.primary] == ["football_data_co_uk", "international_results"]
    assert [feed.primary for feed in feeds] == sorted((feed.primary for feed in feeds), reverse=True)
    assert primary("soccer").name == "football_data_co_uk"


def test_shots_and_their_expected_goals_are_counted_without_the_shoot_out() -> None:
    tables = read("statsbomb", EVENTS).tables
    stats = tables["team_stats"].select("team", "shots", "shots_on_target", "fouls", "xg_statsbomb").rows()
    assert stats == [("Barcelona", 2, 2, 0, 0.75), ("Deportivo Alavés", 1, 0, 1, 0.125)]
    assert tables["results"].select("home_score", "away_score").rows() == [(1, 1)]


def test_events_of_another_match_are_refused() -> None:
    source = get_source("statsbomb")
    with pytest.raises(DataError, match="not of Barcelona"):
        source.read(EVENTS.replace(b"Barcelona", b"Gerona"), Part(name="15946", path="events.json"))


@pytest.mark.parametrize("data", [b"{}", b"[]", b"[1]", b'[{"type": {"name": "Shot"}}]'])
def test_what_is_no_list_of_events_is_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        read("statsbomb", data)
