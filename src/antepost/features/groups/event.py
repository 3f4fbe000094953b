"""How the event stands that a match belongs to: matches of it so far, and what either side has done in it."""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import revisions, sides
from antepost.features.means import Mean, Role, means
from antepost.sports import Sport

BETWEEN = (Role(key="home_at_event", less="away_at_event", suffix="fixture", parity="odd", strangers=False),)
TOGETHER = (Role(key="event", suffix="fixture", parity="even", strangers=False),)


def facts(tables: Facts, _: Sport) -> pl.DataFrame:
    """Return three facts a match: each side's in its event, and the event's own, which nobody has won."""
    games = revisions(tables["results"], tables["fixtures"], ("venue",)).with_columns(
        (pl.col("league") + "@" + pl.col("venue")).alias("event"),
        *((pl.col(side) + "@" + pl.col("venue")).alias(f"{side}_at_event") for side in ("home", "away")),
    )
    own = sides(games, "home_at_event", "away_at_event")
    played = sides(games, "event", "event").filter(pl.col("sequence") == 0)
    return pl.concat([own, played.with_columns(pl.col("half_wins") * 0)])


def event(sport: Sport) -> Group | None:
    """Return the group where fixtures name the event that they belong to."""
    if not sport.hosted:
        return None
    return means(
        "event",
        (
            Mean(name="matches", unit="games", of="1", per=None, windows=("all",), roles=TOGETHER),
            Mean(name="games", unit="games", of="1", per=None, windows=("all",), roles=BETWEEN),
            Mean(name="win_rate", unit="share", of="half_wins", per="2", windows=("all",), roles=BETWEEN),
        ),
        facts,
        version=1,
        null="null where no event is told, or before its first match of the side",
    )
