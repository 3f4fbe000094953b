"""The National Football League."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.periods import GRIDIRON
from antepost.sports.ratings import Glicko, Massey, Strengths
from antepost.sports.sport import Elo, Rate, Sport

_TEAMS = (
    "ARI", "ATL", "BAL", "BUF", "CAR", "CHI", "CIN", "CLE", "DAL", "DEN", "DET", "GB", "HOU", "IND", "JAX", "KC",
    "LAC", "LAR", "LV", "MIA", "MIN", "NE", "NO", "NYG", "NYJ", "PHI", "PIT", "SEA", "SF", "TB", "TEN", "WAS",
)  # fmt: skip

_DROPBACKS = "pass_attempts + sacks_suffered"
_PLAYS = f"{_DROPBACKS} + carries"
# Whether single plays succeeded no box score tells: first downs stand for it. Expected points count in millionths.
# Source: https://www.nflfastr.com/articles/nflfastR.html (EPA), https://www.pro-football-reference.com/about/glossary.htm
_RATES = (
    Rate(name="passing_epa", unit="points", of="passing_epa", per=f"1000000 * ({_DROPBACKS})"),
    Rate(name="rushing_epa", unit="points", of="rushing_epa", per="1000000 * carries"),
    Rate(name="plays", unit="count", of=_PLAYS, allowed=False),
    Rate(name="run_share", unit="share", of="carries", per=_PLAYS, allowed=False),
    Rate(name="first_downs", unit="share", of="passing_first_downs + rushing_first_downs", per=_PLAYS),
    Rate(name="completion_rate", unit="share", of="completions", per="pass_attempts", allowed=False),
    Rate(name="yards_per_pass", unit="yards", of="passing_yards", per="pass_attempts"),
    Rate(name="air_yards", unit="yards", of="passing_air_yards", per="pass_attempts", allowed=False),
    Rate(name="yards_after_catch", unit="yards", of="receiving_yards_after_catch", per="completions", allowed=False),
    Rate(name="yards_per_rush", unit="yards", of="rushing_yards", per="carries"),
    Rate(name="sacks", unit="share", of="sacks_suffered", per=_DROPBACKS),
    Rate(name="interceptions", unit="share", of="interceptions_thrown", per="pass_attempts", allowed=False),
    Rate(name="turnovers", unit="count", of="interceptions_thrown + fumbles_lost"),
    Rate(
        name="quarterback_hits", unit="share", of="quarterback_hits",
        per="opponent_pass_attempts + opponent_sacks_suffered", allowed=False,
    ),
    Rate(
        name="passes_defended", unit="share", of="passes_defended", per="opponent_pass_attempts", allowed=False,
    ),
    Rate(name="tackles_for_loss", unit="count", of="tackles_for_loss", allowed=False),
    Rate(name="penalty_yards", unit="yards", of="penalty_yards", allowed=False),
    Rate(name="field_goals", unit="share", of="field_goals_made", per="field_goals_attempted", allowed=False),
)  # fmt: skip

# What the league tracks is a mean of a game, so it counts by his passes; the publisher leaves out games of few passes.
# Source: https://nextgenstats.nfl.com/glossary (time to throw, intended air yards, aggressiveness, CPOE)
_QUARTERBACK = (
    Rate(name="epa", unit="points", of="passing_epa", per=f"1000000 * ({_DROPBACKS})"),
    Rate(name="yards", unit="yards", of="passing_yards", per="pass_attempts"),
    Rate(name="interceptions", unit="share", of="interceptions_thrown", per="pass_attempts"),
    Rate(name="sacks", unit="share", of="sacks_suffered", per=_DROPBACKS),
    Rate(name="first_downs", unit="share", of="passing_first_downs", per=_DROPBACKS),
    Rate(name="rushing_yards", unit="yards", of="rushing_yards"),
    *(
        Rate(name=name, unit=unit, of=f"{of} * pass_attempts", per="1000000 * pass_attempts")
        for name, unit, of in (
            ("completion_over_expected", "percentage points", "completion_over_expected"),
            ("time_to_throw", "seconds", "time_to_throw"),
            ("air_yards", "yards", "intended_air_yards"),
            ("aggressiveness", "share", "aggressive_share"),
        )
    ),
)  # fmt: skip

# Nothing tells a man's position in all seasons: what he did does. Who plays on offence and has no pass, carry or target
# to his name in a game is counted to the line, as are tight ends who only block.
_ABSENCES = (
    Rate(name="passes_missing", unit="pass attempts", of="1000000 * pass_attempts"),
    Rate(name="carries_missing", unit="carries", of="1000000 * carries"),
    Rate(name="targets_missing", unit="targets", of="1000000 * targets"),
    Rate(
        name="line_missing", unit="players",
        of="CASE WHEN coalesce(pass_attempts + carries + targets, 0) = 0 THEN offense_snap_share ELSE 0 END",
    ),
    Rate(name="defense_missing", unit="players", of="defense_snap_share"),
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
    score_from="sum",
    least_periods=4,
    played=((9, 4), (2, 14)),
    pause=timedelta(days=14),
    starts_month=9,
    featured=True,
    rates=_RATES,
    surfaces=("grass",),
    placed=True,
    standings="share",
    whistled=("penalties", "penalty_yards"),
    starter="qb",
    starter_rates=_QUARTERBACK,
    starter_rows=("offense", "tracked_passing"),
    designations={"Out": True, "Doubtful": True, "Questionable": False},
    absences=_ABSENCES,
    absence_rows=("snaps", "offense"),
    lineups=(
        Rate(name="offense", unit="share", of="1000000 * offense_snap_share"),
        Rate(name="defense", unit="share", of="1000000 * defense_snap_share"),
    ),
    stages=("REG", "WC", "DIV", "CON", "SB"),
    lines=("spread", "total"),
    reference_close={"nfl": ("nflverse",)},
    openings=("spread", "total"),
    # 538's published constants: K 20, 65 points for the home side, a third back to 1505 between seasons.
    # Source: https://fivethirtyeight.com/methodology/how-our-nfl-predictions-work/
    elo=Elo(k=20.0, home_advantage=65.0, season_keep=2.0 / 3.0, mean=1505.0),
    glicko=Glicko(),
    phases=GRIDIRON,
    strengths=Strengths(level=22.0, home_advantage=2.6, rate=0.1),
    # Thirteen points a game, and six between ratings.
    observed=True,
    massey=Massey(ridge=4.0, games=384, sides=40),
    teams=_TEAMS,
    relocated={"STL": "LAR", "LA": "LAR", "SD": "LAC", "OAK": "LV"},
    # EPA is expected points added; completion over expected is in percentage points.
    team_stats={
        "completions": "count",
        "pass_attempts": "count",
        "passing_yards": "yards",
        "passing_touchdowns": "count",
        "interceptions_thrown": "count",
        "sacks_suffered": "count",
        "sack_yards_lost": "yards",
        "passing_air_yards": "yards",
        "passing_first_downs": "count",
        "passing_epa": "value",
        "completion_over_expected": "value",
        "carries": "count",
        "rushing_yards": "yards",
        "rushing_touchdowns": "count",
        "rushing_first_downs": "count",
        "rushing_epa": "value",
        "receiving_yards_after_catch": "yards",
        "fumbles_lost": "count",
        "special_teams_touchdowns": "count",
        "tackles_for_loss": "count",
        "fumbles_forced": "count",
        "sacks": "count",
        "quarterback_hits": "count",
        "interceptions": "count",
        "passes_defended": "count",
        "defensive_touchdowns": "count",
        "fumbles_recovered": "count",
        "penalties": "count",
        "penalty_yards": "yards",
        "punt_return_yards": "yards",
        "kickoff_return_yards": "yards",
        "field_goals_made": "count",
        "field_goals_attempted": "count",
        "extra_points_made": "count",
        "extra_points_attempted": "count",
    },
    # From time_to_throw on they are the league's tracking: means of a game, in yards and seconds.
    player_stats={
        "completions": "count",
        "pass_attempts": "count",
        "passing_yards": "yards",
        "passing_touchdowns": "count",
        "interceptions_thrown": "count",
        "sacks_suffered": "count",
        "sack_yards_lost": "yards",
        "passing_air_yards": "yards",
        "passing_first_downs": "count",
        "passing_fumbles_lost": "count",
        "passing_epa": "value",
        "carries": "count",
        "rushing_yards": "yards",
        "rushing_touchdowns": "count",
        "rushing_first_downs": "count",
        "rushing_fumbles_lost": "count",
        "rushing_epa": "value",
        "targets": "count",
        "receptions": "count",
        "receiving_yards": "yards",
        "receiving_touchdowns": "count",
        "receiving_air_yards": "yards",
        "receiving_yards_after_catch": "yards",
        "receiving_first_downs": "count",
        "receiving_fumbles_lost": "count",
        "receiving_epa": "value",
        "target_share": "share",
        "air_yards_share": "share",
        "offense_snaps": "count",
        "defense_snaps": "count",
        "special_teams_snaps": "count",
        "offense_snap_share": "share",
        "defense_snap_share": "share",
        "special_teams_snap_share": "share",
        "time_to_throw": "value",
        "completed_air_yards": "value",
        "intended_air_yards": "value",
        "air_yards_to_sticks": "value",
        "completion_over_expected": "value",
        "aggressive_share": "share",
        "completion_expected": "share",
        "rushing_efficiency": "value",
        "time_behind_line": "value",
        "rushing_yards_expected": "value",
        "rushing_yards_over_expected": "value",
        "stacked_box_share": "share",
        "cushion": "value",
        "separation": "value",
        "yards_after_catch_expected": "value",
        "yards_after_catch_over_expected": "value",
    },
)
