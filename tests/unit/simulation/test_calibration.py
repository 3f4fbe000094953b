"""Judges of the invented sports: their prices are calibrated to the truth, and the close knows more than the opening.

The truth of every fixture is known here, so that a price is not held against one result but against the chance itself:
a bookmaker who is wrong by a hundredth shows. Each statistic is also shown to fail where he is made wrong on purpose.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from antepost.domain.margin import multiplicative
from antepost.domain.odds import american_to_decimal
from antepost.evaluation import block_bootstrap
from antepost.simulation import SEASONS, SEED, WORLDS, World, openings, simulate, truth, world

type Floats = NDArray[np.float64]

SPORTS = ("nfl", *WORLDS)
YEARS: Mapping[str, int] = {"mlb": 1, "nba": 2, "nhl": 2, "ncaab": 2, "cfl": 12, "wnba": 5, "ncaaf": 6}
BINS = 10
BOUND = 35.6
"""The chi-square of ten cells that honest prices exceed once in ten thousand times."""


@cache
def judged(sport: str) -> pl.DataFrame:
    """Return a row for each fixture, book and label.

    Columns: fixture, day, book, label, price (the home side's de-vigged chance), true (the same in truth), won (null
    where nobody did); of a sport with draws as an outcome the chances are those of a home win against all else.
    """
    return _nfl() if sport == "nfl" else _invented(sport)


@cache
def made(sport: str) -> World:
    return world(sport, 11, range(2010, 2010 + YEARS.get(sport, 4)))


def _invented(sport: str) -> pl.DataFrame:
    shown = made(sport)
    games = shown.tables["games"].select("fixture", "outcome", pl.col("start").dt.date().alias("day"))
    offered = shown.tables["prices"].drop_nulls("home").join(games, on="fixture")
    rows = offered.join(shown.truth, on="fixture", suffix="_true")
    draws = rows["draw"].null_count() == 0
    odds = rows.select(["home", "draw", "away"] if draws else ["home", "away"]).to_numpy()
    decided = pl.lit(1.0) if draws else pl.col("home_true") + pl.col("away_true")
    won = pl.when((pl.col("outcome") != "draw") | draws).then(pl.col("outcome") == "home")
    return rows.select(
        "fixture", "day", "book", "label", pl.Series("price", multiplicative(odds)[:, 0]),
        (pl.col("home_true") / decided).alias("true"), won.alias("won"),
    )  # fmt: skip


def _nfl() -> pl.DataFrame:
    games = pl.read_csv(io.BytesIO(simulate(SEED, SEASONS)), infer_schema_length=None)
    early = pl.read_csv(io.BytesIO(openings(SEED, SEASONS)))
    chances = truth(SEED, SEASONS)
    margin = pl.col("home_score") - pl.col("away_score")
    stamps = games.select(
        pl.col("game_id").alias("fixture"), pl.col("gameday").str.to_date().alias("day"),
        pl.lit("nflverse").alias("book"),
        pl.col("game_id").replace_strict(chances, return_dtype=pl.Float64).alias("true"),
        pl.when(margin != 0).then(margin > 0).alias("won"),
    )  # fmt: skip
    told: list[pl.DataFrame] = []
    for label, frame in (("open", early), ("close", games)):
        lines = frame.select("home_moneyline", "away_moneyline").to_numpy().astype(np.float64)
        price = multiplicative(american_to_decimal(lines))[:, 0]
        told.append(stamps.with_columns(pl.lit(label).alias("label"), pl.Series("price", price)))
    return pl.concat(told).select("fixture", "day", "book", "label", "price", "true", "won")


def misfit(said: Floats, true: Floats) -> float:
    """Return the chi-square of ten cells of equal size: how far what was said lies from what is true, on average."""
    place = np.argsort(np.argsort(said, kind="stable")) * BINS // len(said)
    gaps = [(true - said)[place == cell] for cell in range(BINS)]
    return float(sum(gap.mean() ** 2 / (gap.var(ddof=1) / len(gap)) for gap in gaps))


def bolder(said: Floats, by: float) -> Floats:
    odds = (said / (1.0 - said)) ** by
    return odds / (1.0 + odds)


def cross_entropy(said: pl.Expr) -> pl.Expr:
    """Return the log-loss of ``said`` as expected over all results that the fixture could have had."""
    return -(pl.col("true") * said.log() + (1.0 - pl.col("true")) * (1.0 - said).log())


@pytest.mark.parametrize("sport", SPORTS)
def test_every_books_prices_are_calibrated_to_the_truth_at_open_and_close(sport: str) -> None:
    for (book, label), rows in judged(sport).group_by("book", "label"):
        assert misfit(rows["price"].to_numpy(), rows["true"].to_numpy()) < BOUND, (book, label)


@pytest.mark.parametrize("sport", SPORTS)
def test_a_bookmaker_who_is_too_bold_too_timid_or_fond_of_the_home_side_is_found_out(sport: str) -> None:
    """The same statistic over prices made wrong on purpose: it can fail, in each sport and for each fault."""
    rows = judged(sport).filter(pl.col("label") == "close")
    sharp = rows.filter(pl.col("book") == rows["book"][0])
    said, true = sharp["price"].to_numpy(), sharp["true"].to_numpy()
    for wrong in (bolder(said, 1.1), bolder(said, 0.9), said + 0.01):
        assert misfit(wrong, true) > BOUND


@pytest.mark.parametrize("sport", SPORTS)
def test_results_follow_the_truth(sport: str) -> None:
    rows = judged(sport).drop_nulls("won").unique("fixture", keep="first", maintain_order=True)
    assert misfit(rows["true"].to_numpy(), rows["won"].cast(pl.Float64).to_numpy()) < BOUND


def test_a_truth_that_is_not_true_is_found_out() -> None:
    rows = pl.concat([judged(sport) for sport in SPORTS]).drop_nulls("won")
    once = rows.unique("fixture", keep="first", maintain_order=True)
    said, won = once["true"].to_numpy(), once["won"].cast(pl.Float64).to_numpy()
    assert misfit(said, won) < BOUND
    for wrong in (bolder(said, 1.2), bolder(said, 0.8), np.clip(said + 0.03, 0.0, 1.0)):
        assert misfit(wrong, won) > BOUND


def lined(sport: str, label: str) -> pl.DataFrame:
    """Return spreads and totals of every book: price (de-vigged, of home or over), came (1 where it won), line."""
    tables = made(sport).tables
    rows = tables["prices"].filter(pl.col("label") == label).join(tables["games"], on="fixture", suffix="_side")
    markets = (
        ("spread", ("spread_home", "spread_away"), pl.col("home_score") - pl.col("away_score")),
        ("total", ("over", "under"), pl.col("home_score") + pl.col("away_score")),
    )
    told: list[pl.DataFrame] = []
    for line, sides, counted in markets:
        offered = rows.drop_nulls(sides)
        if offered.height:
            price = multiplicative(offered.select(sides).to_numpy())[:, 0]
            came = (counted > pl.col(line)).cast(pl.Float64).alias("came")
            told.append(offered.select("book", pl.lit(line).alias("market"), pl.Series("price", price), came))
    return pl.concat(told)


LINED = tuple(sport for sport, told in WORLDS.items() if told.spread != 0.0)


@pytest.mark.parametrize("sport", LINED)
def test_spreads_and_totals_come_as_often_as_they_are_priced(sport: str) -> None:
    for label in ("open", "close"):
        for (book, market), rows in lined(sport, label).group_by("book", "market"):
            assert misfit(rows["price"].to_numpy(), rows["came"].to_numpy()) < BOUND, (book, market, label)


def test_lines_that_are_off_are_found_out() -> None:
    rows = pl.concat([lined(sport, "close") for sport in LINED]).filter(pl.col("book") == "corner")
    said, came = rows["price"].to_numpy(), rows["came"].to_numpy()
    assert misfit(said, came) < BOUND
    assert misfit(said + 0.02, came) > BOUND


def paired(sport: str) -> pl.DataFrame:
    """Return by fixture and book what the close gains on the opening: expected, and as it came (null on a void bet)."""
    keys = ["fixture", "day", "book", "true", "won"]
    wide = judged(sport).pivot("label", index=keys, values="price").drop_nulls(("open", "close"))
    came = [
        -pl.when("won").then(pl.col(label).log()).otherwise((1.0 - pl.col(label)).log()) for label in ("open", "close")
    ]
    return wide.with_columns(
        (cross_entropy(pl.col("open")) - cross_entropy(pl.col("close"))).alias("expected"),
        pl.when(pl.col("won").is_not_null()).then(came[0] - came[1]).alias("came"),
    )


def interval(rows: pl.DataFrame, column: str) -> tuple[float, float]:
    """Return the 95 % interval of the mean of ``column``, days drawn as blocks."""
    told = rows.drop_nulls(column)
    blocks = told["day"].cast(pl.Int32).to_numpy()
    return block_bootstrap(told.select(column).to_numpy(), blocks, lambda means: means[:, 0], draws=500)


@pytest.mark.parametrize("sport", SPORTS)
def test_the_close_beats_the_opening_in_log_loss(sport: str) -> None:
    """Paired by fixture and book, over all results that each fixture could have had."""
    low, high = interval(paired(sport), "expected")
    assert 0.0 < low < high < 0.03


def test_the_close_beats_the_opening_in_the_log_loss_of_what_came() -> None:
    low, _ = interval(pl.concat([paired(sport) for sport in SPORTS]), "came")
    assert low > 0.0


def test_a_book_that_learns_nothing_is_found_out() -> None:
    """The same interval over closing prices that are the opening's, off by a hundredth now here and now there."""
    for sport in SPORTS:
        rows = paired(sport)
        noise = 0.01 * (-1.0) ** (pl.int_range(pl.len()) % 2)
        idle = pl.col("open") + noise
        low, high = interval(
            rows.with_columns((cross_entropy(pl.col("open")) - cross_entropy(idle)).alias("expected")), "expected"
        )
        assert low < 0.0, (sport, high)


@pytest.mark.parametrize("sport", [sport for sport in SPORTS if sport != "nfl"])
def test_books_differ_and_the_one_with_the_least_margin_knows_most(sport: str) -> None:
    rows = (
        judged(sport).filter(pl.col("label") == "close").with_columns((pl.col("price") - pl.col("true")).alias("off"))
    )
    spread = rows.group_by("book", maintain_order=True).agg(pl.col("off").std())["off"].to_list()
    assert spread == sorted(spread)
    assert spread[0] > 0.0
