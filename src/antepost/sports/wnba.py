"""The Women's National Basketball Association."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.ratings import Glicko, Strengths
from antepost.sports.sport import Elo, Sport

WNBA = Sport(
    name="wnba",
    title="Women's National Basketball Association",
    leagues={"wnba": "Women's National Basketball Association"},
    outcomes=("home", "away"),
    markets=(
        "moneyline", "spread", "total", "player_points", "player_rebounds", "player_assists", "player_threes",
        "player_points_rebounds_assists", "player_points_rebounds", "player_points_assists", "player_rebounds_assists",
    ),
    periods="quarters",
    ties="none: overtime until won",
    settlement="overtime counts; a prop on a player who does not play is void",
    interchangeable=False,
    timezone="America/New_York",
    touring=True,
    duration=timedelta(hours=2, minutes=10),
    score_from="sum",
    least_periods=4,
    played=((5, 1), (10, 20)),
    pause=timedelta(days=30),
    starts_month=5,
    stages=("REG", "PLAYOFF"),
    featured=True,
    dated="day",
    rest_horizon=timedelta(days=14),
    reference_close={"wnba": ()},
    # As Neil Paine's ratings have it: 80 points follow from the chances of two new teams (61.3 %), K 28 from their
    # first ratings after a game, and every rating goes half the way back to 1500 between seasons.
    # Source: https://github.com/Neil-Paine-1/WNBA-stats
    elo=Elo(k=28.0, home_advantage=80.0, season_keep=0.5, mean=1500.0),
    glicko=Glicko(),
    strengths=Strengths(level=80.0, home_advantage=2.9, rate=0.09),
    player_stats={
        "points": "points",
        "rebounds": "count",
        "assists": "count",
        "threes_made": "count",
        "steals": "count",
        "blocks": "count",
        "turnovers": "count",
    },
)  # fmt: skip
