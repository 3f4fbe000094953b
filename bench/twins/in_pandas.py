"""The features in pandas: groupby-rolling, groupby-ewm and groupby-shift for the states, merge_asof for the moment.

Text that repeats is made categorical first and every sum is taken once, however many columns divide it; the rolling
windows of one length go through a single call. https://pandas.pydata.org/docs/user_guide/ (Windowing operations,
Time series, Scaling to large datasets, Enhancing performance).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from antepost.sports import Sport
from twins import sequential
from twins.declared import MET, RATINGS, SIDES, Wanted, text, windows_of

type Tables = Mapping[str, pd.DataFrame]
MICRO = 1_000_000


def build(sport: Sport, tables: Tables, spine: pd.DataFrame, wanted: list[Wanted]) -> pd.DataFrame:
    """Return the columns ``wanted`` along ``spine``, in its order."""
    names = pd.CategoricalDtype(sorted({*tables["fixtures"]["home"], *tables["fixtures"]["away"]}))
    games = tables["results"].merge(tables["fixtures"][["fixture", "neutral"]], on="fixture")
    games = games.sort_values(["event_at", "fixture"], ignore_index=True)
    games[list(SIDES)] = games[list(SIDES)].astype(names)
    asked = spine.assign(order=np.arange(len(spine))).sort_values("as_of", kind="stable", ignore_index=True)
    asked[list(SIDES)] = asked[list(SIDES)].astype(names)
    by = {group: [one for one in wanted if one.group == group] for group in {one.group for one in wanted}}
    rated = _rate(sport, tables, games, by)
    teams = [one for one in wanted if one.group in ("form", "box", "ewm")]
    found: dict[str, pd.Series | np.ndarray] = {}
    long = _sides(sport, tables, games, rated)
    kept = [column for column in long if column.startswith("rated ")]
    rows = _rows(long, "team", teams, kept)
    at = {side: _merged(asked, side, rows, "team") for side in SIDES}
    _take(teams, at, asked, found)
    if "splits" in by:
        played = {side: long[(long["side"] == side) & ~long["neutral"]] for side in SIDES}
        grounds = {
            side: _merged(asked, side, _rows(rows_, "team", by["splits"], []), "team") for side, rows_ in played.items()
        }
        _take(by["splits"], grounds, asked, found)
        for one in by["splits"]:
            found[one.name] = np.where(asked["neutral"], np.nan, found[one.name])
    if "head_to_head" in by:
        _take(
            by["head_to_head"],
            {"fixture": _merged(asked, "pair", _pairs(games, by["head_to_head"]), "pair")},
            asked,
            found,
        )
    _read_ratings(sport, games, rated, at, asked, by, found)
    _schedule(sport, tables["fixtures"].astype(dict.fromkeys(SIDES, names)), asked, by.get("schedule", []), found)
    answer = pd.DataFrame({one.name: found[one.name] for one in wanted})
    return answer.iloc[np.argsort(asked["order"].to_numpy())].reset_index(drop=True)


def _sides(sport: Sport, tables: Tables, games: pd.DataFrame, rated: pd.DataFrame) -> pd.DataFrame:
    """Return two rows a game, as each side saw it, in order of team and time."""
    whole, decimal = sport.box_columns()
    box = [*whole, *decimal]
    told = tables[sport.box][["fixture", "side", *box]]
    told = told.assign(**{name: (told[name] * MICRO).round() for name in decimal})
    one = {side: told[told["side"] == side].drop(columns="side").set_index("fixture")[box] for side in SIDES}
    parts = []
    for us, them in (SIDES, SIDES[::-1]):
        own = one[us].reindex(games["fixture"]).reset_index(drop=True)
        other = one[them].reindex(games["fixture"]).reset_index(drop=True).add_prefix("opponent_")
        part = games[["known_at", "season", "neutral"]].assign(
            team=games[us], side=us, points_for=games[f"{us}_score"], points_against=games[f"{them}_score"],
        )  # fmt: skip
        part["half_wins"] = np.sign(part["points_for"] - part["points_against"]) + 1
        its = rated[[c for c in rated if c.startswith(us)]].rename(columns=lambda c: "rated " + c.split(" ", 1)[1])
        parts.append(pd.concat([part, own, other, its], axis=1))
    long = pd.concat(parts).sort_values(["team", "known_at"], kind="stable", ignore_index=True)
    if "rated met" in long:
        met = long.groupby("team", sort=False, observed=True)["rated met"]
        long["rated met"] = met.rolling(MET, min_periods=1).mean().to_numpy()
    return long


def _rows(long: pd.DataFrame, key: str, wanted: list[Wanted], kept: list[str]) -> pd.DataFrame:
    """Return the sums of every window after each game, in order of time."""
    windows = windows_of(wanted)
    values = {column: long[column] for column in (key, "known_at", "season", *kept)}
    sums = {total: _value(long, total) for totals in windows.values() for total in totals}
    work = pd.DataFrame({key: long[key], "season": long["season"], **{text(total): sums[total] for total in sums}})
    grouped = work.groupby(key, sort=False, observed=True)
    for window, totals in windows.items():
        columns = [text(total) for total in totals]
        if window == "all":
            done = grouped[columns].cumsum()
        elif window == "season":
            done = work.groupby([key, "season"], sort=False, observed=True)[columns].cumsum()
        elif window.startswith("h"):
            done = grouped[columns].ewm(halflife=int(window[1:])).sum()
        else:
            done = grouped[columns].rolling(int(window), min_periods=1).sum()
        values |= {f"{window} {column}": done[column].to_numpy() for column in columns}
    return pd.DataFrame(values).sort_values("known_at", kind="stable", ignore_index=True)


def _value(long: pd.DataFrame, total: tuple[str, str]) -> np.ndarray:
    here, there = (np.broadcast_to(np.asarray(long.eval(_python(sql)), np.float64), len(long)) for sql in total)
    return np.where(np.isnan(here) | np.isnan(there), 0.0, here)


def _python(sql: str) -> str:
    """Return ``sql`` as ``DataFrame.eval`` reads it."""

    def choice(found: re.Match[str]) -> str:
        said = re.sub(r"(?<![<>=!])=(?!=)", "==", found[1])
        return f"(({said}) * ({found[2]}) + (1 - ({said}) * 1) * ({found[3]}))"

    return re.sub(r"CASE WHEN (.+?) THEN (.+?) ELSE (.+?) END", choice, sql)


def _pairs(games: pd.DataFrame, wanted: list[Wanted]) -> pd.DataFrame:
    margin = games["home_score"] - games["away_score"]
    home, away = games["home"].astype(str), games["away"].astype(str)
    first = home < away
    frame = games[["known_at", "season"]].assign(
        pair=np.where(first, home + "|" + away, away + "|" + home), margin=np.where(first, margin, -margin)
    )
    return _rows(frame.sort_values(["pair", "known_at"], kind="stable", ignore_index=True), "pair", wanted, [])


def _merged(asked: pd.DataFrame, left: str, rows: pd.DataFrame, right: str) -> pd.DataFrame:
    return pd.merge_asof(
        asked[["as_of", left]], rows.rename(columns={"season": "told season"}), left_on="as_of", right_on="known_at",
        left_by=left, right_by=right, allow_exact_matches=False,
    )  # fmt: skip


def _take(
    wanted: Iterable[Wanted],
    at: Mapping[str, pd.DataFrame],
    asked: pd.DataFrame,
    found: dict[str, pd.Series | np.ndarray],
) -> None:
    """Divide the sums of each column; that of both sides is the home side's less the away side's."""

    def value(one: Wanted, rows: pd.DataFrame) -> np.ndarray:
        stands = rows["told season"].notna()
        if one.window == "season":
            stands = rows["told season"] == asked["season"]
        top = np.where(stands, rows[f"{one.window} {text(one.top)}"], 0.0)
        if one.per is None:
            return top
        under = np.where(stands, rows[f"{one.window} {text(one.under)}"], 0.0)
        return np.divide(top, under, out=np.full(len(top), np.nan), where=under > 0.0)

    for one in wanted:
        if one.side in at:
            found[one.name] = value(one, at[one.side])
            if one.side == "fixture" and one.odd:
                found[one.name] = found[one.name] * np.where(
                    asked["home"].astype(str) < asked["away"].astype(str), 1, -1
                )
        else:
            found[one.name] = value(one, at["home"]) - value(one, at["away"])


def _rate(sport: Sport, tables: Tables, games: pd.DataFrame, by: Mapping[str, list[Wanted]]) -> pd.DataFrame:
    """Return what ratings stand after each game, named by side and rating."""
    home, away = (games[side].cat.codes.to_numpy(np.int64) for side in SIDES)
    season, ground = games["season"].to_numpy(np.int64), 1.0 - games["neutral"].to_numpy(np.float64)
    scores = games[["home_score", "away_score"]].to_numpy(np.int64)
    margin = scores[:, 0] - scores[:, 1]
    told: dict[str, np.ndarray] = {}
    if "elo" in by:
        after = sequential.elo(home, away, season, margin, ground, sequential.elo_constants(sport))
        told |= {"home elo": after[:, 0], "away elo": after[:, 1]}
        told |= {"home met": after[:, 3], "away met": after[:, 2]}
    if "pi" in by:
        after = sequential.pi(home, away, margin, ground, sequential.pi_constants(sport))
        names = ("home at_home", "home elsewhere", "away at_home", "away elsewhere")
        told |= {name: after[:, i] for i, name in enumerate(names)}
    if "strengths" in by:
        league = games["league"].astype("category").cat.codes.to_numpy(np.int64)
        its = sequential.strengths_constants(sport)
        after = sequential.strengths(home, away, league, season, scores, ground, its)
        names = ("home attack", "home defence", "away attack", "away defence", "league level", "league advantage")
        told |= {name: after[:, i] for i, name in enumerate(names)}
    if "surface" in by:
        kind = games.merge(tables["venues"][["fixture", "surface"]], on="fixture", how="left")["surface"]
        kinds = kind.astype("category")
        score = 0.5 * (np.sign(margin) + 1.0)
        its = sequential.surface_constants(sport)
        after = sequential.surface(home, away, kinds.cat.codes.to_numpy(np.int64), score, its)
        told |= {"home everywhere": after[:, 0], "away everywhere": after[:, 1]}
        told |= {"here home": after[:, 2], "here away": after[:, 3], "here surface": kind.to_numpy()}
    return pd.DataFrame(told)


def _read_ratings(
    sport: Sport, games: pd.DataFrame, rated: pd.DataFrame, at: Mapping[str, pd.DataFrame], asked: pd.DataFrame,
    by: Mapping[str, list[Wanted]], found: dict[str, pd.Series | np.ndarray],
) -> None:  # fmt: skip
    """Read the ratings as they stand this season, and what follows from both sides'."""
    ground = 1.0 - asked["neutral"].to_numpy(np.float64)
    keep = sport.elo.season_keep
    fresh = {side: at[side]["told season"] != asked["season"] for side in SIDES}

    def stands(side: str, rating: str, mean: float) -> np.ndarray:
        value = at[side][f"rated {rating}"].to_numpy()
        return np.where(fresh[side], keep * value + (1.0 - keep) * mean, value)

    told: dict[tuple[str, str, str], np.ndarray] = {}
    if "elo" in by:
        told |= {("elo", "rating", side): stands(side, "elo", sport.elo.mean) for side in SIDES}
        edge = told["elo", "rating", "home"] - told["elo", "rating", "away"] + sport.elo.home_advantage * ground
        told["elo", "logit", "fixture"] = edge * np.log(10.0) / sport.elo.scale
    if "opponents" in by:
        told |= {("opponents", "elo", side): at[side]["rated met"].to_numpy() for side in SIDES}
    if "pi" in by and sport.pi:
        its, goals = sport.pi, np.zeros(len(asked))
        for side, column, sign in zip(SIDES, ("rated at_home", "rated elsewhere"), (1.0, -1.0), strict=True):
            mean = 0.5 * (at[side]["rated at_home"] + at[side]["rated elsewhere"])
            worth = np.where(ground == 1.0, at[side][column], mean)
            told["pi", "rating", side] = worth
            goals += sign * np.sign(worth) * (its.base ** (np.abs(worth) / its.diminishing) - 1.0)
        told["pi", "margin", "fixture"] = goals
    if "strengths" in by:
        told |= {("strengths", stat, side): stands(side, stat, 0.0) for stat in ("attack", "defence") for side in SIDES}
        leagues = pd.concat([games[["league", "known_at"]], rated[["league level", "league advantage"]]], axis=1)
        leagues = leagues.sort_values("known_at", kind="stable")
        league = pd.merge_asof(
            asked[["as_of", "league"]], leagues, left_on="as_of", right_on="known_at", by="league",
            allow_exact_matches=False,
        )  # fmt: skip
        level, half = league["league level"].to_numpy(), 0.5 * league["league advantage"].to_numpy() * ground
        attack, defence = ({side: told["strengths", stat, side] for side in SIDES} for stat in ("attack", "defence"))
        home = level + (attack["home"] - defence["away"]) + half
        away = level + (attack["away"] - defence["home"]) - half
        told |= {("strengths", "total", "fixture"): home + away, ("strengths", "margin", "fixture"): home - away}
    if "surface" in by and sport.surface_elo:
        one = games[["known_at"]].assign(surface=rated["here surface"])
        here = [one.assign(team=games[side], here=rated[f"here {side}"]) for side in SIDES]
        rows = pd.concat(here).sort_values("known_at", kind="stable")
        for side in SIDES:
            merged = pd.merge_asof(
                asked[["as_of", side, "surface"]], rows, left_on="as_of", right_on="known_at",
                left_by=[side, "surface"], right_by=["team", "surface"], allow_exact_matches=False,
            )  # fmt: skip
            told["surface", "rating", side] = merged["here"].to_numpy()
        everywhere = (at["home"]["rated everywhere"] - at["away"]["rated everywhere"]).to_numpy()
        edge = told["surface", "rating", "home"] - told["surface", "rating", "away"]
        weight = sport.surface_elo.weight
        blend = weight * everywhere + (1.0 - weight) * edge
        told["surface", "logit", "fixture"] = blend * np.log(10.0) / sport.surface_elo.scale
    for one in (one for group in RATINGS for one in by.get(group, [])):
        key = (one.group, one.stat, one.side)
        both = (told[one.group, one.stat, side] for side in SIDES if key not in told)
        found[one.name] = told[key] if key in told else np.subtract(*both)


