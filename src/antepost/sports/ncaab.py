"""Men's college basketball, games with a team of the first division."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.ratings import Glicko, Massey, Strengths
from antepost.sports.sport import Elo, Rate, Sport

# Dean Oliver's four factors, "Basketball on Paper" (2004), with the publisher's count of possessions.
_RATES = (
    Rate(name="efficiency", unit="points", of="points", per="possessions"),
    Rate(name="pace", unit="count", of="possessions"),
    Rate(
        name="effective_field_goals", unit="share", of="2 * field_goals_made + threes_made",
        per="2 * field_goals_attempted",
    ),
    Rate(name="turnovers", unit="share", of="turnovers", per="possessions"),
    Rate(
        name="offensive_rebounds", unit="share", of="offensive_rebounds",
        per="offensive_rebounds + opponent_defensive_rebounds",
    ),
    Rate(name="free_throws", unit="share", of="free_throws_made", per="field_goals_attempted"),
    Rate(name="free_throw_percentage", unit="share", of="free_throws_made", per="free_throws_attempted", allowed=False),
    Rate(name="threes", unit="share", of="threes_attempted", per="field_goals_attempted"),
    Rate(name="three_point_percentage", unit="share", of="threes_made", per="threes_attempted"),
    Rate(name="rim_shots", unit="share", of="rim_shots_attempted", per="field_goals_attempted"),
    Rate(name="rim_percentage", unit="share", of="rim_shots_made", per="rim_shots_attempted"),
    Rate(
        name="midrange_percentage", unit="share", of="field_goals_made - threes_made - rim_shots_made",
        per="field_goals_attempted - threes_attempted - rim_shots_attempted",
    ),
    Rate(name="assists", unit="share", of="assists", per="field_goals_made", allowed=False),
    Rate(name="blocks", unit="share", of="blocks", per="opponent_rim_shots_attempted"),
)  # fmt: skip

NCAAB = Sport(
    name="ncaab",
    title="College basketball",
    leagues={"d1": "NCAA Division I men"},
    outcomes=("home", "away"),
    markets=("moneyline", "spread", "total"),
    periods="halves",
    ties="none: overtime until won",
    settlement="overtime counts",
    interchangeable=False,
    timezone="America/New_York",
    duration=timedelta(hours=2, minutes=10),
    score_from="sum",
    least_periods=2,
    played=((11, 1), (4, 9)),
    starts_month=11,
    stages=("REG", "POST"),
    featured=True,
    dated="day",
    staged=False,
    rest_horizon=timedelta(days=14),
    rates=_RATES,
    lately=20,
    reference_close={"d1": ()},
    # The NBA's, until they are fitted on college games.
    elo=Elo(k=20.0, home_advantage=100.0, season_keep=0.75, mean=1505.0),
    glicko=Glicko(),
    strengths=Strengths(level=70.0, home_advantage=3.6, rate=0.09),
    # Eleven points a game, and about as many between ratings.
    massey=Massey(ridge=1.0, games=8192, sides=1024),
    team_stats={
        "possessions": "count",
        "field_goals_made": "count",
        "field_goals_attempted": "count",
        "rim_shots_made": "count",
        "rim_shots_attempted": "count",
        "threes_made": "count",
        "threes_attempted": "count",
        "free_throws_made": "count",
        "free_throws_attempted": "count",
        "offensive_rebounds": "count",
        "defensive_rebounds": "count",
        "assists": "count",
        "blocks": "count",
        "turnovers": "count",
        "points": "points",
    },
)
