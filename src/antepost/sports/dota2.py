"""Dota 2."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.esports import Draft
from antepost.sports.ratings import Glicko
from antepost.sports.sport import Elo, Rate, Sport

# A match that is over before the 25th minute is a stomp, one of 45 minutes and more a late game.
_SHORT = "(CASE WHEN seconds < 1500 THEN 1 WHEN seconds >= 1500 THEN 0 END)"
_LONG = "(CASE WHEN seconds >= 2700 THEN 1 WHEN seconds < 2700 THEN 0 END)"


DOTA2 = Sport(
    name="dota2",
    title="Dota 2",
    leagues={"pro": "Professional matches", "public": "Public matches, drafts only"},
    outcomes=("home", "away"),
    markets=("moneyline", "spread", "total"),
    periods="none: a match is one game, and a series of them a best of one, two, three or five",
    ties="none: a match lasts until an Ancient falls; a best of two may end level",
    settlement="the side whose Ancient stands wins, whatever the kills; a match played anew counts as played anew",
    # Radiant and Dire are chosen anew for every match: who has which stands among the rosters.
    interchangeable=True,
    timezone="UTC",
    duration=timedelta(minutes=45),
    pause=timedelta(days=21),
    starts_month=1,
    stages=("BO1", "BO2", "BO3", "BO5"),
    reference_close={"pro": ()},
    featured=True,
    staged=False,
    # One Ancient falls: the result says who won and no more.
    score="",
    rest_horizon=timedelta(days=7),
    # A series is several matches, and a side plays several series a week.
    lately=20,
    rates=(
        Rate(name="kills", unit="count", of="kills"),
        Rate(name="length", unit="seconds", of="seconds", allowed=False),
        Rate(name="kills_per_minute", unit="count", of="60 * kills", per="seconds", allowed=False),
        Rate(name="kill_share", unit="share", of="kills", per="kills + opponent_kills", allowed=False),
        Rate(name="tempo", unit="count", of="60 * (kills + opponent_kills)", per="seconds", allowed=False),
        Rate(name="win_length", unit="seconds", of="points_for * seconds", per="points_for", allowed=False),
        Rate(name="loss_length", unit="seconds", of="points_against * seconds", per="points_against", allowed=False),
        Rate(
            name="win_margin", unit="count", of="points_for * (kills - opponent_kills)", per="points_for", allowed=False
        ),
        Rate(
            name="loss_margin",
            unit="count",
            of="points_against * (opponent_kills - kills)",
            per="points_against",
            allowed=False,
        ),
        Rate(name="first_blood", unit="seconds", of="first_blood_seconds", allowed=False),
        Rate(name="short_wins", unit="share", of=f"points_for * {_SHORT}", per="points_for", allowed=False),
        Rate(name="short_losses", unit="share", of=f"points_against * {_SHORT}", per="points_against", allowed=False),
        Rate(name="long_win_rate", unit="share", of=f"points_for * {_LONG}", per=_LONG, allowed=False),
    ),
    draft=Draft(
        sides=("radiant", "dire"),
        first="first_pick",
        # The archive of 2017 to 2019 tells the order of the picks, that of 2025 whose hero it was.
        picks=tuple(
            f"{side}_{what}_{n}" for side in ("radiant", "dire") for what in ("pick", "hero") for n in range(1, 6)
        ),
    ),
    checkpoint=15,
    patched=True,
    hosted=True,
    # No published constants for this archive: a common K until fitted.
    elo=Elo(k=32.0, home_advantage=0.0, season_keep=1.0, mean=1500.0),
    glicko=Glicko(),
    team_stats={
        "kills": "count",
        "seconds": "seconds",
        "first_blood_seconds": "seconds",
        "gold": "gold",
        "experience": "points",
        "last_hits": "count",
        "denies": "count",
        "towers": "count",
        "barracks": "count",
        "roshans": "count",
    },
    player_stats={
        "hero": "code",
        # As its hero's facets are numbered: from 1, and in the patch of the match.
        "facet": "number",
        "kills": "count",
        "deaths": "count",
        "assists": "count",
        "last_hits": "count",
        "denies": "count",
        "level": "level",
        "gold_per_minute": "gold",
        "experience_per_minute": "points",
        "net_worth": "gold",
        "hero_damage": "points",
        "tower_damage": "points",
        "hero_healing": "points",
        "observers_placed": "count",
        "sentries_placed": "count",
        "camps_stacked": "count",
        "rune_pickups": "count",
        "buybacks": "count",
    },
)