def _schedule(
    sport: Sport,
    fixtures: pd.DataFrame,
    asked: pd.DataFrame,
    wanted: list[Wanted],
    found: dict[str, pd.Series | np.ndarray],
) -> None:
    """Look back from each scheduled start of a side in its season."""
    days = fixtures["start"].dt.tz_convert(sport.timezone).dt.tz_localize(None).dt.normalize()
    frame = fixtures[["fixture", "season", "start"]].assign(day=days)
    sides = [frame.assign(team=fixtures[side], side=side, away=float(side == "away")) for side in SIDES]
    long = pd.concat(sides).sort_values(["team", "season", "start"], kind="stable", ignore_index=True)
    keys = ["team", "season"]
    grouped = long.groupby(keys, sort=False, observed=True)
    horizon = f"{sport.rest_horizon.days}D"
    days_off = (long["start"] - grouped["start"].shift()).dt.total_seconds() / 86_400.0
    near = (days_off <= sport.rest_horizon.days).to_numpy()
    told = {"rest now": days_off.where(near), "from_away now": grouped["away"].shift().where(near)}
    for window in sorted({one.window for one in wanted if one.stat == "games"}):
        if window.endswith("d"):
            counted = grouped.rolling(window.upper(), on="start", closed="left")["away"].count()
        else:
            counted = grouped.rolling(f"{window[:-1]}D", on="day")["away"].count() - 1.0
        told[f"games {window}"] = counted.fillna(0.0).to_numpy()
    nights = long["day"] - grouped["day"].shift()
    told["back_to_back now"] = (nights <= pd.Timedelta(days=1)).astype(float)
    if any(one.stat == "away_streak" for one in wanted):
        turned = (long["away"] != grouped["away"].shift()).cumsum()
        run = long.groupby(turned, sort=False).cumcount() + 1.0
        before = pd.DataFrame({"run": run, **long[keys]}).groupby(keys, sort=False, observed=True)["run"].shift()
        inside = grouped.rolling(horizon, on="start", closed="left")["away"].count().to_numpy()
        streak = np.minimum(before.fillna(0.0), np.nan_to_num(inside))
        told["away_streak now"] = streak * (2.0 * grouped["away"].shift().fillna(0.0) - 1.0) + 0.0
    rows = pd.DataFrame({"fixture": long["fixture"], "side": long["side"], **told})
    at = {side: rows[rows["side"] == side].set_index("fixture").reindex(asked["fixture"]) for side in SIDES}
    for one in wanted:
        stat = f"{one.stat.removesuffix('_difference')} {one.window}"
        if one.side in at:
            found[one.name] = at[one.side][stat].to_numpy()
        else:
            found[one.name] = (at["home"][stat] - at["away"][stat]).to_numpy()
