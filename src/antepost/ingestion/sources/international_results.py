"""Matches of men's national teams since 1872: a league of its own, beside those of clubs.

Nations go by the names of today, as in the files; what they were called before is told beside. The published score is
the one after extra time. Where the list of goalscorers is whole (about a third of the matches), the minutes tell the
halves and whether a goal fell in extra time: then the score is that of ninety minutes, as bets are settled. Stoppage
time is written as minute 45 or 90; a goal a little later without need of extra time is taken for one of stoppage time.
A shoot-out is an ending and changes neither score nor outcome (where two legs are summed, one side may have won the
second). Whether a match without goalscorers had extra time is not known, and no ending is claimed.

Source: https://github.com/martj42/international_results
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.bundle import unbundle
from antepost.ingestion.cells import day_of, outcome_of, whole
from antepost.ingestion.identity import slug
from antepost.ingestion.quality import split
from antepost.ingestion.sheet import read_sheet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports.soccer import SOCCER

LEAGUE = "INT"
_FOLDER = "soccer/international_results"
_UPSTREAM = "https://raw.githubusercontent.com/martj42/international_results/HEAD"

_LISTED = "start - 24 h (assumed: no year has a list of fixtures, and who meets in a final shows late)"
RESULTS_KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "home_team", "away_team", "tournament", "city", "country", "neutral"), _LISTED),
    **dict.fromkeys(("home_score", "away_score"), stamps.NO_CLOCK),
}
SHOOTOUTS_KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "home_team", "away_team"), _LISTED),
    "winner": stamps.NO_CLOCK,
}
SCORERS_KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("date", "home_team", "away_team"), _LISTED),
    **dict.fromkeys(("team", "minute"), stamps.NO_CLOCK),
}
NAMES_KNOWN_AT: Mapping[str, str] = dict.fromkeys(
    ("current", "former", "start_date", "end_date"), "the day on which the name was taken up (assumed)"
)
_FILES = ("results", "shootouts", "goalscorers", "former_names")
_MATCH = ("date", "home_team", "away_team")
_SCORES = ("home_score", "away_score")
# Twice fifteen minutes follow the ninety. Stoppage time has been written as minute 97 at most.
_HALF, _REGULATION, _STOPPAGE = 45, 90, 100


def parse(data: bytes, part: Part) -> Parsed:
    """Return the tables of four files.

    Raises:
        DataError: a file is cut off or a column is missing.
    """
    results, shootouts, scorers, names = unbundle(data, len(_FILES), f"the international {part.name}")
    matches, faulty = _matches(results)
    shot, strange = _shootouts(shootouts)
    scored = _scored(matches, scorers)
    tables = {
        "fixtures": claim(matches, "fixtures", SOCCER.name, pl.col("start") - stamps.DAY),
        "results": _results(matches, scored, shot),
        "periods": _periods(matches, scored),
        "team_stats": _team_stats(shot),
        "names": _names(names),
    }
    return Parsed(tables=tables, refused=pl.concat([faulty, strange]), games=matches.height + faulty.height)


def _matches(data: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    sheet = read_sheet(data, tuple(RESULTS_KNOWN_AT), "the international results").select(tuple(RESULTS_KNOWN_AT))
    typed = sheet.with_columns(
        _day(),
        *(whole(name).alias(f"{name}#") for name in _SCORES),
    )
    unread = pl.any_horizontal(pl.col(name).is_not_null() & pl.col(f"{name}#").is_null() for name in _SCORES)
    sane, faulty = split(typed, {**_FAULTS, "a score that is no whole number": unread})
    games = _dated(sane).with_columns(
        *(pl.col(f"{name}#").alias(name) for name in _SCORES),
        (pl.col("neutral") == "TRUE").alias("neutral"),
        pl.col("tournament").alias("stage"),
        pl.concat_str("city", "country", separator=", ", ignore_nulls=True).alias("venue_name"),
        pl.int_range(pl.len()).over(_MATCH).alias("sequence"),
    )
    # Two matches of the same sides on one day have been, once.
    second = pl.when(pl.col("sequence") > 0).then(pl.format("-{}", pl.col("sequence") + 1)).otherwise(pl.lit(""))
    numbered = games.with_columns(pl.concat_str("fixture", second).alias("fixture"))
    return numbered, refuse(faulty.select(*sheet.columns, "reason"))


def _scored(matches: pl.DataFrame, data: bytes) -> pl.DataFrame:
    """Return the goals of both sides by period, of the matches whose goalscorers are all told.

    Columns: fixture, extra (whether there was extra time), home_1, home_2, home_3, away_1, away_2, away_3.
    """
    sheet = read_sheet(data, tuple(SCORERS_KNOWN_AT), "the goalscorers").select(tuple(SCORERS_KNOWN_AT))
    minute = pl.col("minute").cast(pl.Float64, strict=False)
    bounds = {1: minute <= _HALF, 2: (minute > _HALF) & (minute <= _REGULATION), 3: minute > _REGULATION}
    sides = {"home": pl.col("team") == pl.col("home_team"), "away": pl.col("team") == pl.col("away_team")}
    goals = sheet.group_by(_MATCH).agg(
        *((within & of).sum().cast(pl.Int64).alias(f"{side}_{period}")
          for side, of in sides.items() for period, within in bounds.items()),
        minute.max().alias("latest"),
    )  # fmt: skip
    once = matches.filter(pl.len().over(_MATCH) == 1).join(goals, on=_MATCH)
    told = once.filter(
        pl.all_horizontal(pl.sum_horizontal(f"{side}_{n}" for n in bounds) == pl.col(f"{side}_score") for side in sides)
    )
    level = pl.col("home_1") + pl.col("home_2") == pl.col("away_1") + pl.col("away_2")
    extra = (pl.col("latest") > _REGULATION) & (level | (pl.col("latest") > _STOPPAGE))
    stoppage = [
        pl.when("extra").then(f"{side}_2").otherwise(pl.col(f"{side}_2") + pl.col(f"{side}_3")).alias(f"{side}_2")
        for side in sides
    ]
    return told.with_columns(extra.alias("extra")).with_columns(stoppage).select(
        "fixture", "extra", *(f"{side}_{period}" for side in sides for period in bounds)
    )  # fmt: skip


def _results(matches: pl.DataFrame, scored: pl.DataFrame, shot: pl.DataFrame) -> pl.DataFrame:
    """Return the scores of ninety minutes, as far as they are told, and how the matches ended."""
    decided = shot.select("fixture", pl.lit(value=True).alias("shot"))
    played = matches.drop_nulls(_SCORES).join(scored, on="fixture", how="left", maintain_order="left")
    ended = played.join(decided, on="fixture", how="left", maintain_order="left")
    regulation = [
        pl.when("extra")
        .then(pl.col(f"{side}_1") + pl.col(f"{side}_2"))
        .otherwise(f"{side}_score")
        .alias(f"{side}_score")
        for side in ("home", "away")
    ]
    ending = (
        pl.when("shot").then(pl.lit("shootout")).when("extra").then(pl.lit("overtime"))
        .when(~pl.col("extra")).then(pl.lit("regulation"))
    )  # fmt: skip
    # A shoot-out may follow ninety minutes at once: only a goal shows that there was extra time.
    extra = pl.when(pl.col("shot").is_null() | pl.col("extra")).then("extra")
    rows = ended.with_columns(ending.alias("ending"), extra.alias("overtime"), *regulation).with_columns(outcome_of())
    return claim(rows, "results", SOCCER.name, stamps.result_known(SOCCER.duration))


def _periods(matches: pl.DataFrame, scored: pl.DataFrame) -> pl.DataFrame:
    """Return the goals of both halves, and of extra time as a third period where there was any."""
    both = matches.join(scored, on="fixture", maintain_order="left")
    told = [
        both.filter(pl.col("extra") | (period < 3)).with_columns(
            pl.lit(side).alias("side"),
            pl.lit(period, pl.Int32).alias("period"),
            pl.col(f"{side}_{period}").alias("score"),
        )
        for side in ("home", "away")
        for period in (1, 2, 3)
    ]
    return claim(pl.concat(told), "periods", SOCCER.name, stamps.result_known(SOCCER.duration))


def _shootouts(data: bytes) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the matches with a shoot-out, whose winner the file of results does not tell."""
    # Upstream leaves the newline of the last line out; a line that is cut off lacks fields, or its winner is no side.
    whole = data if data.endswith(b"\n") else data + b"\n"
    sheet = read_sheet(whole, tuple(SHOOTOUTS_KNOWN_AT), "the shoot-outs").select(tuple(SHOOTOUTS_KNOWN_AT))
    stranger = (pl.col("winner") != pl.col("home_team")) & (pl.col("winner") != pl.col("away_team"))
    sane, faulty = split(
        sheet.with_columns(_day()),
        {**_FAULTS, "a winner that is neither side": stranger | pl.col("winner").is_null()},
    )
    return _dated(sane), refuse(faulty.select(*sheet.columns, "reason"))


