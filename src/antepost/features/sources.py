"""Which tables features are made of, as their declarations read them: nothing that has to be kept up beside them."""

from __future__ import annotations

from functools import cache

import polars as pl

from antepost.features.catalogue import groups_of
from antepost.features.declaration import Group
from antepost.lake.schemas import TABLES, table_of
from antepost.sports import Sport


class _Noted(dict[str, pl.DataFrame]):
    """Tables that note which of them are read."""

    def __init__(self, tables: dict[str, pl.DataFrame]) -> None:
        super().__init__(tables)
        self.read: list[str] = []

    def __getitem__(self, name: str) -> pl.DataFrame:
        self.read.append(name)
        return super().__getitem__(name)


def sources(group: Group, sport: Sport) -> tuple[str, ...]:
    """Return the tables that ``group`` reads, in the order in which it does."""
    noted = _Noted({name: pl.DataFrame(schema=dict(table_of(name, sport.name).schema)) for name in TABLES})
    group.facts(noted, sport)
    return tuple(dict.fromkeys(noted.read))


@cache
def tables_read(sport: Sport) -> tuple[str, ...]:
    """Return the tables that the groups of ``sport`` read."""
    return tuple(dict.fromkeys(table for group in groups_of(sport) for table in sources(group, sport)))
