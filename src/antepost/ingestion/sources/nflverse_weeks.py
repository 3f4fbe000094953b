"""What nflverse's weekly files share: a game told by season, week and side, in codes of the time or of today."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.cells import whole
from antepost.ingestion.identity import ANYONE
from antepost.ingestion.sheet import read_parquet
from antepost.ingestion.source import Parsed, Part, Source, joined
from antepost.sports.nfl import NFL

RELEASES = "https://github.com/nflverse/nflverse-data/releases/download"
MIRRORED = "nfl/nflverse/nflverse-data"
TERMS = "CC-BY-4.0, nflverse (https://nflverse.nflverse.com)"
CADENCE = "after every game day in season"
NIGHTLY = "every night in season"

ENDED = "scheduled start + 3 h 15 min + 30 min (assumed)"

FAULTS: Mapping[str, pl.Expr] = {
    "no season or week in whole numbers": pl.any_horizontal(pl.col("season", "week").is_null()),
    "no team": pl.col("team").is_null(),
    "a team plays itself": pl.col("team") == pl.col("opponent"),
}
"""What is wrong with a row that ``typed`` gave."""


def released(
    release: str, file: str, season: int | None = None, *, name: str | None = None, kind: str = "parquet"
) -> Part:
    """Return the file called ``file`` of one of nflverse's releases, by its own ``name`` where it has another here."""
    path = f"{release}/{file}.{kind}"
    return Part(name=name or file, path=f"{MIRRORED}/{path}", url=f"{RELEASES}/{path}", season=season)


def weekly(
    name: str, parts: Callable[[int], tuple[Part, ...]], parse: Callable[[bytes, Part], Parsed],
    known_at: Mapping[str, str], parser: str, cadence: str = CADENCE,
) -> Source:  # fmt: skip
    """Return a source of such files: joined by our own codes, and never the one that decides."""
    return Source(
        name=name,
        sport=NFL.name,
        tier="C",
        primary=False,
        parts=parts,
        terms=TERMS,
        cadence=cadence,
        parser=parser,
        parse=parse,
        known_at=known_at,
        named=False,
    )


def read(data: bytes, texts: Iterable[str], numbers: Iterable[str], name: str) -> pl.DataFrame:
    """Return columns of a parquet file; text is stripped, and blanks are null.

    Raises:
        DataError: the file is cut off, or lacks a column.
    """
    kinds = {**dict.fromkeys(texts, pl.String()), **dict.fromkeys(numbers, pl.Float64())}
    text = pl.col(pl.String).str.strip_chars()
    return read_parquet(data, kinds, name).with_columns(pl.when(text != "").then(text).name.keep())


def typed(rows: pl.DataFrame, team: str, opponent: str | None = None) -> pl.DataFrame:
    """Return ``rows`` with season, week, and ``team`` and ``opponent`` as today's ids."""
    other = pl.col(opponent) if opponent else pl.lit(None, pl.String)
    return rows.with_columns(
        whole("season").cast(pl.Int32).alias("season"),
        whole("week").cast(pl.Int32).alias("week"),
        pl.col(team).replace(dict(NFL.relocated)).alias("team"),
        other.replace(dict(NFL.relocated)).alias("opponent"),
    )


def placed(rows: pl.DataFrame) -> pl.DataFrame:
    """Return ``rows`` with their game: the files tell the week, not the day, nor which side is at home.

    Where the opponent is told, the first of the two by the alphabet is called the home side, until the row is joined.
    """
    home = pl.min_horizontal("team", "opponent")
    away = pl.when(pl.col("opponent").is_null()).then(pl.lit(ANYONE)).otherwise(pl.max_horizontal("team", "opponent"))
    return rows.with_columns(home.alias("home"), away.alias("away")).with_columns(
        pl.lit(NFL.name).alias("league"),
        pl.concat_str("season", "week", "home", "away", separator="-").alias("fixture"),
        pl.when(pl.col("team") == pl.col("home")).then(pl.lit("home")).otherwise(pl.lit("away")).alias("side"),
        *stamps.undated(),
    )


def fixtures(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the games of ``placed`` rows, by which they are joined to ours."""
    games = rows.unique("fixture", keep="first", maintain_order=True)
    columns = ("league", "season", "week", "fixture", "start", "event_at", "event_precision", "home", "away")
    return joined(games.select(columns), NFL.name)
