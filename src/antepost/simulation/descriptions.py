"""What is particular to each invented sport; everything else is the same for all. Units are the law's own.

The sports' own facts (stages, markets, periods, durations) come from ``antepost.sports``. Sizes are of the order of the
real ones, not fitted to any data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from antepost.simulation.laws import Law, Scoring
from antepost.simulation.races import Duel, Race


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """One invented sport.

    ``home`` is the home side's advantage, ``strength`` the spread of the sides, which drifts by ``drift`` a round and
    of which ``keep`` is left after a season; ``form`` is the spread of a single game's edge that nobody can see in
    strengths, ``level`` and ``pace`` are mean and spread of what is scored. A season has ``sides`` that play
    ``rounds``, ``days`` apart, from ``opens`` (month, day) on at ``clocks`` (hours UTC); then the best ``through`` go
    on in knock-out rounds called ``stages``. Where ``draw`` is not 0 there is no table: each round is a tournament of
    so many sides. ``new`` sides come each season for the weakest. A side's best is hurt with chance ``hurt`` a round,
    for up to ``out`` rounds, and costs ``worth``. ``wind`` is what a usual difference in wind takes off the level, 0
    indoors. ``spread`` is the line that is always the same (None: as the game is, 0: no such market), as ``total`` is.
    ``stats`` are statistics of a side: its score and as much again as a mean says.
    """

    league: str
    law: Law
    level: float
    home: float
    strength: float
    drift: float
    form: float
    pace: float
    sides: int
    rounds: int
    days: float
    opens: tuple[int, int]
    clocks: tuple[int, ...] = (17, 20)
    keep: float = 0.6
    through: int = 0
    stages: tuple[str, ...] = ()
    draw: int = 0
    new: int = 0
    hurt: float = 0.03
    out: int = 4
    worth: float = 0.0
    wind: float = 0.0
    spread: float | None = None
    total: float | None = None
    opening: timedelta = timedelta(hours=30)
    props: int = 0
    stats: Mapping[str, float] = field(default_factory=dict[str, float])

    @property
    def doubt(self) -> float:
        """Return by how much levels differ from game to game, all told."""
        return (3.0 * self.pace**2 + self.wind**2) ** 0.5


def _tennis(league: str, opens: tuple[int, int]) -> Description:
    return Description(
        league=league, law=Race(target=2, points=6), level=2.5, home=0.0, strength=0.55, drift=0.02, form=0.15,
        pace=0.0, sides=80, rounds=24, days=14.0, opens=opens, clocks=(11, 13, 15, 17), keep=0.9, draw=32,
        stages=("R32", "R16", "QF", "SF", "F"), new=8, hurt=0.02, worth=0.35, spread=0.0, total=0.0,
    )  # fmt: skip


_WEEKLY = timedelta(days=5)

DESCRIPTIONS: Mapping[str, Description] = {
    "ncaaf": Description(
        league="fbs", law=Scoring(most=128, periods=4, extra=3, values=((7, 0.65), (3, 0.3), (2, 0.05)), reach=46.0),
        level=54.0, home=2.6, strength=8.0, drift=0.5, form=3.0, pace=3.0, sides=64, rounds=12, days=7.0, opens=(8, 29),
        clocks=(16, 19, 23, 26), through=8, stages=("POST",) * 3, new=2, worth=4.0, wind=2.0, opening=_WEEKLY,
    ),
    "cfl": Description(
        league="cfl",
        law=Scoring(most=128, periods=4, extra=3, ties=0.1, values=((7, 0.6), (3, 0.3), (1, 0.1)), reach=40.0),
        level=50.0, home=2.0, strength=4.5, drift=0.4, form=2.5, pace=3.0, sides=10, rounds=18, days=7.0, opens=(6, 8),
        clocks=(23, 26), through=4, stages=("POST",) * 2, worth=4.0, wind=2.0, opening=_WEEKLY,
    ),
    "nba": Description(
        league="nba", law=Scoring(most=256, periods=4, extra=5, reach=36.0), level=226.0, home=2.6, strength=5.0,
        drift=0.3, form=2.0, pace=4.0, sides=30, rounds=82, days=2.0, opens=(10, 20), clocks=(24, 25, 26),
        through=16, stages=("PLAYOFF",) * 4, worth=3.0, out=8, stats={"points": 0.0, "assists": 24.0},
    ),
    "ncaab": Description(
        league="d1", law=Scoring(most=256, periods=2, extra=5, reach=44.0), level=142.0, home=3.2, strength=6.5,
        drift=0.3, form=2.2, pace=4.0, sides=64, rounds=28, days=4.0, opens=(11, 6), clocks=(23, 24, 26), keep=0.5,
        through=32, stages=("POST",) * 5, new=2, worth=3.0, out=8, stats={"points": 0.0, "assists": 13.0},
    ),
    "wnba": Description(
        league="wnba", law=Scoring(most=256, periods=4, extra=5, reach=36.0), level=162.0, home=2.4, strength=5.0,
        drift=0.3, form=2.0, pace=3.5, sides=12, rounds=40, days=3.0, opens=(5, 15), clocks=(23, 25), through=8,
        stages=("PLAYOFF",) * 3, new=1, worth=3.0, out=5, props=2,
    ),
    "mlb": Description(
        league="mlb", law=Scoring(most=64, periods=9, extra=1, values=((1, 0.55), (2, 0.28), (3, 0.17)), reach=5.0),
        level=9.0, home=0.25, strength=0.55, drift=0.03, form=0.3, pace=0.4, sides=30, rounds=162, days=1.125,
        opens=(3, 28), clocks=(17, 23, 26), through=8, stages=("POST",) * 3, hurt=0.05, worth=0.7, out=20, wind=0.5,
        spread=1.5, stats={"runs": 0.0, "hits": 4.0},
    ),
    "nhl": Description(
        league="nhl", law=Scoring(most=32, periods=3, extra=1, reach=3.0), level=6.0, home=0.28, strength=0.42,
        drift=0.03, form=0.2, pace=0.2, sides=32, rounds=82, days=2.2, opens=(10, 5), clocks=(23, 24, 26), through=16,
        stages=("PLAYOFF",) * 4, worth=0.3, out=10, spread=1.5, stats={"goals": 0.0, "shots": 26.0},
    ),
    "soccer": Description(
        league="E0", law=Scoring(most=32, periods=2, extra=0, ties=1.0, reach=2.2), level=2.75, home=0.35, strength=0.4,
        drift=0.03, form=0.2, pace=0.12, sides=20, rounds=38, days=7.5, opens=(8, 10), clocks=(14, 16, 19), keep=0.8,
        new=3, worth=0.25, wind=0.1, total=2.5, stats={"shots": 11.0, "corners": 4.0},
    ),
    "atp": _tennis("atp", (1, 2)),
    "wta": _tennis("wta", (1, 4)),
    "dota2": Description(
        league="pro", law=Duel(most=128, gap=14.0, reach=2.6), level=50.0, home=0.0, strength=0.4, drift=0.03, form=0.2,
        pace=4.0, sides=24, rounds=30, days=11.0, opens=(1, 10), clocks=(9, 12, 15), through=8, stages=("BO1",) * 3,
        new=3, worth=0.3, hurt=0.04, out=2, spread=4.5, stats={"kills": 0.0},
    ),
    "cs2": Description(
        league="pro", law=Race(target=13, overtime=True, reach=1.0), level=21.0, home=0.0, strength=0.16, drift=0.012,
        form=0.07, pace=0.0, sides=24, rounds=30, days=11.0, opens=(1, 10), clocks=(10, 13, 16), through=8,
        stages=("MAP",) * 3, new=3, worth=0.1, hurt=0.04, out=2, spread=2.5, total=20.5, stats={"rounds": 0.0},
    ),
}  # fmt: skip
"""The invented sports but the NFL, which has a world of its own (``simulation.league``)."""
