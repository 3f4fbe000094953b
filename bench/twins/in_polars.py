"""The features in polars: rolling, cumulative and exponential sums over the side, join_asof for the moment, all lazy.

Text that repeats is made categorical first, windows sum integers, and one query holds everything that does not need
the game before, so that its optimiser shares what is asked twice and runs on all cores. Ratings go through numba.
https://docs.pola.rs/user-guide/ (Window functions, Joins, Categorical data, User-defined functions).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import polars as pl

from antepost.sports import Sport
from twins import sequential
from twins.declared import MET, RATINGS, SIDES, Wanted, text, windows_of

type Tables = Mapping[str, pl.DataFrame]
MICRO = 1_000_000
ENDS = ("known_at", "told_season")


def build(sport: Sport, tables: Tables, spine: pl.DataFrame, wanted: list[Wanted]) -> pl.DataFrame:
    """Return the columns ``wanted`` along ``spine``, in its order."""
    names = pl.Enum(pl.concat([tables["fixtures"][side] for side in SIDES]).unique().sort())
    fixtures = tables["fixtures"].with_columns(pl.col(SIDES).cast(names))
    games = tables["results"].with_columns(pl.col(SIDES).cast(names))
    games = games.join(fixtures.select("fixture", "neutral"), on="fixture").sort("event_at", "fixture")
    by = {group: [one for one in wanted if one.group == group] for group in {one.group for one in wanted}}
    rated = _rate(sport, tables, games, by)
    # The order of the spine is kept by a number, since every join_asof asks for that of as_of.
    asked = spine.with_columns(pl.col(SIDES).cast(names)).with_row_index("order").sort("as_of").lazy()
    long = _sides(sport, tables, pl.concat([games, rated], how="horizontal"))
    teams = [one for one in wanted if one.group in ("form", "box", "ewm")]
    stands = [column for column in long.collect_schema().names() if column.startswith("rated ")]
    rows = _rows(long, "team", teams, stands)
    for side in SIDES:
        asked = _merged(asked, side, rows, "team", side)
    answers = _divided(teams, SIDES)
    if "splits" in by:
        for side in SIDES:
            played = _rows(long.filter((pl.col("side") == side) & ~pl.col("neutral")), "team", by["splits"], [])
            asked = _merged(asked, side, played, "team", f"ground_{side}")
        grounds = _divided(by["splits"], tuple(f"ground_{side}" for side in SIDES))
        answers += [pl.when(~pl.col("neutral")).then(column) for column in grounds]
    if "head_to_head" in by:
        asked = _merged(asked, "pair", _pairs(games.lazy(), by["head_to_head"]), "pair", "pair")
        first = pl.col("home").cast(pl.String) < pl.col("away").cast(pl.String)
        for one, column in zip(by["head_to_head"], _divided(by["head_to_head"], ("pair",)), strict=True):
            answers.append(pl.when(first).then(column).otherwise(-column).alias(one.name) if one.odd else column)
    asked, ratings = _read_ratings(sport, games, rated, asked, by)
    asked, rest = _schedule(sport, fixtures.lazy(), asked, by.get("schedule", []))
    found = asked.select("order", *answers, *ratings, *rest).sort("order").collect()
    return found.select(one.name for one in wanted)


def _sides(sport: Sport, tables: Tables, games: pl.DataFrame) -> pl.LazyFrame:
    """Return two rows a game, as each side saw it, in order of time."""
    whole, decimal = sport.box_columns()
    columns = [pl.col(name).cast(pl.Int64) for name in whole]
    columns += [(pl.col(name) * MICRO).round().cast(pl.Int64) for name in decimal]
    told = tables[sport.box].lazy().select("fixture", "side", *columns)
    one = {side: told.filter(pl.col("side") == side).drop("side") for side in SIDES}
    parts: list[pl.LazyFrame] = []
    for us, them in (SIDES, SIDES[::-1]):
        own, other = pl.col(f"{us}_score"), pl.col(f"{them}_score")
        part = games.lazy().select(
            "fixture", "known_at", "season", "neutral", pl.col(us).alias("team"), pl.lit(us).alias("side"),
            own.alias("points_for"), other.alias("points_against"), ((own - other).sign() + 1).alias("half_wins"),
            *(pl.col(name).alias(f"rated {name.removeprefix(f'{us} ')}") for name in games.columns if f"{us} " in name),
        )  # fmt: skip
        part = part.join(one[us], on="fixture", how="left", maintain_order="left")
        theirs = one[them].rename({name: f"opponent_{name}" for name in (*whole, *decimal)})
        parts.append(part.join(theirs, on="fixture", how="left", maintain_order="left"))
    long = pl.concat(parts).sort("known_at", maintain_order=True)
    if "home met" in games.columns:
        long = long.with_columns(pl.col("rated met").rolling_mean(MET, min_samples=1).over("team"))
    return long


def _rows(long: pl.LazyFrame, key: str, wanted: list[Wanted], kept: list[str]) -> pl.LazyFrame:
    """Return the sums of every window after each game, in order of time."""
    windows = windows_of(wanted)
    totals = {total: None for sums in windows.values() for total in sums}
    work = long.select(key, "known_at", pl.col("season").alias("told_season"), *kept, *(_value(one) for one in totals))
    done: list[pl.Expr] = []
    for window, sums in windows.items():
        for column in (pl.col(text(total)) for total in sums):
            if window == "all":
                value = column.cum_sum().over(key)
            elif window == "season":
                value = column.cum_sum().over(key, "told_season")
            elif window.startswith("h"):
                # The weights of both means of a ratio are the same, so they need not be sums.
                value = column.ewm_mean(half_life=int(window[1:]), adjust=True, ignore_nulls=False).over(key)
            else:
                value = column.rolling_sum(int(window), min_samples=1).over(key)
            done.append(value.name.prefix(f"{window} "))
    return work.select(key, *ENDS, *kept, *done)


def _value(total: tuple[str, str]) -> pl.Expr:
    here, there = (pl.sql_expr(sql) for sql in total)
    return pl.when(here.is_not_null() & there.is_not_null()).then(here).otherwise(0).cast(pl.Int64).alias(text(total))


def _pairs(games: pl.LazyFrame, wanted: list[Wanted]) -> pl.LazyFrame:
    margin = pl.col("home_score") - pl.col("away_score")
    home, away = pl.col("home").cast(pl.String), pl.col("away").cast(pl.String)
    frame = games.select(
        "known_at", "season",
        pl.when(home < away).then(home + "|" + away).otherwise(away + "|" + home).alias("pair"),
        pl.when(home < away).then(margin).otherwise(-margin).alias("margin"),
    )  # fmt: skip
    return _rows(frame.sort("known_at", maintain_order=True), "pair", wanted, [])


def _merged(asked: pl.LazyFrame, left: str, rows: pl.LazyFrame, right: str, name: str) -> pl.LazyFrame:
    """Return ``asked`` with the newest of ``rows`` beside it, its columns called by ``name``."""
    told = rows.rename(lambda column: column if column == right else f"{name} {column}")
    return asked.join_asof(
        told, left_on="as_of", right_on=f"{name} known_at", by_left=left, by_right=right, allow_exact_matches=False,
        check_sortedness=False,
    )  # fmt: skip


def _divided(wanted: Iterable[Wanted], names: tuple[str, ...]) -> list[pl.Expr]:
    """Return each column as one sum by another; that of both sides is the home side's less the away side's."""

    def value(one: Wanted, name: str) -> pl.Expr:
        season = pl.col(f"{name} told_season")
        stands = season == pl.col("season") if one.window == "season" else season.is_not_null()
        top = pl.col(f"{name} {one.window} {text(one.top)}")
        if one.per is None:
            return pl.when(stands).then(top).otherwise(0)
        under = pl.col(f"{name} {one.window} {text(one.under)}")
        return pl.when(stands & (under > 0)).then(top / under)

    last = {name.rsplit("_", 1)[-1]: name for name in names}
    found: list[pl.Expr] = []
    for one in wanted:
        if len(names) == 1:
            found.append(value(one, names[0]).alias(one.name))
        elif one.side in last:
            found.append(value(one, last[one.side]).alias(one.name))
        else:
            found.append((value(one, names[0]) - value(one, names[1])).alias(one.name))
    return found


def _rate(sport: Sport, tables: Tables, games: pl.DataFrame, by: Mapping[str, list[Wanted]]) -> pl.DataFrame:
    """Return what ratings stand after each game, named by side and rating."""
    home, away = (games[side].to_physical().cast(pl.Int64).to_numpy() for side in SIDES)
    season = games["season"].cast(pl.Int64).to_numpy()
    ground = 1.0 - games["neutral"].cast(pl.Float64).to_numpy()
    scores = games.select("home_score", "away_score").to_numpy(order="c")
    margin = scores[:, 0] - scores[:, 1]
    told: dict[str, np.ndarray | pl.Series] = {}
    if "elo" in by:
        after = sequential.elo(home, away, season, margin, ground, sequential.elo_constants(sport))
        told |= {"home elo": after[:, 0], "away elo": after[:, 1]}
        told |= {"home met": after[:, 3], "away met": after[:, 2]}
    if "pi" in by:
        after = sequential.pi(home, away, margin, ground, sequential.pi_constants(sport))
        names = ("home at_home", "home elsewhere", "away at_home", "away elsewhere")
        told |= {name: after[:, i] for i, name in enumerate(names)}
    if "strengths" in by:
        league = (games["league"].rank("dense") - 1).cast(pl.Int64).to_numpy()
        its = sequential.strengths_constants(sport)
        after = sequential.strengths(home, away, league, season, scores, ground, its)
        names = ("home attack", "home defence", "away attack", "away defence", "league level", "league advantage")
        told |= {name: after[:, i] for i, name in enumerate(names)}
    if "surface" in by:
        venues = tables["venues"].select("fixture", "surface")
        kind = games.select("fixture").join(venues, on="fixture", how="left", maintain_order="left")["surface"]
        score = 0.5 * (np.sign(margin) + 1.0)
        its = sequential.surface_constants(sport)
        kinds = (kind.rank("dense") - 1).cast(pl.Int64).to_numpy()
        after = sequential.surface(home, away, kinds, score, its)
        told |= {"home everywhere": after[:, 0], "away everywhere": after[:, 1]}
        told |= {"here home": after[:, 2], "here away": after[:, 3], "here surface": kind}
    return pl.DataFrame(told)


def _read_ratings(
    sport: Sport, games: pl.DataFrame, rated: pl.DataFrame, asked: pl.LazyFrame, by: Mapping[str, list[Wanted]]
) -> tuple[pl.LazyFrame, list[pl.Expr]]:
    """Read the ratings as they stand this season, and what follows from both sides'."""
    ground = 1.0 - pl.col("neutral").cast(pl.Float64)
    keep = sport.elo.season_keep

    def stands(side: str, rating: str, mean: float) -> pl.Expr:
        value = pl.col(f"{side} rated {rating}")
        fresh = pl.col(f"{side} told_season") != pl.col("season")
        return pl.when(fresh).then(keep * value + (1.0 - keep) * mean).otherwise(value)

    told: dict[tuple[str, str, str], pl.Expr] = {}
    if "elo" in by:
        told |= {("elo", "rating", side): stands(side, "elo", sport.elo.mean) for side in SIDES}
        edge = told["elo", "rating", "home"] - told["elo", "rating", "away"] + sport.elo.home_advantage * ground
        told["elo", "logit", "fixture"] = edge * np.log(10.0) / sport.elo.scale
    if "opponents" in by:
        told |= {("opponents", "elo", side): pl.col(f"{side} rated met") for side in SIDES}
    if "pi" in by and sport.pi:
        its = sport.pi
        for side, column in zip(SIDES, ("at_home", "elsewhere"), strict=True):
            mean = 0.5 * (pl.col(f"{side} rated at_home") + pl.col(f"{side} rated elsewhere"))
            told["pi", "rating", side] = pl.when("neutral").then(mean).otherwise(pl.col(f"{side} rated {column}"))
        goals = [
            told["pi", "rating", side].sign() * (its.base ** (told["pi", "rating", side].abs() / its.diminishing) - 1.0)
            for side in SIDES
        ]
        told["pi", "margin", "fixture"] = goals[0] - goals[1]
    if "strengths" in by:
        told |= {("strengths", stat, side): stands(side, stat, 0.0) for stat in ("attack", "defence") for side in SIDES}
        leagues = pl.concat(
            [games.select("league", "known_at"), rated.select("league level", "league advantage")], how="horizontal"
        )
        asked = _merged(asked, "league", leagues.lazy().sort("known_at", maintain_order=True), "league", "its")
        level, half = pl.col("its league level"), 0.5 * pl.col("its league advantage") * ground
        attack, defence = ({side: told["strengths", stat, side] for side in SIDES} for stat in ("attack", "defence"))
        home = level + (attack["home"] - defence["away"]) + half
        away = level + (attack["away"] - defence["home"]) - half
        told |= {("strengths", "total", "fixture"): home + away, ("strengths", "margin", "fixture"): home - away}
    if "surface" in by and sport.surface_elo:
        here = [
            pl.select(
                known_at=games["known_at"], player=games[side], ground=rated["here surface"], here=rated[f"here {side}"]
            )
            for side in SIDES
        ]
        rows = pl.concat(here).lazy().sort("known_at", maintain_order=True)
        for side in SIDES:
            asked = asked.join_asof(
                rows.rename({"here": f"here {side}"}), left_on="as_of", right_on="known_at", by_left=[side, "surface"],
                by_right=["player", "ground"], allow_exact_matches=False, check_sortedness=False, coalesce=True,
            ).drop("known_at")  # fmt: skip
            told["surface", "rating", side] = pl.col(f"here {side}")
        everywhere = pl.col("home rated everywhere") - pl.col("away rated everywhere")
        edge = told["surface", "rating", "home"] - told["surface", "rating", "away"]
        weight = sport.surface_elo.weight
        blend = weight * everywhere + (1.0 - weight) * edge
        told["surface", "logit", "fixture"] = blend * np.log(10.0) / sport.surface_elo.scale
    found: list[pl.Expr] = []
    for one in (one for group in RATINGS for one in by.get(group, [])):
        key = (one.group, one.stat, one.side)
        value = told[key] if key in told else told[(*key[:2], "home")] - told[(*key[:2], "away")]
        found.append(value.alias(one.name))
    return asked, found


