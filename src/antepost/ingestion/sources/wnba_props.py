"""WNBA player props of 2026: five books' quotes at three moments before each game, and what the players then did.

The quotes bring the fixtures of their season too: Neil Paine's file ends in 2023, and of the 79 games quoted only 51
stand in any other file at hand. The outcomes name their game by the same number.

Source: https://github.com/Risky-Scout/wnba-player-props-pmf-model, from https://the-odds-api.com
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.quality import split, split_american, split_duplicates
from antepost.ingestion.sheet import read_parquet, refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, single
from antepost.lake.schemas import COUNT, NUMBER, TEXT
from antepost.sports.wnba import WNBA

SEASON = 2026

_LISTED = "first start of the season - 30 d (assumed)"
_QUOTED = "snapshot_time (recorded)"
_ENDED = "start + 2 h 10 min + 30 min (assumed)"
_FOLDER = "props/Risky-Scout/wnba-player-props-pmf-model/artifacts"
_TERMS = "a repository without a licence file, quotes under The Odds API's terms: for research and tests"

KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(("game_id", "commence_time", "home_team", "away_team"), _LISTED),
    **dict.fromkeys(
        ("book", "market_key", "player_id", "player_name", "side", "line", "american_odds", "snapshot_time"), _QUOTED
    ),
}
OUTCOME_KNOWN_AT: Mapping[str, str] = dict.fromkeys(("game_id", "player_id", "stat", "actual_outcome"), _ENDED)
_STATS = {
    "pts": "points", "reb": "rebounds", "ast": "assists", "fg3m": "threes_made", "stl": "steals", "blk": "blocks",
    "turnover": "turnovers",
}  # fmt: skip


def parse(data: bytes, _: Part) -> Parsed:
    """Return the games that were quoted, the players, and the quotes.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    columns = {**dict.fromkeys(KNOWN_AT, TEXT), "line": NUMBER, "american_odds": COUNT}
    sheet = read_parquet(data, columns, "the WNBA props")
    moments = {"commence_time": "start", "snapshot_time": "quoted_at"}
    typed = sheet.with_columns(
        *(
            pl.col(column).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", strict=False, time_unit="us").dt.replace_time_zone(
                "UTC"
            ).alias(name)
            for column, name in moments.items()
        ),
        pl.col("american_odds").cast(pl.Float64).alias("american"),
    )  # fmt: skip
    faults = {
        "commence_time or snapshot_time cannot be read": pl.any_horizontal(pl.col("start", "quoted_at").is_null()),
        "no game_id or player_id": pl.any_horizontal(pl.col("game_id", "player_id").is_null()),
        "a side is missing": pl.any_horizontal(pl.col("home_team", "away_team").is_null()),
        "a season that is not 2026": pl.col("start").dt.year() != SEASON,
        "a market that this release does not know": ~pl.col("market_key").is_in(WNBA.markets),
        "neither over nor under": ~pl.col("side").is_in(["over", "under"]),
        "a quote after the start": pl.col("quoted_at") >= pl.col("start"),
        "no price": pl.col("american").is_null(),
        "the same row again": ~pl.struct(*KNOWN_AT).is_first_distinct(),
    }
    sane, faulty = split(typed, faults)
    rows = sane.with_columns(
        pl.lit("wnba").alias("league"),
        pl.lit(SEASON, pl.Int32).alias("season"),
        pl.concat_str(pl.lit("wnba"), "game_id", separator="-").alias("fixture"),
        *stamps.at_moment(pl.col("start")),
    )
    prices, impossible = _prices(rows)
    tables = {"fixtures": _fixtures(rows), "entities": _players(rows), "prices": prices}
    refused = [refuse(part.select(*sheet.columns, "reason")) for part in (faulty, impossible)]
    return Parsed(tables=tables, refused=pl.concat(refused), games=sheet.height)


