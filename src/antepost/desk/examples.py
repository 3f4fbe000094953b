"""Training examples: the matrix of an information set with labels, times and the market's own price beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from antepost import features
from antepost.desk.frames import ELO_LOGIT, MARKET_COLUMNS, ask, labels, matrix, to_matrix
from antepost.desk.tables import newest
from antepost.models import Frame, Recipe
from antepost.models.arrays import one_column
from antepost.models.davidson import DavidsonArrays, fit_log_nu
from antepost.models.frame import NEVER, UNDECIDED, Dichotomy, Mirror, Superseded
from antepost.settings import Settings
from antepost.sports import Sport, get_sport

DROPPED = ("told_early", "void", "tie", "no_price", "no_rating", "no_open")
"""Why a finished game is not among the judged ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Rows for a two-way question, in order of kick-off.

    ``frame`` is what families learn from, all finished games; ``market_p`` and ``elo_p`` are what the rivals say of
    y = 1 on the same rows, ``base_p`` its rate in all earlier seasons. ``sides`` (n, 2) are the home and the away side,
    ``neutral`` says that neither was at home. ``opens`` is by season when the first question about any of its fixtures
    is asked, in microseconds. ``dropped`` counts by league, season and reason the finished
    games that are not among the judged ones. ``batch`` is the newest load whose facts these are.
    """

    batch: int

    frame: Frame
    elo_p: np.ndarray
    base_p: np.ndarray
    league: np.ndarray
    sides: np.ndarray
    neutral: np.ndarray
    opens: dict[int, int]
    dropped: dict[tuple[str, int], dict[str, int]]

    def cut(self, before: int) -> int:
        """Return the moment at which season ``before``, or the next there is, opens; NEVER where none is ahead."""
        return min((moment for season, moment in self.opens.items() if season >= before), default=NEVER)

    def learnt_by(self, recipe: Recipe) -> Examples:
        """Return the rows of the seasons and leagues that ``recipe`` learns from."""
        walk = recipe.walk_forward
        kept = self.frame.season >= walk.since
        if walk.leagues:
            kept &= np.isin(self.league.astype(str), walk.leagues)
        if kept.all():
            return self
        return replace(
            self,
            frame=self.frame.where(kept),
            elo_p=self.elo_p[kept],
            base_p=self.base_p[kept],
            league=self.league[kept],
            sides=self.sides[kept],
            neutral=self.neutral[kept],
        )


def examples(settings: Settings, sport: str, set: str, target: Dichotomy = "winner") -> Examples:  # noqa: A002
    """Return the examples of an information set: finished games, priced where the set needs a price.

    A game whose score was corrected has its answers of before too. One that was moved after a score of it was told, as
    of a match broken off and played again, is left out: its features may know that score.
    """
    return all_examples(settings, sport, set, (target,))[target]


def all_examples(
    settings: Settings,
    sport: str,
    set: str,  # noqa: A002
    targets: Sequence[Dichotomy],
) -> Mapping[Dichotomy, Examples]:
    """Return the examples of several questions about the same games, those for which the set has every price."""
    batch, tables = newest(settings, sport)
    asked = ask(sport, set)
    rivals = {f"rival.{target}": MARKET_COLUMNS[target] for target in targets} | {"rival.elo": ELO_LOGIT}
    table = matrix(settings, sport, tables, asked, batch)
    # A sport of which no prices are at hand has no column of them.
    known = {feature.name for feature in features.features_of(sport)}
    there = tuple(column for column in rivals.values() if column in known)
    beside = matrix(settings, sport, tables, ask(sport, "close", columns=there), batch)
    beside = beside.select(
        "fixture",
        **{name: pl.col(column) if column in there else pl.lit(None, pl.Float64) for name, column in rivals.items()},
    )
    told = labels(tables)
    last = told.unique("fixture", keep="last", maintain_order=True)
    finished = table.join(beside, on="fixture").join(last, on="fixture").sort("start", "fixture")
    early = told.join(finished, on="fixture").filter(pl.col("label_known_at") < pl.col("as_of"))["fixture"].unique()
    played = finished.filter(~pl.col("fixture").is_in(early.implode()))
    priced = pl.all_horizontal(pl.col(f"rival.{target}").is_not_null() for target in targets)
    usable = np.ones(played.height, np.bool_) if set == "none" else played.select(priced).to_series().to_numpy()
    X = to_matrix(played, asked.columns)
    sides = played.select("home", "away").to_numpy()
    unpriced = unpriced_leagues(get_sport(sport))
    league, neutral = played["league"].to_numpy(), played["neutral"].fill_null(value=False).to_numpy()
    opened = table.group_by("season").agg(pl.col("as_of").min().dt.epoch("us"))
    opens = dict(opened.iter_rows())
    found: dict[Dichotomy, Examples] = {}
    for target in targets:
        frame = Frame(
            fixture=played["fixture"].to_list(),
            season=played["season"].to_numpy().astype(np.int32),
            week=played.select(_week()).to_series().to_numpy().astype(np.int32),
            as_of=played["as_of"].dt.epoch("us").to_numpy(),
            label_known_at=played["label_known_at"].dt.epoch("us").to_numpy(),
            match_day=played["start"].dt.epoch("d").to_numpy().astype(np.int64),
            X=X,
            columns=asked.columns,
            y=played.select(_answer(target)).to_series().to_numpy(),
            market_p=_read(played, f"rival.{target}"),
            superseded=_superseded(told, played, target),
            target=target,
            scores=to_matrix(played, ("home_score", "away_score")),
            mirror=mirror_of(sport, asked.columns) if get_sport(sport).interchangeable else None,
        )
        base = _base_rates(frame, league, neutral, get_sport(sport))
        elo = _read(played, "rival.elo") if target == "winner" else _elo_draws(frame, league, played)
        found[target] = Examples(
            batch=batch,
            frame=frame.where(usable),
            elo_p=elo[usable],
            base_p=base[usable],
            league=league[usable],
            sides=sides[usable],
            neutral=neutral[usable],
            opens=opens,
            dropped=_dropped(
                finished.with_columns(pl.col("fixture").is_in(early.implode()).alias("early")), target, unpriced
            ),
        )
    return found


def unpriced_leagues(about: Sport) -> tuple[str, ...]:
    """Return the leagues of which no book's closing price is at hand: their games are judged against ratings."""
    return tuple(league for league in about.leagues if not about.reference_close.get(league))


