"""Who had which side of the map and which heroes, out of the rosters: facts that several groups rest on."""

from __future__ import annotations

import polars as pl

from antepost.features.declaration import Facts
from antepost.features.facts import revisions
from antepost.sports.esports import Draft


def set_up(tables: Facts, draft: Draft) -> pl.DataFrame:
    """Return the results with ``first_side`` and ``first_pick``: the team with the first side, and who picked first.

    One row for every moment at which any of them changed; null where it is not told.
    """
    games = tables["results"]
    for role, name in ((draft.sides[0], "first_side"), (draft.first, "first_pick")):
        told = tables["rosters"].filter(pl.col("role") == role).rename({"team": name})
        games = revisions(games, told, (name,))
    return games


def picks(tables: Facts, draft: Draft) -> pl.DataFrame:
    """Return a row a pick and moment: the result with ``role``, ``team`` and ``hero``, who had it and what it was.

    ``match`` is the fixture and ``fixture`` names the pick. A pick that stands no more keeps a row without a hero.
    """
    own = tables["rosters"].filter(pl.col("role").is_in(draft.picks)).with_columns(pl.col("fixture").alias("match"))
    own = own.with_columns((pl.col("fixture") + "|" + pl.col("role")).alias("fixture")).rename({"player": "hero"})
    made = own.select("fixture", "match").unique()
    games = tables["results"].rename({"fixture": "match"}).join(made, on="match")
    return revisions(games, own, ("role", "team", "hero"))
