"""Training examples: the matrix of an information set with labels, times and the market's own price beside it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from antepost.desk.frames import ELO_LOGIT, MARKET_LOGIT, ask, labels, matrix, to_matrix
from antepost.desk.tables import current_batch, load
from antepost.models import Frame
from antepost.models.arrays import one_column
from antepost.models.frame import NEVER, UNDECIDED, Superseded
from antepost.settings import Settings
from antepost.sports import Sport, get_sport


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Rows for a two-way target, in order of kick-off.

    ``frame`` is what families learn from; ``market_p`` and ``elo_p`` are the rivals' home probabilities on the
    same rows, ``base_p`` the home rate of all earlier seasons. ``opens`` is by season when the first question about
    any of its fixtures is asked, in microseconds. ``dropped`` counts by league, season and reason the finished
    games that are not among the judged ones.
    """

    frame: Frame
    elo_p: np.ndarray
    base_p: np.ndarray
    league: np.ndarray
    opens: dict[int, int]
    dropped: dict[tuple[str, int], dict[str, int]]

    def cut(self, before: int) -> int:
        """Return the moment at which season ``before``, or the next there is, opens; NEVER where none is ahead."""
        return min((moment for season, moment in self.opens.items() if season >= before), default=NEVER)


def examples(settings: Settings, sport: str, set: str) -> Examples:  # noqa: A002
    """Return the examples of an information set: finished games without ties, priced where the set needs a price.

    A game whose score was corrected has its answers of before too, and one that is a tie by now is there for those.
    """
    tables = load(settings, sport)
    asked = ask(sport, set)
    rivals = ask(sport, "close", columns=(MARKET_LOGIT, ELO_LOGIT))
    batch = current_batch(settings, sport)
    table = matrix(settings, sport, tables, asked, batch)
    beside = matrix(settings, sport, tables, rivals, batch).select(
        "fixture", pl.col(MARKET_LOGIT).alias("rival.market"), pl.col(ELO_LOGIT).alias("rival.elo")
    )
    told = labels(tables)
    newest = told.unique("fixture", keep="last", maintain_order=True)
    played = table.join(beside, on="fixture").join(newest, on="fixture").sort("start", "fixture")
    once_decided = told.filter(pl.col("home_score") != pl.col("away_score"))
    kept = played.join(once_decided, on="fixture", how="semi", maintain_order="left")
    frame = Frame(
        fixture=kept["fixture"].to_list(),
        season=kept["season"].to_numpy().astype(np.int32),
        week=kept["week"].to_numpy().astype(np.int32),
        as_of=kept["as_of"].dt.epoch("us").to_numpy(),
        label_known_at=kept["label_known_at"].dt.epoch("us").to_numpy(),
        match_day=kept["start"].dt.epoch("d").to_numpy().astype(np.int64),
        X=to_matrix(kept, asked.columns),
        columns=asked.columns,
        y=kept.select(_answer())["y"].to_numpy(),
        market_p=_read(kept, "rival.market"),
        superseded=_superseded(told, kept),
    )
    league = kept["league"].to_numpy()
    base = _base_rates(frame, league, kept["neutral"].fill_null(value=False).to_numpy(), get_sport(sport))
    usable = np.ones(frame.y.size, np.bool_) if set == "none" else kept["rival.market"].is_not_null().to_numpy()
    opens = table.group_by("season").agg(pl.col("as_of").min().dt.epoch("us"))
    return Examples(
        frame=frame.where(usable),
        elo_p=_read(kept, "rival.elo")[usable],
        base_p=base[usable],
        league=league[usable],
        opens=dict(opens.iter_rows()),
        dropped=_dropped(played),
    )


def _answer() -> pl.Expr:
    """Return ``y`` of a score: 1 where the home side won, 0 where the away side did, UNDECIDED otherwise."""
    margin = pl.col("home_score") - pl.col("away_score")
    return pl.when(margin > 0).then(1).when(margin < 0).then(0).otherwise(UNDECIDED).cast(pl.Int8).alias("y")


def _superseded(told: pl.DataFrame, kept: pl.DataFrame) -> tuple[Superseded, ...]:
    newest = pl.col("fixture").is_last_distinct()
    old = told.filter(~newest).join(kept, on="fixture", how="semi", maintain_order="left")
    rows = old.select("fixture", _answer(), pl.col("label_known_at").dt.epoch("us"))
    return tuple(Superseded(fixture=fixture, y=y, known_at=known_at) for fixture, y, known_at in rows.iter_rows())


def _read(kept: pl.DataFrame, column: str) -> np.ndarray:
    """Return the probabilities of a column of log-odds as the family that reads it alone would, NaN where null."""
    return one_column((column,), column).score(to_matrix(kept, (column,)))


def _dropped(played: pl.DataFrame) -> dict[tuple[str, int], dict[str, int]]:
    tie = pl.col("home_score") == pl.col("away_score")
    unpriced = ~tie & pl.col("rival.market").is_null()
    counted = played.group_by("league", "season").agg(tie.sum().alias("tie"), unpriced.sum().alias("no_price"))
    return {
        (league, season): {"tie": int(ties), "no_price": int(prices), "no_open": 0}
        for league, season, ties, prices in counted.sort("league", "season").iter_rows()
    }


def _base_rates(frame: Frame, league: np.ndarray, neutral: np.ndarray, sport: Sport) -> np.ndarray:
    """Return each row's base: the home rate of all earlier seasons of its league, a half where nobody is at home.

    It counts what was known when the season's first question was asked.
    """
    base = np.full(frame.y.size, 0.5)
    if sport.interchangeable:
        return base
    for name in np.unique(league):
        ours = league == name
        for season in np.unique(frame.season[ours]):
            here = ours & (frame.season == season)
            y, _ = frame.answers(int(frame.as_of[here].min()))
            hosted = y[ours & (frame.season < season) & ~neutral & (y != UNDECIDED)]
            base[here & ~neutral] = hosted.mean() if hosted.size else np.nan
    return base
