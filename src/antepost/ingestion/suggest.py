"""Whom an unmapped name may stand for, by evidence: who met that opponent about that day, with that result.

Suggestions are for a person who accepts them into a map of names; nothing here maps a name by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import polars as pl
from rapidfuzz import fuzz

from antepost.ingestion import stamps
from antepost.ingestion.gather import playing
from antepost.ingestion.identity import candidates, read_names, slug
from antepost.ingestion.matching import TOURNAMENT_DAYS
from antepost.ingestion.sources import get_source
from antepost.lake import asof
from antepost.sports import get_sport

SUGGESTIONS = {
    "source": pl.String(), "name": pl.String(), "entity": pl.String(), "games": pl.Int64(), "agreeing": pl.Int64(),
    "score": pl.Float64(), "borne": pl.String(),
}  # fmt: skip

MISNAMED = 5
"""Games of a name that is known and yet fits no fixture, from which on it may be somebody else's."""

_ASKED = {
    "game": pl.Int64(), "their_start": pl.String(), "home": pl.String(), "away": pl.String(),
    "home_score": pl.Int64(), "away_score": pl.Int64(), "outcome": pl.String(),
}  # fmt: skip
_TURNED = {"home": "away", "away": "home", "draw": "draw"}


def suggestions(
    known: Mapping[str, pl.DataFrame], quarantined: pl.DataFrame, names: Mapping[str, bytes] | None = None
) -> pl.DataFrame:
    """Return whom each name that no map knows may stand for, the best supported first.

    A name that somebody bears and that again and again fits no fixture is asked for too: a father has his son's name.

    A game supports an entity that met the same opponent about that day, unless the results contradict. Where nobody
    knows the opponent either, only a game on the same day with the same score at the same side does.

    Args:
        known: every table of one sport, all revisions.
        quarantined: refused rows, with ``source``, ``reason`` and ``row``: JSON that holds their_start, their_home,
            their_away, and, if told, their_home_score, their_away_score and their_outcome.
        names: each source's map of names, as CSV.

    Columns: source, name, entity, games (of that name), agreeing (those that support the entity), score (from 0 to 1:
    the share that agrees, less up to half of it where the names are unlike), borne (who bears the name already).
    """
    found = [pl.DataFrame(schema=SUGGESTIONS)]
    strange = quarantined.filter(pl.col("reason").str.contains("^unmapped name|^no fixture of these two sides"))
    for (name,), rows in strange.group_by("source", maintain_order=True):
        source = str(name)
        found.append(_suggested(known, rows, source, (names or {}).get(source, b"")))
    return pl.concat(found).sort(
        ["games", "name", "score", "entity"], descending=[True, False, True, False], maintain_order=True
    )


def _suggested(known: Mapping[str, pl.DataFrame], rows: pl.DataFrame, name: str, mapped: bytes) -> pl.DataFrame:
    source = get_source(name)
    asked = _asked(rows)
    whom = playing(known)
    said = pl.concat([asked["home"], asked["away"].alias("home")]).unique().sort()
    who = candidates(source, said, read_names(mapped), whom)
    met, sides = _met(asked, who), _sides(known)
    turns = get_sport(source.sport).interchangeable
    agreed = pl.concat([_by_rival(met, sides, source.days_off), _by_score(met, sides, turned=turns)])
    games = met.group_by("name").agg(pl.col("game").n_unique().cast(pl.Int64).alias("games"))
    told = agreed.group_by("name", "entity").agg(pl.col("game").n_unique().cast(pl.Int64).alias("agreeing"))
    # What the map says already is no news, though old refusals still ask for it.
    fresh = told.join(who, on=["name", "entity"], how="anti")
    scored = fresh.join(games, on="name").join(whom.rename({"name": "called"}), on="entity", how="left")
    likeness = [
        fuzz.WRatio(name, called or entity, processor=slug) / 100
        for name, called, entity in scored.select("name", "called", "entity").iter_rows()
    ]
    bears = who.group_by("name").agg(pl.col("entity").unique().sort().str.join(", ").alias("borne"))
    share = pl.col("agreeing") / pl.col("games")
    # Of a name that somebody bears, only what most of its games say is news.
    news = pl.col("borne").is_null() | (share > 1 / 2)
    return (
        scored.join(bears, on="name", how="left", maintain_order="left")
        .with_columns(
            (share * (1.0 + pl.Series(likeness, dtype=pl.Float64)) / 2).round(3).alias("score"),
            pl.lit(source.name).alias("source"),
        )
        .filter(news)
        .select(list(SUGGESTIONS))
    )