def mirror_of(sport: str, columns: tuple[str, ...]) -> Mirror:
    """Return how ``columns`` look when the sides change places, by the parity that the catalogue proves of each."""
    parity = {feature.name: feature.parity for feature in features.features_of(sport)}
    other = {"home": "away", "away": "home"}

    def twin(name: str) -> str:
        stem, _, side = name.rpartition(".")
        return f"{stem}.{other[side]}" if parity[name] == "swap" else name

    return Mirror(
        places=np.array([columns.index(twin(name)) for name in columns], dtype=np.intp),
        signs=np.array([-1.0 if parity[name] == "odd" else 1.0 for name in columns]),
    )


def _week() -> pl.Expr:
    """Return the week: the schedule's own, else the number of weeks since the season's first game."""
    first = pl.col("start").min().over("league", "season")
    return pl.coalesce(pl.col("week"), (pl.col("start") - first).dt.total_days() // 7 + 1)


def _answer(target: Dichotomy) -> pl.Expr:
    """Return ``y`` of a result, see ``Frame``; UNDECIDED too where bets are void."""
    lead = pl.col("lead")
    if target == "draw":
        y = pl.when(lead == 0).then(1).when(lead != 0).then(0)
    else:
        y = pl.when(lead > 0).then(1).when(lead < 0).then(0)
    return y.otherwise(UNDECIDED).cast(pl.Int8).alias("y")


def _superseded(told: pl.DataFrame, played: pl.DataFrame, target: Dichotomy) -> tuple[Superseded, ...]:
    newest = pl.col("fixture").is_last_distinct()
    old = told.filter(~newest).join(played, on="fixture", how="semi", maintain_order="left")
    scores = (pl.col(name).cast(pl.Float64).fill_null(float("nan")) for name in ("home_score", "away_score"))
    rows = old.select("fixture", _answer(target), pl.col("label_known_at").dt.epoch("us"), *scores)
    return tuple(
        Superseded(fixture=fixture, y=y, known_at=known_at, scores=(home, away))
        for fixture, y, known_at, home, away in rows.iter_rows()
    )


def _read(played: pl.DataFrame, column: str) -> np.ndarray:
    """Return the probabilities of a column of log-odds as the family that reads it alone would, NaN where null."""
    return one_column((column,), column).score(to_matrix(played, (column,)))


def _dropped(played: pl.DataFrame, target: Dichotomy, unpriced: Sequence[str]) -> dict[tuple[str, int], dict[str, int]]:
    reasons = {
        "told_early": pl.col("early"),
        "void": pl.col("lead").is_null(),
        "tie": pl.lit(target == "winner") & (pl.col("lead") == 0),
        "no_price": pl.col(f"rival.{target}").is_null() & ~pl.col("league").is_in(unpriced),
        "no_rating": pl.col("rival.elo").is_null(),
    }
    # Each game counts for the first reason that holds.
    first = pl.coalesce(pl.when(holds).then(pl.lit(name)) for name, holds in reasons.items())
    judged = played.select("league", "season", first.alias("reason")).sort("league", "season")
    found: dict[tuple[str, int], dict[str, int]] = {}
    for league, season, reason in judged.iter_rows():
        counts = found.setdefault((league, season), dict.fromkeys(DROPPED, 0))
        if reason is not None:
            counts[reason] += 1
    return found


def _elo_draws(frame: Frame, league: np.ndarray, played: pl.DataFrame) -> np.ndarray:
    """Return P(draw) by Elo and Davidson's model, whose constant each season is its league's of all seasons before."""
    x = to_matrix(played, ("rival.elo",))
    p = np.full(frame.y.size, np.nan)
    for here, y in _seasons_of_leagues(frame, league):
        known = (y != UNDECIDED) & ~np.isnan(x[:, 0])
        if np.unique(y[known]).size == 2:
            p[here] = DavidsonArrays(column=0, log_nu=fit_log_nu(x[known, 0], y[known])).score(x[here])
    return p


def _seasons_of_leagues(frame: Frame, league: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Yield for each league and season its rows, and the answers of the league's earlier seasons (UNDECIDED elsewhere).

    They are those that were known when the season's first question was asked.
    """
    for name in np.unique(league):
        ours = league == name
        for season in np.unique(frame.season[ours]):
            here = ours & (frame.season == season)
            y, _ = frame.answers(int(frame.as_of[here].min()))
            yield here, np.where(ours & (frame.season < season), y, np.int8(UNDECIDED))


def _base_rates(frame: Frame, league: np.ndarray, neutral: np.ndarray, sport: Sport) -> np.ndarray:
    """Return each row's base: the rate of y = 1 in all earlier seasons of its league.

    On who wins it is of the games with a home side, and a half where nobody is at home.
    """
    base = np.full(frame.y.size, 0.5)
    if sport.interchangeable:
        return base
    counted = ~neutral if frame.target == "winner" else np.ones_like(neutral)
    for here, y in _seasons_of_leagues(frame, league):
        earlier = y[counted & (y != UNDECIDED)]
        base[here & counted] = earlier.mean() if earlier.size else np.nan
    return base
