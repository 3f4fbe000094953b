"""Drafts of Dota matches between players whom nobody tells, with the winner: which heroes met which, and who won.

Three files of one content: public ranked matches of April 2025 (patch 7.38, out of OpenDota's explorer), OpenDota's
list of newest public matches, and a set of 2016. Only the list tells when its matches began. The first file's ids tell
the order, so that the start is reckoned between dated matches; the set of 2016 tells nothing, not even which of its two
teams is Radiant (the first is taken for it), and its matches are called by the number of their line. Of both nothing
counts as known before the file was put together.

Source: https://docs.opendota.com, https://archive.ics.uci.edu/dataset/367/dota2+games+results
"""

from __future__ import annotations

import io
import tarfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import polars as pl
import pydantic

from antepost.errors import DataError
from antepost.ingestion import stamps
from antepost.ingestion.answers import read_answer
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.ingestion.sources.opendota_xp15 import started
from antepost.sports.dota2 import DOTA2

_FOLDER = "dota2/draft"
_PICKED = timedelta(seconds=90)
# When the archive was packed, by its own stamp, and when the UCI took the set in.
_PACKED = datetime(2025, 5, 7, 13, 8, tzinfo=UTC)
_DONATED = datetime(2016, 8, 14, 12, tzinfo=UTC)
_HEROES_OF_2016 = 113
_SIDES = ("radiant", "dire")
_PLACES = range(1, 6)
_SCHEMA: Mapping[str, pl.DataType] = {
    "game": pl.String(), "match_id": pl.String(), "begun": pl.Int64(), "seconds": pl.Int64(),
    "radiant_won": pl.Boolean(),
    **dict.fromkeys((f"{side}_{place}" for side in _SIDES for place in _PLACES), pl.Int64()),
}  # fmt: skip


class _Match(pydantic.BaseModel):
    match_id: int
    radiant_win: bool
    radiant_team: list[int] | str
    dire_team: list[int] | str
    start_time: int | None = None
    duration: int | None = None

    def row(self) -> tuple[object, ...]:
        """Return the match as a row of ``_SCHEMA``."""
        number = str(self.match_id)
        heroes = [hero for team in (self.radiant_team, self.dire_team) for hero in _five(_heroes(team))]
        return (f"{DOTA2.name}-{number}", number, self.start_time, self.duration, self.radiant_win, *heroes)


class _Explored(pydantic.BaseModel):
    rows: list[_Match]


_LIST = pydantic.TypeAdapter(list[_Match])
_EXPLORED = pydantic.TypeAdapter(_Explored)


def parse(data: bytes, part: Part) -> Parsed:
    """Return the drafts of one file: the heroes of both sides, and in rows of their own who won.

    Raises:
        DataError: the file is cut off, or laid out otherwise.
    """
    name = f"the drafts {part.name}"
    if part.name == "public_2025":
        matches = [match.row() for match in read_answer(_packed(data, name), _EXPLORED, name).rows]
    elif part.name == "newest":
        matches = [match.row() for match in read_answer(data, _LIST, name)]
    else:
        matches = _flagged(data, name)
    if not matches:
        raise DataError(f"{name} hold no match; fetch them again", rows=0)
    try:
        columns = dict(zip(_SCHEMA, zip(*matches, strict=True), strict=True))
        read = pl.DataFrame(columns, schema=dict(_SCHEMA))
    except (TypeError, OverflowError, pl.exceptions.PolarsError) as error:
        raise DataError(f"{name} have another layout ({error}); see the source's page") from error
    heroes = [f"{side}_{place}" for side in _SIDES for place in _PLACES]
    faults = {
        "not five heroes a side": pl.any_horizontal(pl.col(heroes).is_null() | (pl.col(heroes) <= 0)),
        "a hero twice": pl.concat_list(heroes).list.n_unique() < len(heroes),
        "the same match again": ~pl.col("game").is_first_distinct(),
    }
    sane, faulty = split(read, faults)
    return Parsed(tables={"drafts": _drafts(sane, part.name)}, refused=refuse(faulty), games=read.height)


