"""What the two tours have in common; the tours themselves lie in ``atp`` and ``wta``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from antepost.sports.periods import Sets
from antepost.sports.ranking import Ranking
from antepost.sports.ratings import Glicko, SurfaceElo
from antepost.sports.sport import Elo, Rate

OUTCOMES = ("home", "away")
MARKETS = ("moneyline",)
TIES = "none"
SETTLEMENT = "the side that goes through wins once a set is complete; bookmakers differ on earlier retirements"
DURATION = timedelta(hours=2)
STAGES = ("Q1", "Q2", "Q3", "Q4", "ER", "RR", "R128", "R64", "R32", "R16", "QF", "SF", "BR", "F")
REFERENCE = ("pinnacle", "average", "bet365")
# A constant K for the plain rating that every sport has; the declining K of the trade is in ``SURFACE_ELO``.
ELO = Elo(k=32.0, home_advantage=0.0, season_keep=1.0, mean=1500.0)
GLICKO = Glicko()
SURFACE_ELO = SurfaceElo()
SETS = Sets()
# Both tours count the points of 52 weeks.
RANKING = Ranking(stands=timedelta(days=364), statistics=("log_rank", "points", "rise_4w", "rise_52w", "best", "years"))
SURFACES = ("clay", "grass", "hard")
LATELY = 20
_RETURNED = "opponent_serve_points - opponent_first_won - opponent_second_won"
RATES = (
    Rate(name="aces", unit="share", of="aces", per="serve_points"),
    Rate(name="double_faults", unit="share", of="double_faults", per="serve_points - first_in", allowed=False),
    Rate(name="first_in", unit="share", of="first_in", per="serve_points", allowed=False),
    Rate(name="first_won", unit="share", of="first_won", per="first_in"),
    Rate(name="second_won", unit="share", of="second_won", per="serve_points - first_in"),
    Rate(name="serve_won", unit="share", of="first_won + second_won", per="serve_points"),
    Rate(name="holds", unit="share", of="service_games - break_points_faced + break_points_saved", per="service_games"),
    Rate(name="break_points_saved", unit="share", of="break_points_saved", per="break_points_faced"),
    Rate(name="break_points_faced", unit="count", of="break_points_faced", per="service_games"),
    Rate(name="points_per_service_game", unit="count", of="serve_points", per="service_games", allowed=False),
    Rate(
        name="points_won", unit="share", of=f"first_won + second_won + {_RETURNED}",
        per="serve_points + opponent_serve_points", allowed=False,
    ),
    Rate(name="minutes", unit="minutes", of="minutes", allowed=False),
)  # fmt: skip
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
