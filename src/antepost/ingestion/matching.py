"""Which of our fixtures a secondary source's rows are about: the same two sides on the same day, or none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.identity import ANYONE
from antepost.sports import Sport

PRECISIONS = {"none": 0, "tournament": 1, "day": 2, "second": 3}
TOURNAMENT_DAYS = 12
"""How far a day may lie from one that was only reckoned from a tournament's Monday."""

_FAR = timedelta(days=365)

_AFTER = frozenset({"results", "periods", "team_stats", "player_stats"})
"""The tables whose moment is reckoned from the end of the game."""

_TIMED = frozenset({"ticks"})
"""The tables whose rows happen at moments of their own, which do not move with the game's start."""

_UNDATED = pl.col("their_start") == stamps.UNDATED
_SWAPPED = {"home": "away", "away": "home", "home_draw": "draw_away", "draw_away": "home_draw"}
_OF_A_SIDE = r"^(home|away)_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """What joined: ``links`` (local, fixture, flipped, start, event_precision, league, season, off, finer).

    ``start`` and ``event_precision`` are the finer of the two sources'; ``finer`` marks where that is the secondary's.
    """

    links: pl.DataFrame
    refused: pl.DataFrame


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Final scores (fixture, home_score, away_score), theirs under their own ids and ours under ours.

    They settle which of two games on one day a row is about. A price that is joined by them is no better known for
    it: the score chooses a fixture, and every moment still rests on that fixture's start.
    """

    theirs: pl.DataFrame
    ours: pl.DataFrame


def match(
    games: pl.DataFrame,
    who: pl.DataFrame,
    fixtures: pl.DataFrame,
    days_off: int,
    timezone: str,
    scores: Scores | None = None,
) -> Matched:
    """Return which of ``fixtures`` each of ``games`` is; one that fits none, or several, is refused with its reason.

    Where several fit (a double-header; a game of which only the season is told) the one with the same score is it. A
    game against ``ANYONE`` is the one that its side plays, or its ground sees, on that day or in that week; so each
    side of a fixture may have a row of its own.

    Args:
        games: a secondary source's fixtures, its own names in ``home`` and ``away``, its own ids in ``fixture``.
        who: whom each name may mean (name, entity, first, last).
        fixtures: the newest revisions of ours.
        days_off: by how many days the dates may differ.
        timezone: where the sport's days are counted; a game at 00:30 UTC is the evening before's in New York.
        scores: how the games ended, as far as either side tells.
    """
    local = games.select(
        pl.col("fixture").alias("local"), "raw", pl.col("start").alias("their_start"),
        pl.col("event_precision").alias("their_precision"), pl.col("home").alias("their_home"),
        pl.col("away").alias("their_away"), pl.col("season").alias("their_season"), pl.col("week").alias("their_week"),
    )  # fmt: skip
    paired = _side(_side(local, who, "home"), who, "away").filter(pl.col("a") != pl.col("b"))
    both = [_as(fixtures, "home", "away"), _as(fixtures, "away", "home")]
    if ANYONE in games["away"]:
        both += [_as(fixtures, alone, None) for alone in ("home", "away", "venue")]
    near = paired.join(pl.concat(both), on=["a", "b"]).with_columns(_off(timezone)).filter(_near(days_off))
    best = near.filter(pl.col("off") == pl.col("off").min().over("local"))
    best = _at_home(_settled(best, scores) if scores else best)
    once = best.filter(pl.len().over("local") == 1).with_columns(pl.when(pl.col("b") == ANYONE).then("a").alias("lone"))
    first = once.filter(pl.col("off") == pl.col("off").min().over("fixture", "lone"))
    links = first.filter(pl.len().over("fixture", "lone") == 1)
    return Matched(links=_refined(links), refused=_refused(local, paired, near, once, links))


