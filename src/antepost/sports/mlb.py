"""Major League Baseball; teams under Retrosheet's codes."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.sport import Elo, Sport

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
    duration=timedelta(hours=3, minutes=5),
    score_from="sum",
    least_periods=5,
    played=((3, 20), (11, 5)),
    starts_month=3,
    stages=("REG", "POST"),
    starter="starter",
    reference_close={"mlb": ("sportsbookreview",)},
    openings=("moneyline", "total"),
    # 538's published constants: K 4, 24 points for the home side, a third back to 1505 between seasons; theirs also
    # move with the starting pitcher, travel and rest.
    # Source: https://fivethirtyeight.com/methodology/how-our-mlb-predictions-work/
    elo=Elo(k=4.0, home_advantage=24.0, season_keep=2.0 / 3.0, mean=1505.0),
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
