"""The National Hockey League."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.ratings import Glicko, Pi, Strengths
from antepost.sports.sport import Elo, Rate, Sport

# Goals and shots are counted to an hour on the ice; a power play here is the other side's.
# Source: https://www.hockey-reference.com/about/glossary.html (SV%, GAA, SA)
_GOALIE = (
    Rate(name="save_share", unit="share", of="saves", per="shots_against"),
    Rate(
        name="even_strength_save_share", unit="share", of="even_strength_shots_against - even_strength_goals_against",
        per="even_strength_shots_against",
    ),
    Rate(
        name="power_play_save_share", unit="share", of="power_play_shots_against - power_play_goals_against",
        per="power_play_shots_against",
    ),
    Rate(name="goals_against", unit="goals", of="3600 * goals_against", per="seconds"),
    Rate(name="shots_against", unit="shots", of="3600 * shots_against", per="seconds"),
)  # fmt: skip
_STRENGTHS = ("even_strength", "power_play", "shorthanded")

_RATES = (
    Rate(name="shots", unit="count", of="shots"),
    Rate(name="shooting", unit="share", of="goals", per="shots"),
    Rate(name="even_strength_goals", unit="count", of="goals - power_play_goals"),
    Rate(name="power_play", unit="share", of="power_play_goals", per="power_play_opportunities"),
    Rate(name="power_plays", unit="count", of="power_play_opportunities"),
    Rate(name="penalty_minutes", unit="minutes", of="penalty_minutes"),
    Rate(name="faceoffs", unit="share", of="faceoffs_won", per="1000000", allowed=False),
    Rate(name="hits", unit="count", of="hits", allowed=False),
    Rate(name="blocked_shots", unit="share", of="blocked_shots", per="blocked_shots + opponent_shots", allowed=False),
    Rate(name="giveaways", unit="count", of="giveaways", allowed=False),
    Rate(name="takeaways", unit="count", of="takeaways", allowed=False),
)

NHL = Sport(
    name="nhl",
    title="National Hockey League",
    leagues={"nhl": "National Hockey League"},
    outcomes=("home", "away"),
    markets=("moneyline", "spread", "total"),
    periods="thirds",
    ties="none since 2005: five minutes of overtime, then a shoot-out; play-offs go on until a goal",
    settlement="overtime and shoot-out count; a shoot-out adds one goal to the winner's score",
    interchangeable=False,
    timezone="America/New_York",
    touring=True,
    duration=timedelta(hours=2, minutes=35),
    score_from="sum",
    least_periods=3,
    played=((10, 1), (6, 27)),
    pause=timedelta(days=14),
    starts_month=9,
    stages=("REG", "PLAYOFF"),
    featured=True,
    rest_horizon=timedelta(days=14),
    starter="goalie",
    score="goals",
    rates=_RATES,
    lately=20,
    starter_rates=_GOALIE,
    starter_rows=("G",),
    lineups=(
        Rate(name="forwards", unit="share", of="CASE WHEN role IN ('C', 'L', 'R') THEN seconds ELSE 0 END"),
        Rate(name="defenders", unit="share", of="CASE WHEN role = 'D' THEN seconds ELSE 0 END"),
    ),
    reference_close={"nhl": ("oddsportal",)},
    # 538's published constants: K 6, 50 points for the home side, three tenths back to 1505 between seasons.
    # Source: https://fivethirtyeight.com/methodology/how-our-nhl-predictions-work/
    elo=Elo(k=6.0, home_advantage=50.0, season_keep=0.7, mean=1505.0),
    glicko=Glicko(),
    pi=Pi(),
    strengths=Strengths(level=3.0, home_advantage=0.3, rate=0.035),
    teams=(
        "ANA", "BOS", "BUF", "CAR", "CBJ", "CGY", "CHI", "COL", "DAL", "DET", "EDM", "FLA", "LAK", "MIN", "MTL", "NJD",
        "NSH", "NYI", "NYR", "OTT", "PHI", "PIT", "SEA", "SJS", "STL", "TBL", "TOR", "UTA", "VAN", "VGK", "WPG", "WSH",
    ),
    # Utah took over Arizona's players and staff; the league calls it a new club, a rating should not.
    relocated={"ATL": "WPG", "PHX": "UTA", "ARI": "UTA"},
    team_stats={
        "goals": "count",
        "shots": "count",
        "penalty_minutes": "minutes",
        "hits": "count",
        "blocked_shots": "count",
        "giveaways": "count",
        "takeaways": "count",
        "power_play_goals": "count",
        "power_play_opportunities": "count",
        "faceoffs_won": "share",
        "saves": "count",
        "goals_against": "count",
    },
    player_stats={
        "seconds": "seconds",
        "shifts": "count",
        "goals": "count",
        "assists": "count",
        "plus_minus": "goals",
        "penalty_minutes": "minutes",
        "hits": "count",
        "power_play_goals": "count",
        "shots": "count",
        "faceoffs_won": "share",
        "blocked_shots": "count",
        "giveaways": "count",
        "takeaways": "count",
        "saves": "count",
        "shots_against": "count",
        "goals_against": "count",
        **{f"{strength}_shots_against": "count" for strength in _STRENGTHS},
        **{f"{strength}_goals_against": "count" for strength in _STRENGTHS},
    },
)  # fmt: skip
