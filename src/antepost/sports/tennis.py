"""What the two tours have in common; the tours themselves lie in ``atp`` and ``wta``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from antepost.sports.sport import Elo

OUTCOMES = ("home", "away")
MARKETS = ("moneyline",)
TIES = "none"
SETTLEMENT = "the side that goes through wins once a set is complete; bookmakers differ on earlier retirements"
DURATION = timedelta(hours=2)
STAGES = ("Q1", "Q2", "Q3", "Q4", "ER", "RR", "R128", "R64", "R32", "R16", "QF", "SF", "BR", "F")
REFERENCE = ("pinnacle", "average", "bet365")
# A constant K for the plain rating that every sport has; the declining K of the trade belongs to its own group.
ELO = Elo(k=32.0, home_advantage=0.0, season_keep=1.0, mean=1500.0)
PLAYER_STATS: Mapping[str, str] = {
    "aces": "count",
    "double_faults": "count",
    "serve_points": "count",
    "first_in": "count",
    "first_won": "count",
    "second_won": "count",
    "service_games": "count",
    "break_points_saved": "count",
    "break_points_faced": "count",
    "minutes": "minutes",
}
