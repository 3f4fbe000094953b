"""What the models are worth on the nine newest seasons, beside the market, 538 and the base rate."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from antepost.errors import DataError, PolicyError
from antepost.evaluation import losses
from tests.prepared import MIRROR, Prepared

FIVETHIRTYEIGHT = "nfl/fivethirtyeight/nfl_elo_2012_2021.csv"
UNPRICED = ("nfl-2017-04-CHI-GB",)


@pytest.mark.mirror
def test_the_figures_rest_on_every_game_with_a_price_and_no_tie(prepared: Prepared) -> None:
    for found in prepared.judged.values():
        shown = found.figures()
        assert (found.span, shown["n"]) == ("2015:2023", 2448)
        assert shown["dropped"] == {"told_early": 0, "void": 0, "tie": 9, "no_price": 1, "no_rating": 0, "no_open": 0}
        assert shown["market_log_loss"] == pytest.approx(0.6155, abs=5e-5)
        assert shown["simulated"] is False


@pytest.mark.mirror
def test_with_the_closing_price_the_model_is_not_behind_it(prepared: Prepared) -> None:
    shown = prepared.judged["close"].figures()
    assert shown["log_loss"] <= shown["market_log_loss"] + 0.002


@pytest.mark.mirror
def test_without_prices_the_model_lies_between_elo_and_the_market(prepared: Prepared) -> None:
    shown = prepared.judged["none"].figures()
    assert shown["market_log_loss"] < shown["log_loss"] < shown["elo_log_loss"] < shown["base_log_loss"]
    assert 0 < shown["G_low"] < shown["G"] < shown["G_high"] < 1


def _pair(first: str, second: str) -> pl.Expr:
    sides = (pl.min_horizontal(first, second), pl.max_horizontal(first, second))
    return pl.concat_str(*sides, separator=" ").alias("pair")


def _rival() -> pl.DataFrame:
    """Return 538's Elo by day and pair of teams; at a neutral site it may have the sides the other way round."""
    assert MIRROR is not None
    today = pl.col("team1", "team2").replace({"OAK": "LV"})
    read = pl.read_csv(Path(MIRROR) / FIVETHIRTYEIGHT, infer_schema_length=None).with_columns(today)
    return read.select("date", _pair("team1", "team2"), "team1", "elo_prob1")


def _decided(prepared: Prepared) -> pl.DataFrame:
    """Return the games of 2015-2021 that somebody won, each with 538's chance of its home side."""
    won = prepared.desk.fixtures("nfl").filter(
        pl.col("season").is_between(2015, 2021) & (pl.col("home_score") != pl.col("away_score"))
    )
    day = pl.col("event_at").dt.convert_time_zone("America/New_York").dt.date().cast(pl.String).alias("date")
    home = pl.when(pl.col("home") == pl.col("team1")).then(pl.col("elo_prob1")).otherwise(1 - pl.col("elo_prob1"))
    joined = won.with_columns(day, _pair("home", "away")).join(_rival(), on=["date", "pair"], validate="1:1")
    y = (pl.col("home_score") > pl.col("away_score")).cast(pl.Int8).alias("y")
    return joined.select("fixture", y, home.alias("rival")).sort("fixture")


@pytest.mark.mirror
def test_without_prices_the_model_beats_the_plain_elo_of_538(prepared: Prepared) -> None:
    games = _decided(prepared)
    assert games.height == 1882
    assert losses(games["rival"].to_numpy(), games["y"].to_numpy()).mean() == pytest.approx(0.6380, abs=5e-5)

    own = prepared.judged["none"]
    ours = pl.DataFrame({"fixture": list(own.fixtures), "p": own.p, "y": own.y})
    both = games.join(ours, on="fixture", suffix="_own")
    # 538 has an opinion on one more game than we judge: it has no moneyline, and all figures share one set of games.
    unpriced = games.join(ours, on="fixture", how="anti")["fixture"].to_list()
    assert (both.height, unpriced) == (1881, list(UNPRICED))
    assert both["y"].equals(both["y_own"], check_names=False)
    gain = losses(both["rival"].to_numpy(), both["y"].to_numpy()) - losses(both["p"].to_numpy(), both["y"].to_numpy())
    assert gain.mean() > 0


def test_all_rivals_are_judged_on_the_same_games(prepared: Prepared) -> None:
    for found in prepared.judged.values():
        arrays = (found.p, found.market_p, found.elo_p, found.base_p, *found.family_p.values())
        assert all(array.shape == found.y.shape and np.isfinite(array).all() for array in arrays)
        assert len(set(found.fixtures)) == found.n
    assert prepared.judged["none"].fixtures == prepared.judged["close"].fixtures


def test_a_season_that_the_recipe_was_tuned_on_cannot_judge_it(prepared: Prepared) -> None:
    for seasons in (2011, range(2010, 2014)):
        with pytest.raises(PolicyError, match="tuned through 2011"):
            prepared.desk.evaluate("nfl", seasons, "none")


def test_the_opening_set_says_that_there_is_no_opening_price(prepared: Prepared) -> None:
    for ask in (prepared.desk.train, lambda sport, name: prepared.desk.evaluate(sport, prepared.newest, name)):
        with pytest.raises(DataError, match="no source of nfl has opening moneylines"):
            ask("nfl", "open")


def test_a_season_without_games_says_which_there_are(prepared: Prepared) -> None:
    with pytest.raises(DataError, match=f"-{prepared.newest}"):
        prepared.desk.evaluate("nfl", prepared.newest + 7, "none", families=("elo",))


def test_pictures_are_written_as_files(prepared: Prepared, tmp_path: Path) -> None:
    paths = prepared.judged["close"].save_plots(tmp_path)
    assert [path.read_bytes()[:4] for path in paths] == [b"\x89PNG", b"\x89PNG"]


def test_history_is_sealed_late_and_hangs_together(prepared: Prepared) -> None:
    assert all(record["late"] for record in prepared.sealed)
    assert prepared.desk.verify_ledger() == []
    assert {record["stage"] for record in prepared.sealed} >= {"REG", "SB"}
    assert all(str(record["sealed_at"]).endswith("Z") for record in prepared.sealed)
    assert prepared.desk.clock.now().tzinfo is UTC
