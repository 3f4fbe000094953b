"""College football, games with a team of the first division's upper half (FBS)."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.periods import GRIDIRON
from antepost.sports.ranking import Ranking
from antepost.sports.ratings import Glicko, Massey, Strengths
from antepost.sports.sport import Elo, Rate, Sport

_PLAYS = "passes_attempted + rushes"
_RATES = (
    Rate(name="yards_per_play", unit="yards", of="total_yards", per=_PLAYS),
    Rate(name="yards_per_pass", unit="yards", of="passing_yards", per="passes_attempted"),
    Rate(name="yards_per_rush", unit="yards", of="rushing_yards", per="rushes"),
    Rate(name="completion_rate", unit="share", of="passes_completed", per="passes_attempted", allowed=False),
    Rate(name="first_downs", unit="share", of="first_downs", per=_PLAYS),
    Rate(name="third_downs", unit="share", of="third_downs_made", per="third_downs_attempted"),
    Rate(name="fourth_downs", unit="share", of="fourth_downs_made", per="fourth_downs_attempted", allowed=False),
    Rate(name="plays", unit="count", of=_PLAYS),
    Rate(name="run_share", unit="share", of="rushes", per=_PLAYS, allowed=False),
    Rate(
        name="possession", unit="share", of="possession_seconds",
        per="possession_seconds + opponent_possession_seconds", allowed=False,
    ),
    Rate(name="turnovers", unit="count", of="fumbles_lost + interceptions_thrown"),
    Rate(name="penalty_yards", unit="yards", of="penalty_yards"),
)  # fmt: skip

NCAAF = Sport(
    name="ncaaf",
    title="College football",
    leagues={"fbs": "Football Bowl Subdivision"},
    outcomes=("home", "away"),
    markets=("moneyline", "spread", "total"),
    periods="quarters",
    ties="none since 1996: overtime until won",
    settlement="overtime counts",
    interchangeable=False,
    timezone="America/New_York",
    duration=timedelta(hours=3, minutes=30),
    score_from="sum",
    least_periods=4,
    played=((8, 24), (1, 13)),
    pause=timedelta(days=14),
    starts_month=8,
    stages=("REG", "POST"),
    featured=True,
    rates=_RATES,
    reference_close={"fbs": ()},
    # The NFL's, until they are fitted on college games.
    elo=Elo(k=20.0, home_advantage=65.0, season_keep=2.0 / 3.0, mean=1505.0),
    glicko=Glicko(),
    phases=GRIDIRON,
    # A row comes with the game before which a side was ranked; the next game is hardly ever within the week.
    ranking=Ranking(stands=timedelta(days=7), places=25, statistics=("log_rank", "best_52w", "polls_52w")),
    strengths=Strengths(level=28.0, home_advantage=2.6, rate=0.1),
    # Some sixteen points a game, and about as many between ratings.
    massey=Massey(ridge=1.0, games=1280, sides=320),
    team_stats={
        "first_downs": "count",
        "third_downs_made": "count",
        "third_downs_attempted": "count",
        "fourth_downs_made": "count",
        "fourth_downs_attempted": "count",
        "passes_completed": "count",
        "passes_attempted": "count",
        "passing_yards": "yards",
        "rushes": "count",
        "rushing_yards": "yards",
        "total_yards": "yards",
        "fumbles_lost": "count",
        "interceptions_thrown": "count",
        "penalties": "count",
        "penalty_yards": "yards",
        "possession_seconds": "seconds",
    },
)
