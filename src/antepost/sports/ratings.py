"""Constants of the ratings beside Elo, each with where it was published; none is tuned by us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Glicko:
    """Constants of Glicko-2, in points of Elo's scale: a newcomer's rating, deviation and volatility, and tau.

    ``periods_per_day`` says how fast a deviation grows: at this pace from 60 to 110 in a year without games.

    Source: http://www.glicko.net/glicko/glicko2.pdf, whose example has these; the pace is that of lichess,
    https://github.com/lichess-org/lila (``ratingPeriodsPerDay``).
    """

    mean: float = 1500.0
    deviation: float = 350.0
    volatility: float = 0.06
    tau: float = 0.5
    periods_per_day: float = 0.21436


@dataclass(frozen=True, slots=True, kw_only=True)
class Pi:
    """Constants of pi-ratings: lambda, gamma, b and c of the paper.

    Source: Constantinou and Fenton, Determining the level of ability of football teams by dynamic ratings based on the
    relative discrepancies in scores between adversaries, J. Quant. Anal. Sports 9 (2013), 37-50.
    """

    rate: float = 0.035
    catch_up: float = 0.7
    base: float = 10.0
    diminishing: float = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Strengths:
    """What attack and defence begin with and how fast they learn, in points (goals) a game.

    ``level`` is what a side scores against its equal and ``home_advantage`` by how much the home side then wins, as a
    league begins; both are learnt on at ``league_rate``. ``rate`` is the share of a surprise by which a side's
    strength moves: where Elo's constants are 538's, their answer to a surprise of ten points at even strength (ln 11
    times half of K 20, at 25 points of rating to one of the score in the NFL, 28 in the NBA); in sports of goals lambda
    of the pi-ratings.
    """

    level: float
    home_advantage: float
    rate: float
    league_rate: float = 0.01


@dataclass(frozen=True, slots=True, kw_only=True)
class DixonColes:
    """What the weekly fit of goals takes: games of ``window``, each half as much as one ``half_life`` later.

    ``prior`` is the deviation that attacks and defences have beforehand, in logarithms of goals, ``rho_prior`` that of
    rho. At most ``games`` are held of a league, the last ones, of at most ``sides`` sides.

    Source: the paper's xi, 0.0065 each half week, is a half-life of 373 days. The priors are ours; they are not
    fitted.
    """

    window: timedelta = timedelta(days=730)
    half_life: timedelta = timedelta(days=373)
    prior: float = 0.35
    rho_prior: float = 0.2
    games: int = 1280
    sides: int = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Massey:
    """What the weekly fit of margins takes: games of ``window``, each half as much as one ``half_life`` later.

    ``ridge`` is how many games a side has beforehand that say it is an average one: what margins vary by over what
    ratings do. At most ``games`` are held of a league, the last ones, of at most ``sides`` sides.
    """

    ridge: float
    games: int
    sides: int
    window: timedelta = timedelta(days=365)
    half_life: timedelta = timedelta(days=120)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurfaceElo:
    """Constants of the Elo of the tennis trade: K is ``k / (matches + offset) ** shape``.

    ``weight`` is the share of the rating on all surfaces when both are blended.

    Source: Kovalchik, Searching for the GOAT of tennis win prediction, J. Quant. Anal. Sports 12 (2016), for K;
    https://www.tennisabstract.com/blog/2019/12/03/an-introduction-to-tennis-elo/ for the even blend.
    """

    k: float = 250.0
    offset: float = 5.0
    shape: float = 0.4
    weight: float = 0.5
    mean: float = 1500.0
    scale: float = 400.0