def _settled(best: pl.DataFrame, scores: Scores) -> pl.DataFrame:
    """Return ``best``, and of several fixtures that fit one row those that ended as it tells."""
    several = pl.len().over("local") > 1
    told = ("home_score", "away_score")
    theirs = scores.theirs.select(pl.col("fixture").alias("local"), *told).unique("local")
    both = best.with_columns(several.alias("several")).join(theirs, on="local", how="left").join(
        scores.ours.select("fixture", *told), on="fixture", how="left", suffix="_ours"
    )  # fmt: skip
    straight, crossed = (
        (pl.col("home_score") == pl.col(f"{a}_score_ours")) & (pl.col("away_score") == pl.col(f"{b}_score_ours"))
        for a, b in (("home", "away"), ("away", "home"))
    )
    same = pl.when("flipped").then(crossed).otherwise(straight).fill_null(value=False)
    return both.filter(~pl.col("several") | same).select(best.columns)


def _at_home(best: pl.DataFrame) -> pl.DataFrame:
    """Return ``best``, and of several fixtures that fit one row those in which its home side is at home."""
    return best.filter(pl.col("flipped") == pl.col("flipped").min().over("local"))


def identify(tables: Mapping[str, pl.DataFrame], fixtures: pl.DataFrame, first: pl.DataFrame | None = None) -> Matched:
    """Return which of ``fixtures`` the rows of a source are about that knows them by our own ids.

    Where the source knows no teams, ``first`` (fixture, team) tells whom it calls home; a fixture of which that is not
    told is refused.
    """
    rows = [frame.select("fixture", "raw") for frame in tables.values() if "fixture" in frame.columns]
    named = pl.concat(rows).drop_nulls("fixture").unique("fixture", keep="first", maintain_order=True)
    ours = fixtures.select(
        "fixture", "start", "event_precision", "league", "season", pl.col("home").alias("a"), pl.col("away").alias("b"),
        pl.lit(value=False).alias("flipped"), pl.lit(value=False).alias("finer"),
        pl.lit(stamps.UNDATED).cast(fixtures.schema["start"]).alias("their_start"),
        pl.lit(None, pl.String).alias("their_home"), pl.lit(None, pl.String).alias("their_away"),
    )  # fmt: skip
    links = named.with_columns(pl.col("fixture").alias("local")).join(ours, on="fixture", maintain_order="left")
    reason = pl.lit("no fixture of this id").alias("reason")
    refused = named.join(ours, on="fixture", how="anti").with_columns(reason)
    if first is None:
        return Matched(links=links, refused=refused)
    turned = pl.col("team") == pl.col("b")
    sided = links.drop("flipped").join(first, on="fixture", how="left", maintain_order="left")
    told = sided.filter(turned | (pl.col("team") == pl.col("a"))).with_columns(
        turned.alias("flipped"),
        pl.when(turned).then("b").otherwise("a").alias("a"),
        pl.when(turned).then("a").otherwise("b").alias("b"),
    )
    unsided = named.join(links, on="fixture", how="semi").join(told, on="fixture", how="anti")
    untold = unsided.with_columns(pl.lit("nobody knows which side is which in this fixture").alias("reason"))
    return Matched(links=told.select(links.columns), refused=pl.concat([refused, untold]))


def _off(timezone: str) -> pl.Expr:
    ours, theirs = _day("start", "event_precision", timezone), _day("their_start", "their_precision", timezone)
    return pl.when(_UNDATED).then(0).otherwise((ours - theirs).dt.total_days().abs()).alias("off")


def _day(start: str, precision: str, timezone: str) -> pl.Expr:
    """Return the sport's own day of a moment; one without a clock is noon UTC of that day already."""
    local = pl.col(start).dt.convert_time_zone(timezone).dt.date()
    return pl.when(pl.col(precision) == "second").then(local).otherwise(pl.col(start).dt.date())


def _as(fixtures: pl.DataFrame, a: str, b: str | None) -> pl.DataFrame:
    """Return our fixtures as a source may list them: ``a`` first, against ``b`` or anyone."""
    return fixtures.select(
        "fixture", "start", "event_precision", "league", "season", "week", pl.col(a).alias("a"),
        (pl.col(b) if b else pl.lit(ANYONE)).alias("b"), pl.lit(a == "away").alias("flipped"),
    )  # fmt: skip