def _drafts(matches: pl.DataFrame, name: str) -> pl.DataFrame:
    told = pl.from_epoch("begun", time_unit="s").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
    seen = _DONATED if name == "uci_2016" else _PACKED
    dated = matches.with_columns(
        pl.lit("public").alias("league"),
        pl.coalesce(told, started(), pl.lit(seen).dt.cast_time_unit("us")).alias("event_at"),
        pl.when(told.is_not_null()).then(pl.lit("second")).otherwise(pl.lit("none")).alias("event_precision"),
        told.alias("told"),
    ).with_columns(pl.col("event_at").dt.year().cast(pl.Int32).alias("season"))
    late = pl.lit(seen).dt.cast_time_unit("us")
    ended = pl.col("told") + pl.duration(seconds="seconds") + stamps.AFTER_RESULT
    moments = {False: pl.coalesce(pl.col("told") - _PICKED, late), True: pl.coalesce(ended, late)}
    rows: list[pl.DataFrame] = []
    for own, won in zip(_SIDES, (pl.col("radiant_won"), ~pl.col("radiant_won")), strict=True):
        heroes = [pl.col(f"{own}_{place}").cast(pl.String).alias(f"hero_{place}") for place in _PLACES]
        side = dated.with_columns(pl.lit(own).alias("role"))
        for over, known in moments.items():
            figures = [won.alias("won")] if over else heroes
            rows.append(side.with_columns(pl.lit(over).alias("over"), known.alias("known"), *figures))
    return claim(pl.concat(rows, how="diagonal"), "drafts", DOTA2.name, pl.col("known"), "bounded")


def _heroes(team: list[int] | str) -> list[int]:
    """Return the heroes of a side, which the list of newest matches joins by commas."""
    if isinstance(team, list):
        return team
    return [int(hero) for hero in team.split(",") if hero.strip().isdecimal()]


def _five(heroes: Sequence[int]) -> Sequence[int | None]:
    """Return five heroes in ascending order, or five blanks where there are not five."""
    return sorted(heroes) if len(heroes) == len(_PLACES) else [None] * len(_PLACES)


def _packed(data: bytes, name: str) -> bytes:
    """Return the one file in an archive, beside which a Mac may have left notes of its own."""
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            files = [
                member for member in archive if member.isfile() and not member.name.rpartition("/")[2].startswith("._")
            ]
            held = archive.extractfile(files[0]) if len(files) == 1 else None
            return held.read() if held else b""
    except (tarfile.TarError, OSError, EOFError, ValueError) as error:
        raise DataError(f"{name} are cut off or no archive ({error}); fetch them again") from error


def _flagged(data: bytes, name: str) -> list[tuple[object, ...]]:
    """Return the matches of the set of 2016: a flag for each hero, 1 for one side and -1 for the other."""
    lines = data.split(b"\n")
    if lines.pop():
        raise DataError(f"{name} are cut off in their last line; fetch them again", rows=len(lines))
    matches: list[tuple[object, ...]] = []
    for number, line in enumerate(lines, start=1):
        try:
            won, _, _, _, *flags = (int(field) for field in line.split(b","))
        except ValueError as error:
            raise DataError(f"line {number} of {name} is no row of whole numbers ({error})", row=number) from error
        if len(flags) != _HEROES_OF_2016 or won not in {1, -1}:
            raise DataError(f"line {number} of {name} has {len(flags)} heroes, or no winner", row=number)
        matches.append((f"uci-2016-{number}", None, None, None, won == 1, *_of(flags, 1), *_of(flags, -1)))
    return matches


def _of(flags: Sequence[int], team: int) -> Sequence[int | None]:
    return _five([hero for hero, flag in enumerate(flags, start=1) if flag == team])


_NEWEST = "https://api.opendota.com/api/publicMatches"
_RULE = "90 s before the start; where no start is told, the day on which the file was put together (bounded)"
_ENDED = "half an hour after start and duration; where neither is told, the day of the file (bounded)"

DOTA_DRAFTS = Source(
    name="dota_drafts",
    sport=DOTA2.name,
    tier="C",
    primary=False,
    parts=lambda _: (
        Part(name="public_2025", path=f"{_FOLDER}/smartdota_public_matches_7.38_rank60plus.tgz"),
        Part(name="newest", path="dota2/api_samples/odota_web/publicMatches_mmr_descending=1.json", url=_NEWEST),
        Part(name="uci_2016", path=f"{_FOLDER}/uci_dota2Test.csv"),
    ),
    terms="LeDron12/SmartDota (no licence stated), OpenDota's API within its limits, the UCI repository's terms",
    cadence="within minutes for the list; the others are finished",
    parser="dota-drafts-1",
    parse=parse,
    known_at={
        **dict.fromkeys(("match_id", "radiant_team", "dire_team", "start_time"), _RULE),
        **dict.fromkeys(("radiant_win", "duration"), _ENDED),
    },
    named=False,
)