def _fixtures(rows: pl.DataFrame) -> pl.DataFrame:
    # A start that moved between two snapshots is where the last one has it.
    games = rows.sort("quoted_at", maintain_order=True).unique("fixture", keep="last", maintain_order=True)
    named = games.sort("fixture").rename({"home_team": "home", "away_team": "away"})
    return claim(named.with_columns(pl.lit(0).alias("sequence")), "fixtures", WNBA.name, stamps.listed())


def _players(rows: pl.DataFrame) -> pl.DataFrame:
    first = rows.sort("quoted_at", maintain_order=True).unique("player_id", keep="first", maintain_order=True)
    named = first.sort("player_id").select(
        "league", "season", "event_at", "event_precision", "quoted_at", pl.col("player_id").alias("entity"),
        pl.lit("player").alias("kind"), pl.col("player_name").alias("name"),
    )  # fmt: skip
    return claim(named, "entities", WNBA.name, pl.col("quoted_at"), "recorded")


def _prices(rows: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    priced, impossible = split_american(rows)
    # One book offers several lines of a player at a time, without saying which is its main one: each is a market.
    several = pl.col("line").n_unique().over("fixture", "book", "market_key", "player_id", "quoted_at") > 1
    laddered = pl.format("{}@{}", "market_key", "line")
    told = priced.with_columns(
        pl.when(several).then(laddered).otherwise("market_key").alias("market"),
        pl.col("player_id").alias("player"),
        pl.col("side").alias("outcome"),
        pl.lit("quote").alias("label"),
    )
    return claim(told, "prices", WNBA.name, pl.col("quoted_at"), "recorded"), impossible


def parse_outcomes(data: bytes, _: Part) -> Parsed:
    """Return what each player did in a game, known by our fixture's id.

    Raises:
        DataError: the file is cut off or a column is missing.
    """
    columns = {**dict.fromkeys(OUTCOME_KNOWN_AT, TEXT), "actual_outcome": COUNT}
    sheet = read_parquet(data, columns, "the outcomes of the WNBA props")
    faults = {
        "no game_id or player_id": pl.any_horizontal(pl.col("game_id", "player_id").is_null()),
        "a statistic that this release does not know": ~pl.col("stat").is_in(list(_STATS)),
        "no outcome": pl.col("actual_outcome").is_null(),
    }
    sane, faulty = split(sheet, faults)
    once, twice = split_duplicates(sane, ("game_id", "player_id", "stat"))
    known = [
        pl.col("actual_outcome").filter(pl.col("stat") == stat).first().alias(ours) for stat, ours in _STATS.items()
    ]
    rows = once.group_by("game_id", "player_id", maintain_order=True).agg(known).with_columns(
        pl.lit("wnba").alias("league"),
        pl.lit(SEASON, pl.Int32).alias("season"),
        pl.concat_str(pl.lit("wnba"), "game_id", separator="-").alias("fixture"),
        *stamps.undated(),
        pl.col("player_id").alias("player"),
    )  # fmt: skip
    stats = claim(rows, "player_stats", WNBA.name, stamps.result_known(WNBA.duration))
    refused = pl.concat([refuse(faulty), refuse(twice)])
    return Parsed(tables={"player_stats": stats}, refused=refused, games=sheet.height)


WNBA_PROPS = Source(
    name="wnba_props",
    sport=WNBA.name,
    tier="C",
    primary=True,
    parts=single("quotes", f"{_FOLDER}/p1/p1_quotes.parquet"),
    terms=_TERMS,
    cadence="never: an archive, to be had from a mirror",
    parser="wnba-props-1",
    parse=parse,
    known_at=KNOWN_AT,
)
WNBA_PROPS_OUTCOMES = Source(
    name="wnba_props_outcomes",
    sport=WNBA.name,
    tier="C",
    primary=False,
    parts=single("outcomes", f"{_FOLDER}/p3/outcomes.parquet"),
    terms=_TERMS,
    cadence="never: an archive, to be had from a mirror",
    parser="wnba-props-outcomes-1",
    parse=parse_outcomes,
    known_at=OUTCOME_KNOWN_AT,
    own_ids=True,
)
