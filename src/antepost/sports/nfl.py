"""The National Football League."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.sport import Elo, Sport

_TEAMS = (
    "ARI", "ATL", "BAL", "BUF", "CAR", "CHI", "CIN", "CLE", "DAL", "DEN", "DET", "GB", "HOU", "IND", "JAX", "KC",
    "LAC", "LAR", "LV", "MIA", "MIN", "NE", "NO", "NYG", "NYJ", "PHI", "PIT", "SEA", "SF", "TB", "TEN", "WAS",
)  # fmt: skip

NFL = Sport(
    name="nfl",
    title="National Football League",
    leagues={"nfl": "National Football League"},
    outcomes=("home", "away", "draw"),
    markets=("moneyline", "spread", "total"),
    periods="quarters",
    ties="a regular-season game level after one overtime is a tie; play-offs go on until won",
    settlement="overtime counts; a two-way moneyline is void on a tie",
    interchangeable=False,
    timezone="America/New_York",
    duration=timedelta(hours=3, minutes=15),
    starts_month=9,
    stages=("REG", "WC", "DIV", "CON", "SB"),
    reference_close={"nfl": ("nflverse",)},
    # 538's published constants: K 20, 65 points for the home side, a third back to 1505 between seasons.
    # Source: https://fivethirtyeight.com/methodology/how-our-nfl-predictions-work/
    elo=Elo(k=20.0, home_advantage=65.0, season_keep=2.0 / 3.0, mean=1505.0),
    teams=_TEAMS,
    relocated={"STL": "LAR", "LA": "LAR", "SD": "LAC", "OAK": "LV"},
)
