"""Names that wait for a person: whom they may stand for by the evidence, and what was accepted, kept in the home."""

from __future__ import annotations

import polars as pl

from antepost.ingestion.identity import MAP, names_of, read_map
from antepost.ingestion.sources import sources_of
from antepost.ingestion.suggest import suggestions
from antepost.lake import asof, silver
from antepost.lake.batches import loading
from antepost.lake.files import sweep, write_whole
from antepost.settings import Settings

_SEEN = ("fixtures", "results", "entities")


def review(settings: Settings, sport: str) -> pl.DataFrame:
    """Return whom each name in the quarantine of ``sport`` may stand for, the best supported first.

    Columns: see ``suggest.suggestions``.
    """
    names = {source.name: names_of(settings, source) for source in sources_of(sport)}
    refused = silver.read(settings, "quarantine", sport)
    return suggestions(asof.facts(settings, sport, tables=_SEEN), refused, names)


def acceptable(told: pl.DataFrame, least: float) -> pl.DataFrame:
    """Return the suggestions that may be accepted at once: at or above ``least``, of a name that nobody bears yet.

    A name for which two score so high stays for a person, and so does one that somebody bears: its map needs days.
    """
    high = told.filter((pl.col("score") >= least) & pl.col("borne").is_null())
    return high.filter(pl.len().over("source", "name") == 1)


def accept(settings: Settings, sport: str, chosen: pl.DataFrame) -> int:
    """Return how many rows of ``chosen`` (source, name, entity) the home's map of names gained; it holds each once.

    The next load of such a source reads its files again, since the map is part of how they were read.

    Raises:
        DataError: the home's map does not parse.
    """
    path = settings.home / "names" / f"{sport}.csv"
    with loading(settings):
        if path.parent.is_dir():
            sweep(path.parent)
        held = path.read_bytes() if path.is_file() and path.stat().st_size else f"{','.join(MAP)}\n".encode()
        key = ["source", "name", "entity"]
        fresh = chosen.select(key).unique(maintain_order=True)
        fresh = fresh.join(read_map(held, str(path)), on=key, how="anti", maintain_order="left")
        if fresh.height:
            rows = fresh.select(
                pl.col(name) if name in key else pl.lit(None, kind).alias(name) for name, kind in MAP.items()
            )
            whole = held if held.endswith(b"\n") else held + b"\n"
            write_whole(path, whole + rows.write_csv(include_header=False).encode())
    return fresh.height
