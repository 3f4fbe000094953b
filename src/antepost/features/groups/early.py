"""How a side stands at a fixed minute, and what it makes of it: leads, leads held, and comebacks.

The minute is the sport's ``checkpoint``: what was earned until then is the usual yardstick of the laning stage.
"""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts, Group
from antepost.features.facts import revisions, sides
from antepost.features.means import BETWEEN, Mean, means
from antepost.sports import Sport

_LEAD = "experience_lead"
_AHEAD = f"(CASE WHEN {_LEAD} > 0 THEN 1 WHEN {_LEAD} <= 0 THEN 0 END)"
_BEHIND = f"(CASE WHEN {_LEAD} < 0 THEN 1 WHEN {_LEAD} >= 0 THEN 0 END)"


def facts(tables: Facts, sport: Sport) -> pl.DataFrame:
    """Return two facts a match: who won, and each side's lead in experience at the checkpoint."""
    games = tables["results"]
    at = tables["minute_states"].filter(pl.col("minute") == sport.checkpoint)
    for side in ("home", "away"):
        told = at.filter(pl.col("side") == side).rename({_LEAD: f"{side}_{_LEAD}"})
        games = revisions(games, told, (f"{side}_{_LEAD}",))
    return sides(games, "home", "away", (_LEAD,))


def early(sport: Sport) -> Group | None:
    """Return the group where leads are told minute by minute."""
    if not sport.checkpoint:
        return None

    def between(name: str, unit: str, of: str, per: str = "1") -> Mean:
        return Mean(name=name, unit=unit, of=of, per=per, windows=(20,), roles=BETWEEN)

    return means(
        "early",
        (
            between("experience_lead", "points", _LEAD),
            between("ahead", "share", _AHEAD),
            between("held", "share", f"half_wins * {_AHEAD}", f"2 * {_AHEAD}"),
            between("comebacks", "share", f"half_wins * {_BEHIND}", f"2 * {_BEHIND}"),
        ),
        facts,
        version=1,
        null="null before either side's first match with such a lead",
    )
