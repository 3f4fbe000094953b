"""Sides that a load names for the first time: in a sport's primary source a new id or name is a new entity, logged."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion.source import Source
from antepost.sports import get_sport
from antepost.telemetry import log

type Tables = Mapping[str, pl.DataFrame]


def newcomers(added: Tables, known: Tables, source: Source) -> tuple[str, ...]:
    """Return the sides of fixtures that ``added`` has and ``known`` had not, and log each.

    In a first load everybody is new, which says nothing: then only those count that the sport's own list of teams
    lacks, where it has one.
    """
    if not source.primary or "entities" not in added or "fixtures" not in added:
        return ()
    fresh = added["entities"].join(known["entities"], on="entity", how="anti")["entity"]
    sides = {*added["fixtures"]["home"], *added["fixtures"]["away"]}
    listed = get_sport(source.sport).teams
    first = known["fixtures"].is_empty()
    found = sorted(side for side in set(fresh) & sides if (side not in listed if listed else not first))
    for side in found:
        log.info("%s: %s is a side that %s names for the first time", source.sport, side, source.name)
    return tuple(found)
