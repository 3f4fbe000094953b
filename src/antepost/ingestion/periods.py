"""Periods against the score: quarters, halves and innings sum to it, sets make it by who won them.

Where one source contradicts itself nothing tells which of the two is right: its periods are refused, and the score
stands, which other sources may confirm. What two sources say of one game is a finding, see ``findings``.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion.sheet import refused_of
from antepost.sports import Sport

_SIDES = ("home", "away")
_NOT_PLAYED = ("awarded", "walkover", "abandoned")
"""Endings whose score is not what was played."""


def contradicted(results: pl.DataFrame, periods: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return the games whose periods do not make up their score.

    A sum has to equal the score where the periods are whole: numbered from one on without a gap, and as many as a game
    of the sport has at least; else it may not lie beyond it. A shoot-out gives its winner one goal at most. Who won
    most sets has the score that says so, and is who won, unless play broke off.

    Columns: fixture, told (what does not fit).
    """
    played = results.filter(~pl.col("ending").is_in(_NOT_PLAYED).fill_null(value=False)).unique("fixture", keep="last")
    told_once = periods.unique(["fixture", "side", "period"], keep="last", maintain_order=True)
    rule = {"sum": _summed, "won": _won}.get(sport.score_from or "")
    if rule is None:
        return pl.DataFrame(schema={"fixture": pl.String, "told": pl.String})
    wrong = rule(played, told_once, sport)
    return wrong.group_by("fixture", maintain_order=True).agg(pl.col("told").str.join("; "))


def without_contradictions(
    tables: Mapping[str, pl.DataFrame], sport: Sport
) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    """Return a load's tables less the periods that contradict the load's own scores, and those as refusals."""
    there = {**tables}
    if "periods" not in tables or "results" not in tables:
        nothing = pl.DataFrame(schema={"raw": pl.String, "reason": pl.String})
        return there, refused_of(nothing)
    wrong = contradicted(tables["results"], tables["periods"], sport).select(
        "fixture", pl.lit("periods: they do not make up the score that the same source tells").alias("reason")
    )
    beside = tables["periods"].join(wrong, on="fixture", how="left", maintain_order="left")
    there["periods"] = beside.filter(pl.col("reason").is_null()).drop("reason")
    return there, refused_of(beside.filter(pl.col("reason").is_not_null()))


def _summed(results: pl.DataFrame, periods: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    before_shootout = pl.col("period") <= sport.least_periods + 1
    made = periods.group_by("fixture", "side", maintain_order=True).agg(
        pl.col("score").sum().alias("made"),
        pl.col("score").filter(before_shootout).sum().alias("shot_from"),
        (pl.col("period").n_unique() == pl.col("period").max()).alias("gapless"),
        pl.col("period").max().alias("last"),
    )
    scored = pl.concat(
        results.select(
            "fixture",
            pl.lit(side).alias("side"),
            pl.col(f"{side}_score").alias("score"),
            (pl.col("ending") == "shootout").fill_null(value=False).alias("shootout"),
            (pl.col("outcome") == side).fill_null(value=False).cast(pl.Int64).alias("goal"),
        )
        for side in _SIDES
    ).drop_nulls("score")
    both = made.join(scored, on=["fixture", "side"], how="inner", maintain_order="left")
    score, shot = pl.col("score"), pl.col("shot_from")
    fits = (pl.col("made") == score) | (pl.col("shootout") & ((shot == score) | (shot + pl.col("goal") == score)))
    whole = pl.col("gapless") & (pl.col("last") >= sport.least_periods)
    wrong = both.filter(pl.when(whole).then(~fits).otherwise((pl.col("made") > score) & ~pl.col("shootout")))
    told = pl.format("{} has {}, its periods make {}", "side", "score", "made").alias("told")
    return wrong.select("fixture", told)


def _won(results: pl.DataFrame, periods: pl.DataFrame, _: Sport) -> pl.DataFrame:
    home, away = (
        periods.filter(pl.col("side") == side).select("fixture", "period", pl.col("score").alias(side))
        for side in _SIDES
    )
    sets = home.join(away, on=["fixture", "period"], how="inner", maintain_order="left")
    scores = results.select("fixture", "ending", "outcome", "home_score", "away_score")
    each = sets.join(scores, on="fixture", how="inner", maintain_order="left")
    most, least = pl.max_horizontal(_SIDES), pl.min_horizontal(_SIDES)
    # Where play broke off, only a set that was played out counts: six games, two ahead, or seven.
    ended = (pl.col("ending") == "regulation").fill_null(value=False)
    counts = ended | ((most >= 6) & ((most - least >= 2) | (most == 7)))
    games = each.group_by("fixture", "ending", "outcome", "home_score", "away_score", maintain_order=True).agg(
        (counts & (pl.col("home") > pl.col("away"))).sum().cast(pl.Int64).alias("home_sets"),
        (counts & (pl.col("away") > pl.col("home"))).sum().cast(pl.Int64).alias("away_sets"),
    )
    differ = (pl.col("home_sets") != pl.col("home_score")) | (pl.col("away_sets") != pl.col("away_score"))
    ahead = pl.col("home_sets") - pl.col("away_sets")
    lost = ended & (((pl.col("outcome") == "home") & (ahead <= 0)) | ((pl.col("outcome") == "away") & (ahead >= 0)))
    score = pl.format("{}-{} is told, the sets make {}-{}", "home_score", "away_score", "home_sets", "away_sets")
    winner = pl.format("{} won with sets of {}-{}", "outcome", "home_sets", "away_sets")
    told = pl.when(differ).then(score).when(lost).then(winner).alias("told")
    return games.select("fixture", told).drop_nulls("told")