def _asked(rows: pl.DataFrame) -> pl.DataFrame:
    told: list[tuple[object, ...]] = []
    for number, text in enumerate(rows["row"].unique(maintain_order=True)):
        row = json.loads(text)
        told.append((number, *(row.get(f"their_{name}") for name in ("start", *list(_ASKED)[2:]))))
    frame = pl.DataFrame(told, schema=_ASKED, orient="row")
    day = pl.col("their_start").str.head(10).str.to_date("%Y-%m-%d", strict=False).alias("day")
    # A row that tells season and week has no day; its names show up in others.
    return frame.with_columns(day).filter(pl.col("day") != stamps.UNDATED.date())


def _met(asked: pl.DataFrame, who: pl.DataFrame) -> pl.DataFrame:
    """Return a row for each side of ``asked`` that nobody knows, or seems to be misnamed, with who its rival may be.

    Columns: game, day, name, rival (null where nobody knows the rival either), side, won, own, other.
    """
    told: list[pl.DataFrame] = []
    for side, across in (("home", "away"), ("away", "home")):
        won = pl.col("outcome") if side == "home" else pl.col("outcome").replace(_TURNED)
        told.append(
            asked.select(
                "game", "day", pl.col(side).alias("name"), pl.col(across).alias("called"), pl.lit(side).alias("side"),
                won.alias("won"), pl.col(f"{side}_score").alias("own"), pl.col(f"{across}_score").alias("other"),
            )
        )  # fmt: skip
    holds = (pl.col("day") >= pl.col("first")).fill_null(value=True) & (pl.col("day") <= pl.col("last")).fill_null(
        value=True
    )
    each = pl.concat(told)
    ours = each.join(who, on="name").filter(holds).select("game", "side", "name").unique(maintain_order=True)
    # Where both are known and the game is refused, one of them is perhaps another; who it is shows in many games.
    both = ours.filter(pl.len().over("game") > 1)
    often = both["name"].value_counts().filter(pl.col("count") >= MISNAMED)["name"]
    ours = ours.filter(~pl.col("name").is_in(often.implode()) | ~pl.col("game").is_in(both["game"].implode()))
    strange = each.join(ours, on=["game", "side"], how="anti", maintain_order="left")
    rivals = strange.join(who.rename({"name": "called", "entity": "rival"}), on="called").filter(holds)
    alone = strange.join(rivals, on=["game", "side"], how="anti").with_columns(pl.lit(None, pl.String).alias("rival"))
    columns = ["game", "day", "name", "rival", "side", "won", "own", "other"]
    return pl.concat([rivals.select(columns), alone.select(columns)])


def _sides(known: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return a row for each side of our fixtures.

    Columns: entity, our_rival, our_day, event_precision, our_side, our_won, our_own, our_other, whole.
    """
    results = asof.newest(known["results"], ("fixture",)).select(
        "fixture", "outcome", "home_score", "away_score", "ending"
    )
    games = asof.newest(known["fixtures"], ("fixture",)).select(
        "fixture", "home", "away", "event_precision", pl.col("start").dt.date().alias("our_day")
    )
    both = games.join(results, on="fixture", how="left")
    told: list[pl.DataFrame] = []
    for side, across in (("home", "away"), ("away", "home")):
        won = pl.col("outcome") if side == "home" else pl.col("outcome").replace(_TURNED)
        told.append(
            both.select(
                pl.col(side).alias("entity"), pl.col(across).alias("our_rival"), "our_day", "event_precision",
                pl.lit(side).alias("our_side"), won.alias("our_won"), pl.col(f"{side}_score").alias("our_own"),
                pl.col(f"{across}_score").alias("our_other"),
                (pl.col("ending").fill_null("regulation") == "regulation").alias("whole"),
            )
        )  # fmt: skip
    return pl.concat(told)


def _by_rival(met: pl.DataFrame, sides: pl.DataFrame, days_off: int) -> pl.DataFrame:
    window = pl.when(pl.col("event_precision") == "tournament").then(TOURNAMENT_DAYS).otherwise(days_off)
    off = (pl.col("our_day") - pl.col("day")).dt.total_days().abs()
    # Of a game that broke off, publishers count the points differently.
    wrong_score = (pl.col("own") != pl.col("our_own")) | (pl.col("other") != pl.col("our_other"))
    contradicted = (pl.col("won") != pl.col("our_won")) | (wrong_score & pl.col("whole"))
    both = met.join(sides, left_on="rival", right_on="our_rival").filter(off <= window)
    return both.filter(~contradicted.fill_null(value=False)).select("game", "name", "entity")


def _by_score(met: pl.DataFrame, sides: pl.DataFrame, *, turned: bool) -> pl.DataFrame:
    alone = met.filter(pl.col("rival").is_null() & pl.col("own").is_not_null())
    dated = sides.filter(pl.col("event_precision").is_in(["day", "second"]))
    both = alone.join(dated, left_on=["day", "own", "other"], right_on=["our_day", "our_own", "our_other"])
    same_side = pl.lit(value=turned) | (pl.col("side") == pl.col("our_side"))
    return both.filter(same_side).select("game", "name", "entity")