def _team_stats(shot: pl.DataFrame) -> pl.DataFrame:
    told = [
        shot.with_columns(
            pl.lit(side).alias("side"),
            pl.col(side).alias("team"),
            (pl.col("winner") == pl.col(side)).cast(pl.Int64).alias("shootouts_won"),
        )
        for side in ("home", "away")
    ]
    return claim(pl.concat(told), "team_stats", SOCCER.name, stamps.result_known(SOCCER.duration))


def _names(data: bytes) -> pl.DataFrame:
    """Return what nations were called before, each name from its first day on, and today's from the last one's end."""
    sheet = read_sheet(data, tuple(NAMES_KNOWN_AT), "the former names").select(tuple(NAMES_KNOWN_AT))
    first, last = (pl.col(name).str.to_date("%Y-%m-%d", strict=False) for name in ("start_date", "end_date"))
    before = sheet.select(pl.col("current").alias("entity"), pl.col("former").alias("name"), first.alias("day"))
    since = sheet.group_by("current", maintain_order=True).agg((last + timedelta(days=1)).max().alias("day"))
    now = since.select(pl.col("current").alias("entity"), pl.col("current").alias("name"), "day")
    rows = pl.concat([before, now]).drop_nulls().with_columns(
        pl.lit(LEAGUE).alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        stamps.start_of(pl.col("day"), pl.lit(None, pl.Time), "UTC").alias("event_at"),
        pl.lit("day").alias("event_precision"),
    )  # fmt: skip
    return claim(rows, "names", SOCCER.name, pl.col("event_at"))


