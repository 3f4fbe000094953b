"""Who is who: a source's names to our ids, by dated maps, equal spelling, or the source's own way of writing. No guess.

A map is a CSV with the columns ``source, name, entity, first, last``: ``name`` means ``entity`` from the day ``first``
to the day ``last``, both included, and always where they are blank.
"""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

import polars as pl
from rapidfuzz import fuzz, process

from antepost.errors import DataError
from antepost.ingestion.source import Source
from antepost.settings import Settings

MAP = {"source": pl.String(), "name": pl.String(), "entity": pl.String(), "first": pl.Date(), "last": pl.Date()}
CANDIDATES = {"name": pl.String(), "entity": pl.String(), "first": pl.Date(), "last": pl.Date()}
SIDES: Mapping[str, tuple[str, ...]] = {
    "fixtures": ("home", "away"),
    "results": ("home", "away"),
    "team_stats": ("team",),
    "player_stats": ("team",),
    "rosters": ("team",),
    "injuries": ("team",),
    "rankings": ("player",),
    "names": ("entity",),
}
"""The columns that hold a side's name, by table."""

ANYONE = "anyone"
"""What a secondary source writes for ``away`` where it tells one side only; ``home`` may be a side or a ground."""

_FOLDED = str.maketrans({"ø": "o", "ß": "ss", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe"})


@cache
def slug(name: str) -> str:
    """Return ``name`` in small ASCII letters, digits and hyphens.

    >>> slug("Nott'm Forest"), slug("Bayern München")
    ('nottm-forest', 'bayern-munchen')
    """
    plain = unicodedata.normalize("NFKD", name.lower().translate(_FOLDED)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"['.]", "", plain)).strip("-")


def names_of(settings: Settings, source: Source) -> bytes:
    """Return the map of a source as CSV: what ships with the package, then what this home accepted.

    Raises:
        DataError: a map does not parse; the message names the file.
    """
    shipped = files("antepost.ingestion") / "names" / f"{source.sport}.csv"
    accepted = settings.home / "names" / f"{source.sport}.csv"
    parts = [read_map(path.read_bytes(), str(path)) for path in (shipped, accepted) if path.is_file()]
    if not parts:
        return b""
    rows = pl.concat(parts).filter(pl.col("source") == source.name).unique(maintain_order=True)
    return rows.write_csv().encode() if rows.height else b""


def read_names(data: bytes) -> pl.DataFrame:
    """Return the rows of a map: name, entity, first, last."""
    return (read_map(data, "the map of names") if data else pl.DataFrame(schema=MAP)).drop("source")


def read_map(data: bytes, where: str) -> pl.DataFrame:
    """Return the rows of a map of names as written: source, name, entity, first, last.

    Raises:
        DataError: it does not parse; the message says ``where`` it lies.
    """
    try:
        return pl.read_csv(io.BytesIO(data), schema=MAP, comment_prefix="#")
    except pl.exceptions.PolarsError as error:
        raise DataError(f"{where} is no map of names ({error}); its header is {', '.join(MAP)}", where=where) from error


def candidates(source: Source, found: pl.Series, names: pl.DataFrame, entities: pl.DataFrame) -> pl.DataFrame:
    """Return who each name of ``found`` may be; of a primary source, a name that nobody knows is somebody new.

    Args:
        source: whose names they are.
        found: distinct names.
        names: the source's map.
        entities: whom we know (entity, name).

    Columns: name, entity, first, last. A name that stands for nobody we know has no row.
    """
    mapped = names.filter(pl.col("name").is_in(found.implode()))
    rest = [name for name in found if name not in set(mapped["name"])]
    if not source.named:
        told = [(name, name) for name in rest]
    elif source.primary:
        told = [(name, slug(name)) for name in rest]
    else:
        told = _spelt(source, rest, entities) + [(name, name) for name in rest if name == ANYONE]
    free = pl.DataFrame(told, schema={"name": pl.String(), "entity": pl.String()}, orient="row")
    undated = [pl.lit(None, pl.Date).alias(bound) for bound in ("first", "last")]
    return pl.concat([mapped.select(list(CANDIDATES)), free.with_columns(undated)])


def _spelt(source: Source, names: Iterable[str], entities: pl.DataFrame) -> list[tuple[str, str]]:
    known: dict[str, set[str]] = {}
    for entity, name in entities.select("entity", "name").iter_rows():
        for spelling in {entity, name or entity, *(source.spellings(name) if source.spellings and name else ())}:
            known.setdefault(slug(spelling), set()).add(entity)
    return [(name, entity) for name in names for entity in sorted(known.get(slug(name), ()))]


def likeliest(name: str, entities: pl.DataFrame, most: int = 3) -> list[tuple[str, float]]:
    """Return the entities whose names are most like ``name``, with their likeness from 0 to 1; for people only."""
    told = dict(entities.select("entity", pl.col("name").fill_null(pl.col("entity"))).iter_rows())
    close = process.extract(name, told, scorer=fuzz.WRatio, processor=slug, limit=most, score_cutoff=50)
    return [(entity, round(score / 100, 2)) for _, score, entity in close]


def translated(frame: pl.DataFrame, columns: tuple[str, ...], who: pl.DataFrame) -> pl.DataFrame:
    """Return ``frame`` with the names in ``columns`` replaced by the entities they meant on the day of ``event_at``.

    Raises:
        DataError: the map gives one name to two entities on one day.
    """
    for column in columns:
        frame = _translated(frame, column, who)
    return frame


def _translated(frame: pl.DataFrame, column: str, who: pl.DataFrame) -> pl.DataFrame:
    if who["name"].is_unique().all() and who["first"].null_count() == who["last"].null_count() == who.height:
        return frame.with_columns(pl.col(column).replace(who["name"], who["entity"]))
    day = pl.col("event_at").dt.date()
    holds = (day >= pl.col("first")).fill_null(value=True) & (day <= pl.col("last")).fill_null(value=True)
    asked = frame.select(pl.col(column).alias("name"), "event_at").unique().join(who, on="name").filter(holds)
    twice = asked.filter(pl.struct("name", "event_at").is_duplicated())
    if twice.height:
        name, *_ = twice.row(0)
        raise DataError(f"the map of names gives {name!r} to two entities on one day; mend its dates", name=name)
    told = asked.select(pl.col("name").alias(column), "event_at", "entity")
    joined = frame.join(told, on=[column, "event_at"], how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce("entity", column).alias(column)).drop("entity")
