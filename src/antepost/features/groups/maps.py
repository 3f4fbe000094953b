"""What a side does on single maps: rounds won, how tight maps end, and how it fares in tight ones and in overtime.

A schedule mixes maps, of which rounds are counted, and series, of which maps are: each is an entity of its own, so
that rounds and maps are never added up. A map whose rounds exceed those of the day's rules has gone to overtime.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import revisions, sides
from antepost.features.means import Mean, Role, means
from antepost.sports import Sport
from antepost.sports.esports import Maps

BETWEEN = (Role(key="home_on_maps", less="away_on_maps", suffix="fixture", parity="odd"),)
SIDES = tuple(Role(key=f"{side}_on_maps", suffix=side) for side in ("home", "away"))


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return two facts a match, of a side on maps or in series; ``overtime`` is 1 where more rounds were played."""
    its = sport.maps
    if its is None:
        raise ValueError(f"{sport.name} does not tell maps from series")
    games = revisions(tables["results"], tables["fixtures"], ("stage",))
    kind = pl.col("stage").replace_strict({its.map: "maps", its.series: "series"}, default="else")
    named = [(pl.col(side) + "@" + kind).alias(f"{side}_entity") for side in ("home", "away")]
    over = (pl.col("home_score") + pl.col("away_score") > regulation(its)).cast(pl.Int64)
    flags = [over.alias(f"{side}_overtime") for side in ("home", "away")]
    return sides(games.with_columns(*named, *flags), "home_entity", "away_entity", ("overtime",))


def regulation(its: Maps) -> pl.Expr:
    """Return how many rounds a map of the day ``event_at`` has before overtime."""
    rounds = pl.lit(None, pl.Int64)
    for since, number in sorted(its.rounds.items()):
        rounds = pl.when(pl.col("event_at").dt.date() >= since).then(pl.lit(number, pl.Int64)).otherwise(rounds)
    return rounds


def maps(sport: Sport) -> Group | None:
    """Return the group where maps are told from series."""
    if sport.maps is None:
        return None
    margin = "abs(points_for - points_against)"
    close = f"(CASE WHEN {margin} <= {sport.maps.close} THEN 1 WHEN {margin} > {sport.maps.close} THEN 0 END)"
    wide = f"(CASE WHEN {margin} >= {sport.maps.wide} THEN 1 WHEN {margin} < {sport.maps.wide} THEN 0 END)"

    def between(name: str, unit: str, of: str, per: str = "1", window: int = 20) -> Mean:
        return Mean(name=name, unit=unit, of=of, per=per, windows=(window,), roles=BETWEEN)

    return means(
        "maps",
        (
            between("win_rate", "share", "half_wins", "2"),
            between("round_share", "share", "points_for", "points_for + points_against"),
            Mean(name="rounds", unit="rounds", of="points_for + points_against", windows=(20,), roles=SIDES),
            between("rounds_in_wins", "rounds", "half_wins * points_against", "half_wins"),
            between("rounds_in_losses", "rounds", "(2 - half_wins) * points_for", "2 - half_wins"),
            between("close", "share", close),
            between("close_win_rate", "share", f"half_wins * {close}", f"2 * {close}", 40),
            between("one_sided_wins", "share", f"half_wins * {wide}", "2"),
            between("one_sided_losses", "share", f"(2 - half_wins) * {wide}", "2"),
            between("overtime", "share", "overtime"),
            between("overtime_win_rate", "share", "half_wins * overtime", "2 * overtime", 40),
            Mean(name="played", unit="maps", of="1", per=None, windows=("all",), roles=BETWEEN),
        ),
        facts,
        version=1,
        null="null before either side's first such map",
    )
