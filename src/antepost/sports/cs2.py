"""Counter-Strike: CS2, and the Global Offensive before it."""

from __future__ import annotations

from datetime import date, timedelta

from antepost.sports.esports import Maps
from antepost.sports.ratings import Glicko
from antepost.sports.sport import Elo, Sport

CS2 = Sport(
    name="cs2",
    title="Counter-Strike",
    leagues={"pro": "Professional matches", "student": "British student league", "kotnq": "A British qualifier"},
    outcomes=("home", "away"),
    markets=("moneyline", "spread", "total"),
    periods="maps of a series, or rounds of a map: 16 of 30 won a map until 2023, 13 of 24 since",
    ties="a map that ends level goes on in overtime, six rounds at a time, where the event plays it",
    settlement="overtime counts; a bet on a map is void where the map is not played",
    # Both sides play both roles, terrorists and counter-terrorists, and change them at half-time.
    interchangeable=True,
    timezone="UTC",
    duration=timedelta(hours=1),
    pause=timedelta(days=21),
    starts_month=1,
    # One map, or a series of maps.
    stages=("MAP", "SERIES"),
    reference_close={"pro": ()},
    featured=True,
    dated="day",
    score="rounds",
    rest_horizon=timedelta(days=7),
    # CS2 came out on the 27th of September 2023.
    maps=Maps(map="MAP", series="SERIES", rounds={date(2012, 8, 21): 30, date(2023, 9, 27): 24}, close=3, wide=9),
    # No published constants for this archive: a common K until fitted.
    elo=Elo(k=32.0, home_advantage=0.0, season_keep=1.0, mean=1500.0),
    glicko=Glicko(),
    team_stats={"kills": "count", "rounds": "count"},
)
