"""Association football: the leagues of football-data.co.uk that are at hand, and the matches of nations."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.periods import Phases
from antepost.sports.ratings import DixonColes, Pi
from antepost.sports.sport import Elo, Rate, Sport

_CLOSE = ("pinnacle", "average", "bet365")

_RATES = (
    Rate(name="shots", unit="count", of="shots"),
    Rate(name="shots_on_target", unit="count", of="shots_on_target"),
    Rate(name="shot_share", unit="share", of="shots", per="shots + opponent_shots", allowed=False),
    Rate(name="accuracy", unit="share", of="shots_on_target", per="shots"),
    Rate(name="conversion", unit="share", of="points_for", per="shots"),
    Rate(name="finishing", unit="share", of="points_for", per="shots_on_target"),
    # Each publisher's expected goals are of a model of its own; this one's reach over the most leagues.
    Rate(name="expected_goals", unit="goals", of="xg_footystats", per="1000000"),
    Rate(name="corners", unit="count", of="corners"),
    Rate(name="fouls", unit="count", of="fouls"),
    Rate(name="yellow_cards", unit="count", of="yellow_cards"),
    Rate(name="red_cards", unit="count", of="red_cards", allowed=False),
)  # fmt: skip

_PHASES = Phases(
    regulation=2, half=1, window=20,
    statistics=(
        "half_margin", "half_leads", "comebacks", "leads_lost", "half_total", "first_scoreless",
        "scored_in_each",
    ),
)  # fmt: skip

SOCCER = Sport(
    name="soccer",
    title="Association football",
    leagues={
        "E0": "England, Premier League",
        "E1": "England, Championship",
        "D1": "Germany, Bundesliga",
        "F1": "France, Ligue 1",
        "I1": "Italy, Serie A",
        "SP1": "Spain, La Liga",
        "INT": "National teams of men",
    },
    outcomes=("home", "draw", "away"),
    markets=("1x2", "total@2.5", "asian_handicap", "btts", "double_chance", "corners_1x2", "corners_total@9.5"),
    periods="halves",
    ties="a draw is a result",
    settlement="ninety minutes and stoppage time; extra time and penalties do not count",
    interchangeable=False,
    timezone="Europe/London",
    duration=timedelta(hours=1, minutes=55),
    score_from="sum",
    least_periods=2,
    played=((8, 5), (6, 1)),
    pause=timedelta(days=21),
    starts_month=7,
    stages=("REG",),
    featured=True,
    score="goals",
    standings="points",
    whistled=("fouls", "yellow_cards", "red_cards"),
    rates=_RATES,
    lines=("asian_handicap",),
    reference_close=dict.fromkeys(("E0", "E1", "D1", "F1", "I1", "SP1"), _CLOSE),
    # OddsPortal's averages, of five leagues. What football-data.co.uk collects days before is early and no opening.
    openings=("1x2", "total@2.5"),
    # K as http://clubelo.com/System has it; the home side's points are their long-run average, not tuned by us.
    elo=Elo(k=20.0, home_advantage=65.0, season_keep=1.0, mean=1500.0),
    phases=_PHASES,
    pi=Pi(),
    dixon_coles=DixonColes(),
    team_stats={
        "shots": "count",
        "shots_on_target": "count",
        "fouls": "count",
        "corners": "count",
        "yellow_cards": "count",
        "red_cards": "count",
        "woodwork": "count",
        "offsides": "count",
        "shootouts_won": "count",
        # Each publisher's expected goals are of a model of its own, so they do not share a column.
        "xg_footystats": "value",
        "xg_fivethirtyeight": "value",
        "nonshot_xg_fivethirtyeight": "value",
        "adjusted_goals_fivethirtyeight": "value",
        "xg_statsbomb": "value",
    },
)
