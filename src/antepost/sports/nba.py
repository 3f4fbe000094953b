"""The National Basketball Association."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.periods import Phases
from antepost.sports.ratings import Glicko, Strengths
from antepost.sports.sport import Elo, Rate, Sport

_POSSESSIONS = "100 * field_goals_attempted + 44 * free_throws_attempted - 100 * offensive_rebounds + 100 * turnovers"
_THEIRS = (
    "100 * opponent_field_goals_attempted + 44 * opponent_free_throws_attempted - 100 * opponent_offensive_rebounds "
    "+ 100 * opponent_turnovers"
)
# The four factors of Dean Oliver, with 0.44 possessions a free throw, and possessions in 48 minutes.
# Source: https://www.basketball-reference.com/about/factors.html
_RATES = (
    Rate(
        name="effective_field_goals", unit="share", of="2 * field_goals_made + threes_made",
        per="2 * field_goals_attempted",
    ),
    Rate(
        name="turnovers", unit="share", of="100 * turnovers",
        per="100 * field_goals_attempted + 44 * free_throws_attempted + 100 * turnovers",
    ),
    Rate(
        name="offensive_rebounds", unit="share", of="offensive_rebounds",
        per="offensive_rebounds + opponent_defensive_rebounds",
    ),
    Rate(
        name="free_throws", unit="share", of="free_throws_made", per="field_goals_attempted",
    ),
    Rate(name="free_throw_percentage", unit="share", of="free_throws_made", per="free_throws_attempted", allowed=False),
    Rate(name="threes", unit="share", of="threes_attempted", per="field_goals_attempted"),
    Rate(name="three_point_percentage", unit="share", of="threes_made", per="threes_attempted"),
    Rate(
        name="two_point_percentage", unit="share", of="field_goals_made - threes_made",
        per="field_goals_attempted - threes_attempted",
    ),
    Rate(name="assists", unit="share", of="assists", per="field_goals_made", allowed=False),
    Rate(name="steals", unit="share", of="100 * steals", per=_THEIRS, allowed=False),
    Rate(
        name="blocks", unit="share", of="blocks", per="opponent_field_goals_attempted - opponent_threes_attempted",
        allowed=False,
    ),
    Rate(name="fouls", unit="count", of="fouls", allowed=False),
    Rate(name="efficiency", unit="points", of="100 * points_for", per=_POSSESSIONS),
    Rate(
        name="pace", unit="possessions", of=f"240 * ({_POSSESSIONS} + {_THEIRS})", per="200 * minutes",
        allowed=False,
    ),
)  # fmt: skip

_PHASES = Phases(
    regulation=4, half=2, late=4, big=30, window=20,
    statistics=(
        "first_margin", "half_margin", "late_margin", "half_leads", "comebacks", "leads_lost",
        "half_total", "big", "periods_won",
    ),
)  # fmt: skip

NBA = Sport(
    name="nba",
    title="National Basketball Association",
    leagues={"nba": "National Basketball Association"},
    outcomes=("home", "away"),
    markets=("moneyline", "spread", "total"),
    periods="quarters",
    ties="none: overtime until won",
    settlement="overtime counts",
    interchangeable=False,
    timezone="America/New_York",
    touring=True,
    listed=True,
    standings="share",
    duration=timedelta(hours=2, minutes=20),
    score_from="sum",
    least_periods=4,
    played=((10, 16), (6, 22)),
    starts_month=10,
    stages=("REG", "CUP", "PLAY-IN", "PLAYOFF"),
    featured=True,
    rates=_RATES,
    lately=20,
    rest_horizon=timedelta(days=14),
    lines=("spread", "total"),
    reference_close={"nba": ("kaggle", "oddsportal")},
    # 538's published constants: K 20, 100 points for the home side, a quarter back to 1505 between seasons; the margin
    # multiplier in features/groups/elo.py is that of its NFL ratings, in every sport.
    # Source: https://fivethirtyeight.com/features/how-we-calculate-nba-elo-ratings/
    elo=Elo(k=20.0, home_advantage=100.0, season_keep=0.75, mean=1505.0),
    glicko=Glicko(),
    phases=_PHASES,
    strengths=Strengths(level=100.0, home_advantage=3.6, rate=0.09),
    teams=(
        "ATL", "BKN", "BOS", "CHA", "CHI", "CLE", "DAL", "DEN", "DET", "GSW", "HOU", "IND", "LAC", "LAL", "MEM", "MIA",
        "MIL", "MIN", "NOP", "NYK", "OKC", "ORL", "PHI", "PHX", "POR", "SAC", "SAS", "TOR", "UTA", "WAS",
    ),
    team_stats={
        "minutes": "minutes",
        "field_goals_made": "count",
        "field_goals_attempted": "count",
        "threes_made": "count",
        "threes_attempted": "count",
        "free_throws_made": "count",
        "free_throws_attempted": "count",
        "offensive_rebounds": "count",
        "defensive_rebounds": "count",
        "assists": "count",
        "steals": "count",
        "blocks": "count",
        "turnovers": "count",
        "fouls": "count",
        "points": "points",
    },
)  # fmt: skip