def _schedule(
    sport: Sport, fixtures: pl.LazyFrame, asked: pl.LazyFrame, wanted: list[Wanted]
) -> tuple[pl.LazyFrame, list[pl.Expr]]:
    """Look back from each scheduled start of a side in its season."""
    day = pl.col("start").dt.convert_time_zone(sport.timezone).dt.date()
    sides = [
        fixtures.select(
            "fixture", "season", "start", day.alias("day"), pl.col(side).alias("team"), pl.lit(side).alias("side"),
            pl.lit(side == "away").cast(pl.Float64).alias("away"),
        )
        for side in SIDES
    ]  # fmt: skip
    keys = ["team", "season"]
    before = pl.col("start").shift().over(keys)
    off = (pl.col("start") - before).dt.total_microseconds() / 86_400_000_000.0
    horizon = sport.rest_horizon.days
    away = pl.col("away").shift().over(keys)
    run = pl.int_range(pl.len(), dtype=pl.Int64).over([*keys, "turn"]) + 1
    told = {
        "rest now": pl.when(off <= horizon).then(off),
        "from_away now": pl.when(off <= horizon).then(away),
        "back_to_back now": ((pl.col("day") - pl.col("day").shift().over(keys)).dt.total_days() <= 1)
        .fill_null(value=False)
        .cast(pl.Float64),
    }
    one_each = pl.lit(1.0)
    for window in sorted({one.window for one in wanted if one.stat == "games"}):
        length, on, closed = (
            (f"{window[:-1]}d", "start", "left") if window.endswith("d") else (f"{window[:-1]}d", "day", "right")
        )
        counted = pl.col("one").rolling_sum_by(on, length, closed=closed, min_samples=0).over(keys).fill_null(0.0)
        told[f"games {window}"] = counted - (0.0 if closed == "left" else 1.0)
    if any(one.stat == "away_streak" for one in wanted):
        inside = (
            pl.col("one").rolling_sum_by("start", f"{horizon}d", closed="left", min_samples=0).over(keys).fill_null(0.0)
        )
        streak = pl.min_horizontal(pl.col("run").shift().over(keys).fill_null(0).cast(pl.Float64), inside)
        told["away_streak now"] = streak * (2.0 * away.fill_null(0.0) - 1.0) + 0.0
    turned = (pl.col("away") != away).fill_null(value=True).cum_sum().over(keys)
    long = pl.concat(sides).sort("team", "start").with_columns(one_each.alias("one"), turned.alias("turn"))
    rows = long.with_columns(run.alias("run")).select(
        "fixture", "side", *(value.alias(name) for name, value in told.items())
    )
    for side in SIDES:
        its = rows.filter(pl.col("side") == side).drop("side").rename({name: f"{side} {name}" for name in told})
        asked = asked.join(its, on="fixture", how="left", maintain_order="left")
    found: list[pl.Expr] = []
    for one in wanted:
        stat = f"{one.stat.removesuffix('_difference')} {one.window}"
        both = [pl.col(f"{side} {stat}") for side in ((one.side,) if one.side in SIDES else SIDES)]
        found.append((both[0] if len(both) == 1 else both[0] - both[1]).alias(one.name))
    return asked, found