def _near(days_off: int) -> pl.Expr:
    """Return whether the days are near enough; where theirs is not told, whether week or else season is the same."""
    window = pl.when(pl.col("event_precision") == "tournament").then(TOURNAMENT_DAYS).otherwise(days_off)
    week = (pl.col("week") == pl.col("their_week")) | pl.col("their_week").is_null()
    same_week = (pl.col("season") == pl.col("their_season")) & week
    return pl.when(_UNDATED).then(same_week).otherwise(pl.col("off") <= window)


def _side(local: pl.DataFrame, who: pl.DataFrame, side: str) -> pl.DataFrame:
    day = pl.col("their_start").dt.date()
    holds = (day >= pl.col("first")).fill_null(value=True) & (day <= pl.col("last")).fill_null(value=True)
    named = local.join(who, left_on=f"their_{side}", right_on="name").filter(holds).drop("first", "last")
    return named.rename({"entity": "a" if side == "home" else "b"})


def _refined(links: pl.DataFrame) -> pl.DataFrame:
    ours, theirs = (
        pl.col(name).replace_strict(PRECISIONS, return_dtype=pl.Int8) for name in ("event_precision", "their_precision")
    )
    finer = (theirs > ours) & ~_UNDATED
    return links.with_columns(finer.alias("finer")).with_columns(
        pl.when("finer").then("their_start").otherwise("start").alias("start"),
        pl.when("finer").then("their_precision").otherwise("event_precision").alias("event_precision"),
    )


def _refused(
    local: pl.DataFrame, paired: pl.DataFrame, near: pl.DataFrame, once: pl.DataFrame, links: pl.DataFrame
) -> pl.DataFrame:
    def has(frame: pl.DataFrame) -> pl.Expr:
        return pl.col("local").is_in(frame["local"].unique().implode())

    reason = (
        pl.when(~has(paired)).then(pl.lit("unmapped"))
        .when(~has(near)).then(pl.lit("no fixture of these two sides on this day"))
        .when(~has(once)).then(pl.lit("several fixtures of these two sides fit"))
        .otherwise(pl.lit("another row of this source is the same fixture"))
    )  # fmt: skip
    left = local.join(links, on="local", how="anti").with_columns(reason.alias("reason"))
    return left.rename({"local": "fixture"})


