"""An invented sport is the same for one seed, shaped like the real one, and keeps its truth to itself."""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np
import polars as pl
import pytest

from antepost.evaluation import log_loss
from antepost.simulation import WORLDS, World, files, tables_of, world
from antepost.sports import get_sport

YEARS = range(2012, 2014)
SMALL = ("cfl", "soccer", "atp", "wnba", "dota2", "cs2")


@cache
def made(sport: str) -> World:
    return world(sport, 5, YEARS)


def test_every_description_is_of_a_sport_and_the_nfl_has_a_league_of_its_own() -> None:
    from antepost.sports import SPORTS

    assert set(WORLDS) <= set(SPORTS) - {"nfl"}


@pytest.mark.parametrize("sport", SMALL)
def test_one_seed_gives_the_same_bytes_another_gives_others_and_a_season_more_changes_none_before(sport: str) -> None:
    once = files(sport, 5, YEARS)
    assert tuple(once) == tables_of(sport)
    assert files(sport, 5, YEARS) == once
    assert files(sport, 6, YEARS)["games"] != once["games"]
    first = files(sport, 5, YEARS[:1])
    assert all(once[name].startswith(data) for name, data in first.items())


@pytest.mark.parametrize("sport", WORLDS)
def test_games_are_of_their_league_and_nobody_plays_two_at_a_time(sport: str) -> None:
    games = made(sport).tables["games"]
    told = get_sport(sport)
    assert set(games["league"]) <= set(told.leagues)
    assert set(games["stage"]) <= set(told.stages)
    assert set(games["outcome"]) <= set(told.outcomes)
    assert (games["listed_at"] < games["start"]).all()
    sides = pl.concat([games.select("start", "ended_at", pl.col(side).alias("side")) for side in ("home", "away")])
    after = sides.sort("side", "start").with_columns(pl.col("ended_at").shift(1).over("side").alias("before"))
    assert after.filter(pl.col("start") < pl.col("before")).is_empty()


@pytest.mark.parametrize("sport", WORLDS)
def test_what_only_a_judge_may_know_is_in_no_file(sport: str) -> None:
    """No column of what the world shows is the true chance, or comes near it, on its fixtures."""
    shown = made(sport)
    truth = shown.truth.select("fixture", pl.col("home").alias("true_home"), pl.col("away").alias("true_away"))
    sums = shown.truth.select(pl.sum_horizontal("home", "draw", "away")).to_series().to_numpy()
    assert sums == pytest.approx(1.0, abs=1e-5)
    for name, frame in shown.tables.items():
        assert not {"home_true", "edge", "level", "truth"} & set(frame.columns)
        both = frame.join(truth, on="fixture")
        numbers = [pl.col(column) for column, kind in frame.schema.items() if kind.is_float()]
        told = [said for number in numbers for said in (number, 1.0 / number, number / 100.0)]
        for said, true in product(told, ("true_home", "true_away")):
            near = ((said - pl.col(true)).abs() < 1e-4).fill_null(value=False)
            assert both.select(near.sum()).item() <= 0.05 * both.height, (name, str(said))


@pytest.mark.parametrize("sport", WORLDS)
def test_moments_come_in_their_order(sport: str) -> None:
    tables = made(sport).tables
    games = tables["games"].select("fixture", "start", "listed_at", "ended_at")
    prices = tables["prices"].join(games, on="fixture")
    opened = prices.filter(pl.col("label") == "open")
    assert (prices["listed_at"] < prices["quoted_at"]).all()
    assert (prices["quoted_at"] < prices["start"]).all()
    injuries = tables["injuries"].join(opened.unique("fixture").select("fixture", "quoted_at", "start"), on="fixture")
    assert (injuries["reported_at"] < injuries["start"]).all()
    # Some are out for longer and known before the opening, others are news between opening and close.
    assert 0.0 < (injuries["reported_at"] < injuries["quoted_at"]).mean() < 1.0


@pytest.mark.parametrize("sport", ["soccer", "atp", "cs2", "ncaaf"])
def test_new_sides_come_with_a_season(sport: str) -> None:
    games = made(sport).tables["games"]
    first, second = (set(rows["home"]) | set(rows["away"]) for _, rows in games.group_by("season", maintain_order=True))
    assert second - first
    assert len(second & first) > len(second - first)


