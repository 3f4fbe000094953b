"""Men's tennis."""

from __future__ import annotations

from datetime import timedelta

from antepost.sports import tennis
from antepost.sports.sport import Sport

ATP = Sport(
    name="atp",
    title="Men's tennis",
    leagues={"atp": "ATP tour", "atp-challenger": "ATP Challenger tour", "atp-qualifying": "Qualifying rounds"},
    outcomes=tennis.OUTCOMES,
    markets=tennis.MARKETS,
    periods="sets",
    ties=tennis.TIES,
    settlement=tennis.SETTLEMENT,
    interchangeable=True,
    timezone="UTC",
    dated="tournament",
    duration=tennis.DURATION,
    score_from="won",
    played=((1, 1), (11, 25)),
    pause=timedelta(days=14),
    starts_month=1,
    stages=tennis.STAGES,
    featured=True,
    score="sets",
    surfaces=tennis.SURFACES,
    rates=tennis.RATES,
    lately=tennis.LATELY,
    reference_close={"atp": tennis.REFERENCE},
    elo=tennis.ELO,
    glicko=tennis.GLICKO,
    surface_elo=tennis.SURFACE_ELO,
    sets=tennis.SETS,
    ranking=tennis.RANKING,
    sides="player",
    player_stats=tennis.PLAYER_STATS,
)