def relinked(name: str, frame: pl.DataFrame, links: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    """Return the rows of table ``name`` that matched, under our fixture's id, sides, season and start.

    A moment that rests on the start moves with it; one that the source recorded or published stays.
    """
    chosen = links.select(
        pl.col("local").alias("fixture"), pl.col("fixture").alias("ours"), "flipped", "their_start",
        pl.col("start").alias("our_start"), pl.col("event_precision").alias("our_precision"),
        pl.col("league").alias("our_league"), pl.col("season").alias("our_season"),
        pl.when("flipped").then("b").otherwise("a").alias("our_home"),
        pl.when("flipped").then("a").otherwise("b").alias("our_away"), "a", "b", "their_home", "their_away",
    )  # fmt: skip
    joined = frame.join(chosen, on="fixture", maintain_order="left")
    happened = pl.col("event_at") + (pl.col("our_start") - pl.col("their_start"))
    timed = name in _TIMED
    moved = joined.with_columns(
        pl.col("ours").alias("fixture"),
        pl.col("our_league").alias("league"),
        pl.col("our_season").alias("season"),
        (pl.col("event_at") if timed else happened).alias("event_at"),
        pl.col("event_precision" if timed else "our_precision").alias("event_precision"),
        _moment(name, pl.col("their_start"), sport).alias("known_at"),
    )
    return _renamed(_flipped(moved)).select(frame.columns)


def _moment(name: str, before: pl.Expr, sport: Sport) -> pl.Expr:
    """Return ``known_at`` once the start moved from ``before`` to ``our_start``."""
    # A source that tells no start counts its moments from UNDATED; one far from it is a moment of its own.
    own = (before == stamps.UNDATED) & (pl.col("known_at") > pl.lit(stamps.UNDATED) + _FAR)
    fixed = pl.col("known_how").is_in(["recorded", "published"]) | own.fill_null(value=False)
    shifted = pl.col("known_at") + (pl.col("our_start") - before)
    if name in _AFTER:
        shifted = stamps.after(sport.duration + stamps.AFTER_RESULT, pl.col("our_start"), pl.col("our_precision"))
    if name == "weather":
        # What was seen at a game is known once it is over by our clock, whatever another says of its hours.
        over = stamps.after(sport.duration, pl.col("our_start"), pl.col("our_precision"))
        seen = pl.max_horizontal(shifted, over, "valid_at")
        shifted = pl.when(pl.col("kind") == "observed").then(seen).otherwise(shifted)
    return pl.when(fixed).then("known_at").otherwise(shifted)


def _flipped(frame: pl.DataFrame) -> pl.DataFrame:
    turned: list[pl.Expr] = []
    for one, other in (("home", "away"), ("home_score", "away_score")):
        if one in frame.columns:
            turned += [pl.when("flipped").then(b).otherwise(a).alias(a) for a, b in ((one, other), (other, one))]
    for column in ("outcome", "side"):
        if column in frame.columns:
            told = pl.when("flipped").then(pl.col(column).replace(_SWAPPED)).otherwise(column)
            turned.append(told.alias(column))
    for column in ("role", "market"):
        # home_coach, away_win_to_nil: what belongs to a side says so in front.
        if column in frame.columns:
            own = pl.col(column).str.extract(_OF_A_SIDE).replace(_SWAPPED) + pl.lit("_")
            other = own + pl.col(column).str.replace(_OF_A_SIDE, "")
            turned.append(pl.when("flipped").then(pl.coalesce(other, column)).otherwise(column).alias(column))
    return frame.with_columns(turned)


def _renamed(frame: pl.DataFrame) -> pl.DataFrame:
    """Return ``frame`` with our own ids for the two sides: by the side where a row tells it, else by their names."""
    told = [pl.col(f"our_{side}").alias(side) for side in ("home", "away") if side in frame.columns]
    if "team" in frame.columns:
        named = pl.when(pl.col("team") == pl.col("their_home")).then("a").when(pl.col("team") == pl.col("their_away"))
        team = pl.coalesce(named.then("b"), "team")
        if "side" in frame.columns:
            sides = pl.when(pl.col("side") == "home").then("our_home").when(pl.col("side") == "away")
            team = pl.coalesce(sides.then("our_away"), team)
        told.append(team.alias("team"))
    return frame.with_columns(told)


def restated(
    known: Mapping[str, pl.DataFrame], links: pl.DataFrame, sport: Sport, batch: int, raw: str
) -> dict[str, pl.DataFrame]:
    """Return new revisions of all facts of the fixtures whose start ``links`` know more finely than we did.

    They replace the old ones from the same moments on: a date that an archive gives was as public then as the
    match itself.
    """
    finer = links.filter("finer").select(
        "fixture", pl.col("start").alias("our_start"), pl.col("event_precision").alias("our_precision")
    )
    rows: dict[str, pl.DataFrame] = {}
    for name, frame in known.items():
        if "fixture" not in frame.columns or name in _TIMED or not finer.height:
            continue
        joined = frame.join(finer, on="fixture")
        moved = joined.with_columns(
            _moment(name, pl.col("event_at"), sport).alias("known_at"),
            pl.col("our_start").alias("event_at"),
            pl.col("our_precision").alias("event_precision"),
            pl.lit(batch, pl.Int64).alias("batch"),
            pl.lit(raw).alias("raw"),
        )
        if name == "fixtures":
            moved = moved.with_columns(pl.col("our_start").alias("start"))
        rows[name] = moved.select(frame.columns)
    return rows