_FAULTS = {
    "date is no date": pl.col("day").is_null(),
    "a side is missing": pl.any_horizontal(pl.col("home_team", "away_team").is_null()),
}


def _day() -> pl.Expr:
    return day_of("date").alias("day")


def _dated(rows: pl.DataFrame) -> pl.DataFrame:
    sides = [pl.col(name).map_elements(slug, return_dtype=pl.String) for name in ("home_team", "away_team")]
    return rows.with_columns(
        pl.lit(LEAGUE).alias("league"),
        pl.col("day").dt.year().alias("season"),
        pl.concat_str(pl.lit(f"soccer-{LEAGUE}"), "date", *sides, separator="-").alias("fixture"),
        *stamps.on_day(pl.col("day")),
        pl.col("home_team").alias("home"),
        pl.col("away_team").alias("away"),
    )


def _parts(_: int) -> tuple[Part, ...]:
    first, *others = (Part(name=name, path=f"{_FOLDER}/{name}.csv", url=f"{_UPSTREAM}/{name}.csv") for name in _FILES)
    return (Part(name=first.name, path=first.path, url=first.url, beside=tuple(others)),)


INTERNATIONAL_RESULTS = Source(
    name="international_results",
    sport=SOCCER.name,
    tier="C",
    primary=True,
    parts=_parts,
    terms="CC0, Mart Jürisoo",
    cadence="after every international week",
    parser="international-results-2",
    parse=parse,
    known_at={**NAMES_KNOWN_AT, **SCORERS_KNOWN_AT, **SHOOTOUTS_KNOWN_AT, **RESULTS_KNOWN_AT},
)
