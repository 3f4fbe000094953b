"""Training examples: the matrix of an information set with labels, times and the market's own price beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from antepost.desk.frames import ELO_LOGIT, MARKET_LOGIT, ask, labels, matrix, to_matrix
from antepost.desk.tables import current_batch, load
from antepost.models import Frame
from antepost.models.arrays import one_column
from antepost.settings import Settings
from antepost.sports import get_sport

NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Rows for a two-way target, in order of kick-off.

    ``frame`` is what families learn from; ``market_p`` and ``elo_p`` are the rivals' home probabilities on the
    same rows, ``base_p`` the home rate of all earlier seasons. ``dropped`` counts by season and reason the
    finished games that are not among the judged ones.
    """

    frame: Frame
    elo_p: np.ndarray
    base_p: np.ndarray
    league: np.ndarray
    dropped: dict[int, dict[str, int]]


def examples(settings: Settings, sport: str, set: str) -> Examples:  # noqa: A002
    """Return the examples of an information set: finished games without ties, priced where the set needs a price."""
    tables = load(settings, sport)
    asked = ask(sport, set)
    rivals = ask(sport, "close", columns=(MARKET_LOGIT, ELO_LOGIT))
    batch = current_batch(settings, sport)
    table = matrix(settings, sport, tables, asked, batch)
    beside = matrix(settings, sport, tables, rivals, batch).select(
        "fixture", pl.col(MARKET_LOGIT).alias("rival.market"), pl.col(ELO_LOGIT).alias("rival.elo")
    )
    played = table.join(beside, on="fixture").join(labels(tables), on="fixture").sort("start", "fixture")
    dropped = _dropped(played)
    kept = played.filter(pl.col("home_score") != pl.col("away_score"))
    base = _base_rates(kept, interchangeable=get_sport(sport).interchangeable)
    kept = kept.with_columns(base.alias("rival.base"))
    if set != "none":
        kept = kept.filter(pl.col("rival.market").is_not_null())
    frame = Frame(
        fixture=kept["fixture"].to_list(),
        season=kept["season"].to_numpy().astype(np.int32),
        week=kept["week"].to_numpy().astype(np.int32),
        as_of=kept["as_of"].dt.epoch("us").to_numpy(),
        label_known_at=kept["label_known_at"].dt.epoch("us").to_numpy(),
        match_day=kept["start"].dt.epoch("d").to_numpy().astype(np.int64),
        X=to_matrix(kept, asked.columns),
        columns=asked.columns,
        y=(kept["home_score"] > kept["away_score"]).to_numpy().astype(np.int8),
        market_p=_read(kept, "rival.market"),
    )
    return Examples(
        frame=frame,
        elo_p=_read(kept, "rival.elo"),
        base_p=kept["rival.base"].to_numpy(),
        league=kept["league"].to_numpy(),
        dropped=dropped,
    )


def _read(kept: pl.DataFrame, column: str) -> np.ndarray:
    """Return the probabilities of a column of log-odds as the family that reads it alone would, NaN where null."""
    return one_column((column,), column).score(to_matrix(kept, (column,)))


def _dropped(played: pl.DataFrame) -> dict[int, dict[str, int]]:
    tie = pl.col("home_score") == pl.col("away_score")
    unpriced = ~tie & pl.col("rival.market").is_null()
    counted = played.group_by("season").agg(tie.sum().alias("tie"), unpriced.sum().alias("no_price"))
    return {
        season: {"tie": int(ties), "no_price": int(prices), "no_open": 0}
        for season, ties, prices in counted.sort("season").iter_rows()
    }


def _base_rates(kept: pl.DataFrame, *, interchangeable: bool) -> pl.Series:
    """Return each row's base: the home rate of all earlier seasons of its league, a half where nobody is at home."""
    if interchangeable:
        return pl.Series([0.5] * kept.height, dtype=pl.Float64)
    won = (pl.col("home_score") > pl.col("away_score")).sum().alias("won")
    hosted = kept.filter(~pl.col("neutral")).group_by("league", "season").agg(won, pl.len().alias("n"))
    earlier = pl.col("won", "n").cum_sum().shift(1).over("league")
    rates = hosted.sort("season").with_columns(earlier).select("league", "season", rate=pl.col("won") / pl.col("n"))
    joined = kept.join(rates, on=["league", "season"], how="left", maintain_order="left")
    return joined.select(pl.when("neutral").then(0.5).otherwise(pl.col("rate")).fill_null(float("nan"))).to_series()
