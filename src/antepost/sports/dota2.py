"""Dota 2."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports.ratings import Glicko
from antepost.sports.sport import Elo, Rate, Sport

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
    rates=(
        Rate(name="kills", unit="count", of="kills"),
        Rate(name="length", unit="seconds", of="seconds", allowed=False),
    ),
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
