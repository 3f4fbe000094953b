"""Major League Baseball; teams under Retrosheet's codes."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.ratings import Glicko
from antepost.sports.sport import Elo, Rate, Sport

_BATTING = (
    "at_bats", "hits", "doubles", "triples", "home_runs", "runs_batted_in", "sacrifice_hits", "sacrifice_flies",
    "hit_by_pitch", "walks", "intentional_walks", "strikeouts", "stolen_bases", "caught_stealing",
    "grounded_into_double_plays", "awarded_first_on_interference", "left_on_base",
)  # fmt: skip
_PITCHING = ("pitchers_used", "individual_earned_runs", "team_earned_runs", "wild_pitches", "balks")
_FIELDING = ("putouts", "assists", "errors", "passed_balls", "double_plays", "triple_plays")

MLB = Sport(
    name="mlb",
    title="Major League Baseball",
    leagues={"mlb": "Major League Baseball"},
    outcomes=("home", "away", "draw"),
    markets=("moneyline", "spread", "total"),
    periods="innings",
    ties="extra innings until won; a game called off level, twice since 2005, is a tie",
    settlement="extra innings count; run line and total need nine innings (eight and a half if the home side leads)",
    interchangeable=False,
    timezone="America/New_York",
    dated="day",
    duration=timedelta(hours=3, minutes=5),
    score_from="sum",
    least_periods=5,
    played=((3, 20), (11, 5)),
    starts_month=3,
    stages=("REG", "POST"),
    featured=True,
    staged=False,
    rest_horizon=timedelta(days=14),
    starter="starter",
    score="runs",
    rates=(
        Rate(
            name="on_base",
            unit="share",
            of="hits + walks + hit_by_pitch",
            per="at_bats + walks + hit_by_pitch + sacrifice_flies",
        ),
        Rate(name="slugging", unit="bases", of="hits + doubles + 2 * triples + 3 * home_runs", per="at_bats"),
        Rate(name="home_runs", unit="count", of="home_runs"),
        Rate(name="strikeouts", unit="share", of="strikeouts", per="at_bats + walks"),
        Rate(name="walks", unit="share", of="walks", per="at_bats + walks"),
        Rate(name="errors", unit="count", of="errors", windows=(20,)),
        Rate(name="pitchers_used", unit="count", of="pitchers_used", windows=(20,)),
    ),
    lines=("spread", "total"),
    reference_close={"mlb": ("sportsbookreview",)},
    openings=("moneyline", "total"),
    # 538's published constants: K 4, 24 points for the home side, a third back to 1505 between seasons; theirs also
    # move with the starting pitcher, travel and rest.
    # Source: https://fivethirtyeight.com/methodology/how-our-mlb-predictions-work/
    elo=Elo(k=4.0, home_advantage=24.0, season_keep=2.0 / 3.0, mean=1505.0),
    glicko=Glicko(),
    teams=(
        "ANA", "ARI", "ATH", "ATL", "BAL", "BOS", "CHA", "CHN", "CIN", "CLE", "COL", "DET", "HOU", "KCA", "LAN", "MIA",
        "MIL", "MIN", "NYA", "NYN", "PHI", "PIT", "SDN", "SEA", "SFN", "SLN", "TBA", "TEX", "TOR", "WAS",
    ),
    relocated={"FLO": "MIA", "MON": "WAS", "OAK": "ATH"},
    team_stats={
        "runs": "count",
        **dict.fromkeys((*_BATTING, *_PITCHING, *_FIELDING), "count"),
        "game_outs": "count",
        "game_minutes": "minutes",
    },
)  # fmt: skip
