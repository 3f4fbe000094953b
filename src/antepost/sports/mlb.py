"""Major League Baseball; teams under Retrosheet's codes."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.periods import Phases
from antepost.sports.ratings import Glicko
from antepost.sports.sport import Elo, Rate, Sport

_BATTING = (
    "at_bats", "hits", "doubles", "triples", "home_runs", "runs_batted_in", "sacrifice_hits", "sacrifice_flies",
    "hit_by_pitch", "walks", "intentional_walks", "strikeouts", "stolen_bases", "caught_stealing",
    "grounded_into_double_plays", "awarded_first_on_interference", "left_on_base",
)  # fmt: skip
_PITCHING = ("pitchers_used", "individual_earned_runs", "team_earned_runs", "wild_pitches", "balks")
_FIELDING = ("putouts", "assists", "errors", "passed_balls", "double_plays", "triple_plays")

_PLATE = "at_bats + walks + hit_by_pitch + sacrifice_flies + sacrifice_hits"
# Source: https://library.fangraphs.com/offense/offensive-statistics-list/
_RATES = (
    Rate(
        name="on_base", unit="share", of="hits + walks + hit_by_pitch",
        per="at_bats + walks + hit_by_pitch + sacrifice_flies",
    ),
    Rate(name="slugging", unit="bases", of="hits + doubles + 2 * triples + 3 * home_runs", per="at_bats"),
    Rate(name="isolated_power", unit="bases", of="doubles + 2 * triples + 3 * home_runs", per="at_bats"),
    Rate(
        name="balls_in_play", unit="share", of="hits - home_runs",
        per="at_bats - strikeouts - home_runs + sacrifice_flies",
    ),
    Rate(name="home_runs", unit="share", of="home_runs", per=_PLATE),
    Rate(name="strikeouts", unit="share", of="strikeouts", per=_PLATE),
    Rate(name="walks", unit="share", of="walks", per=_PLATE),
    Rate(name="left_on_base", unit="count", of="left_on_base", allowed=False),
    Rate(name="runs_per_hit", unit="ratio", of="runs", per="hits", allowed=False),
    Rate(name="stolen_bases", unit="count", of="stolen_bases"),
    Rate(name="steal_success", unit="share", of="stolen_bases", per="stolen_bases + caught_stealing", allowed=False),
    Rate(name="double_plays", unit="count", of="grounded_into_double_plays", allowed=False),
    Rate(name="sacrifices", unit="count", of="sacrifice_hits + sacrifice_flies", allowed=False),
    Rate(name="earned_run_average", unit="runs", of="27 * team_earned_runs", per="putouts", allowed=False),
    Rate(
        name="unearned_runs", unit="runs", of="points_against - team_earned_runs", allowed=False,
    ),
    Rate(name="errors", unit="count", of="errors", allowed=False),
    Rate(name="ground_balls", unit="share", of="assists", per="putouts", allowed=False),
    Rate(name="wild_pitches", unit="count", of="wild_pitches + passed_balls", allowed=False),
    Rate(name="pitchers_used", unit="count", of="pitchers_used"),
)  # fmt: skip

# Books take bets on the first five innings, and on whether anybody scores in the first.
_PHASES = Phases(
    regulation=9, half=5, late=7, big=3, window=20,
    statistics=(
        "half_margin", "late_margin", "half_leads", "comebacks", "leads_lost", "half_total",
        "first_scoreless", "scoreless", "big",
    ),
)  # fmt: skip

# Single pitchers have no box score at hand: this is what their side gave up, the bullpen with it, in the games they
# started. Per nine innings, 27 outs. Source: https://www.mlb.com/glossary/standard-stats
_STARTS = (
    *(
        Rate(name=name, unit="count", of=f"27 * {of}", per="putouts")
        for name, of in (
            ("earned_runs", "individual_earned_runs"), ("hits", "opponent_hits"), ("walks", "opponent_walks"),
            ("strikeouts", "opponent_strikeouts"), ("home_runs", "opponent_home_runs"),
        )
    ),
    Rate(name="pitchers_used", unit="count", of="pitchers_used"),
    Rate(name="run_support", unit="runs", of="points_for"),
)  # fmt: skip

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
    starter_rates=_STARTS,
    whistled=("runs", "strikeouts", "walks"),
    referee="home_plate",
    batting="batting",
    score="runs",
    rates=_RATES,
    lately=20,
    lines=("spread", "total"),
    reference_close={"mlb": ("sportsbookreview",)},
    openings=("moneyline", "total"),
    # 538's published constants: K 4, 24 points for the home side, a third back to 1505 between seasons; theirs also
    # move with the starting pitcher, travel and rest.
    # Source: https://fivethirtyeight.com/methodology/how-our-mlb-predictions-work/
    elo=Elo(k=4.0, home_advantage=24.0, season_keep=2.0 / 3.0, mean=1505.0),
    phases=_PHASES,
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
