"""The Canadian Football League."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.ratings import Glicko, Strengths
from antepost.sports.sport import Elo, Sport

CFL = Sport(
    name="cfl",
    title="Canadian Football League",
    leagues={"cfl": "Canadian Football League"},
    outcomes=("home", "away", "draw"),
    markets=("moneyline", "spread", "total"),
    periods="quarters",
    ties="a regular-season game level after two rounds of overtime is a tie; play-offs go on until won",
    settlement="overtime counts; a two-way moneyline is void on a tie",
    interchangeable=False,
    timezone="America/Toronto",
    duration=timedelta(hours=2, minutes=50),
    score_from="sum",
    least_periods=4,
    played=((6, 1), (11, 26)),
    pause=timedelta(days=10),
    starts_month=5,
    featured=True,
    # What is at hand of it are some scores of half a season.
    archived=False,
    stages=("PRE", "REG", "POST"),
    reference_close={"cfl": ()},
    # The NFL's, until they are fitted on Canadian games.
    elo=Elo(k=20.0, home_advantage=65.0, season_keep=2.0 / 3.0, mean=1505.0),
    glicko=Glicko(),
    strengths=Strengths(level=26.0, home_advantage=2.6, rate=0.1),
)