@pytest.mark.parametrize("sport", ["ncaaf", "mlb"])
def test_wind_takes_off_what_is_scored_and_the_forecast_is_known_before(sport: str) -> None:
    tables = made(sport).tables
    games = tables["games"].with_columns((pl.col("home_score") + pl.col("away_score")).alias("scored"))
    both = (
        tables["weather"].join(games, on="fixture").with_columns((pl.col("known_at") < pl.col("start")).alias("early"))
    )
    assert both.group_by("kind").agg(pl.col("early").all()).sort("kind").rows() == [
        ("forecast", True),
        ("observed", False),
    ]
    observed = both.filter(pl.col("kind") == "observed")
    assert observed.select(pl.corr("wind", "scored")).item() < 0.0


def test_an_opening_does_not_know_who_is_hurt_on_the_day_and_the_close_does() -> None:
    tables = made("nba").tables
    games = tables["games"].select("fixture", "home")
    opened = tables["prices"].filter(pl.col("label") == "open").unique("fixture").select("fixture", "quoted_at")
    fresh = tables["injuries"].join(opened, on="fixture").filter(pl.col("reported_at") > pl.col("quoted_at"))
    hurt_home = fresh.join(games, on="fixture").filter(pl.col("team") == pl.col("home"))["fixture"]
    alone = set(hurt_home) - set(fresh.filter(~pl.col("team").is_in(games["home"].implode()))["fixture"])
    moved = (
        tables["prices"].filter(pl.col("book") == "kaggle").pivot("label", index="fixture", values="home").drop_nulls()
    )
    drift = moved.with_columns((pl.col("close") / pl.col("open")).log().alias("drift"))
    hurt = drift.filter(pl.col("fixture").is_in(list(alone)))["drift"]
    assert float(hurt.mean()) > 3.0 * float(hurt.std()) / len(hurt) ** 0.5  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("sport", "table", "moment"), [("dota2", "minutes", "minute"), ("cs2", "rounds", "round")])
def test_the_truth_of_a_game_that_is_on_is_true_and_grows_sharper(sport: str, table: str, moment: str) -> None:
    shown = made(sport)
    assert not shown.tables[table].is_empty()
    won = shown.tables["games"].select("fixture", (pl.col("outcome") == "home").alias("won"))
    live = shown.live.join(won, on="fixture").sort("fixture", "moment")
    early = live.unique("fixture", keep="first", maintain_order=True)
    late = live.filter(pl.col("moment") >= 18).unique("fixture", keep="first", maintain_order=True)
    for rows in (early, late):
        gap = (rows["won"].cast(pl.Float64) - rows["home"]).to_numpy()
        assert abs(gap.mean()) < 4.0 * gap.std() / len(gap) ** 0.5
    assert log_loss(late["home"], late["won"].cast(pl.Int64)) < log_loss(early["home"], early["won"].cast(pl.Int64))


def test_who_has_more_gold_at_the_end_has_won() -> None:
    shown = made("dota2")
    last = shown.tables["minutes"].sort("minute").unique("fixture", keep="last", maintain_order=True)
    both = last.join(shown.tables["games"], on="fixture").with_columns(pl.col("home_gold") - pl.col("away_gold"))
    told = both.filter(pl.col("home_gold").abs() > 5)
    assert ((told["home_gold"] > 0) == (told["outcome"] == "home")).all()


def test_a_map_told_round_by_round_ends_as_it_ended() -> None:
    shown = made("cs2")
    counted = shown.tables["rounds"].group_by("fixture").agg(
        (pl.col("winner") == "home").sum().alias("home"), (pl.col("winner") == "away").sum().alias("away")
    )  # fmt: skip
    both = counted.join(shown.tables["games"].select("fixture", "home_score", "away_score"), on="fixture")
    assert both.filter((pl.col("home") != pl.col("home_score")) | (pl.col("away") != pl.col("away_score"))).is_empty()


def test_a_props_price_is_calibrated_and_its_players_play() -> None:
    shown = made("wnba")
    props = shown.tables["props"].join(shown.prop_truth, on=["fixture", "player"], suffix="_true").drop_nulls("line")
    assert (props["line"] == props["line_true"]).all()
    said = 1.0 / props["over"] / (1.0 / props["over"] + 1.0 / props["under"])
    assert len(said) == props.height
    for (_, label), rows in props.with_columns(said.alias("said")).group_by("book", "label"):
        gap = (rows["over_true"] - rows["said"]).to_numpy()
        assert abs(gap.mean()) < 4.5 * gap.std() / len(gap) ** 0.5, label
    came = props.unique(["fixture", "player"]).join(shown.tables["players"], on=["fixture", "player"])
    over = (came["points"] > came["line"]).cast(pl.Float64) - came["over_true"]
    assert abs(float(np.mean(over.to_numpy()))) < 4.5 * float(np.std(over.to_numpy())) / came.height**0.5
