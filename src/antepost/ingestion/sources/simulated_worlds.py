"""Invented sports but the NFL as feeds: one payload of several CSV files in a layout of our own.

Every moment stands in the files, because whoever invents a world knows when each thing is told.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from antepost.errors import DataError
from antepost.ingestion.bundle import bundle, unbundle
from antepost.ingestion.identity import slug
from antepost.ingestion.markets import called
from antepost.ingestion.quality import unsigned_zero
from antepost.ingestion.sheet import read_sheet
from antepost.ingestion.source import Parsed, Part, Source, claim, nothing_refused, single
from antepost.lake.schemas import COUNT, FLAG, MOMENT, NUMBER, TEXT, WHOLE, Schema
from antepost.simulation import SEED, WORLDS, files, tables_of
from antepost.sports import Sport, get_sport

_LISTED = "listed_at (recorded)"
_ENDED = "ended_at (recorded)"
_QUOTED = "quoted_at (recorded)"
_REPORTED = "reported_at (recorded)"
_SEEN = "seen_at (recorded)"

LAYOUT: Mapping[str, Schema] = {
    "games": {
        **dict.fromkeys(("fixture", "league", "stage", "home", "away", "venue", "outcome"), TEXT),
        **dict.fromkeys(("season", "week"), WHOLE),
        **dict.fromkeys(("neutral", "overtime"), FLAG),
        **dict.fromkeys(("start", "listed_at", "ended_at"), MOMENT),
        **dict.fromkeys(("home_score", "away_score"), COUNT),
    },
    "prices": {
        **dict.fromkeys(("fixture", "book", "label"), TEXT),
        "quoted_at": MOMENT,
        **dict.fromkeys(
            ("home", "draw", "away", "spread", "spread_home", "spread_away", "total", "over", "under"), NUMBER
        ),
    },
    "injuries": {
        **dict.fromkeys(("fixture", "team", "player", "name", "status"), TEXT),
        "reported_at": MOMENT,
    },
    "periods": {"fixture": TEXT, "side": TEXT},
    "stats": {"fixture": TEXT, "side": TEXT},
    "weather": {"fixture": TEXT, "kind": TEXT, "temp": NUMBER, "wind": NUMBER, "known_at": MOMENT},
    "props": {
        **dict.fromkeys(("fixture", "player", "market", "book", "label"), TEXT),
        "quoted_at": MOMENT,
        **dict.fromkeys(("line", "over", "under"), NUMBER),
    },
    "players": {**dict.fromkeys(("fixture", "side", "player", "name"), TEXT), "points": COUNT},
    "minutes": {
        "fixture": TEXT,
        "minute": WHOLE,
        **{f"{side}_{what}": COUNT for side in ("home", "away") for what in ("gold", "experience", "kills")},
        "seen_at": MOMENT,
    },
    "rounds": {
        "fixture": TEXT,
        "round": WHOLE,
        "home_role": TEXT,
        **{f"{side}_{what}": COUNT for side in ("home", "away") for what in ("score", "money", "alive")},
        **dict.fromkeys(("winner", "reason"), TEXT),
        **dict.fromkeys(("begun_at", "seen_at"), MOMENT),
    },
}
"""The files by name with their columns; ``periods`` and ``stats`` have further ones, whole numbers all."""

_RULES: Mapping[str, str] = {
    "prices": _QUOTED, "injuries": _REPORTED, "periods": _ENDED, "stats": _ENDED, "weather": "known_at (recorded)",
    "props": _QUOTED, "players": _ENDED, "minutes": _SEEN, "rounds": "begun_at; who won: seen_at (recorded)",
}  # fmt: skip
_AFTER = ("home_score", "away_score", "outcome", "overtime", "ended_at")
_STAMPS = ("league", "season", "fixture", "event_at", "event_precision")

type Sheets = Mapping[str, pl.DataFrame]
type Tables = dict[str, pl.DataFrame]


def parser(sport: Sport) -> Callable[[bytes, Part], Parsed]:
    """Return the parser of the invented ``sport``."""

    def parse(data: bytes, part: Part) -> Parsed:
        where = f"the simulated {sport.name}'s {part.name}"
        names = tables_of(sport.name)
        try:
            sheets = {
                name: _typed(file, name, where)
                for name, file in zip(names, unbundle(data, len(names), where), strict=True)
            }
            tables = _tables(sheets, sport)
        except pl.exceptions.PolarsError as error:
            raise DataError(f"{where} is damaged ({error}); generate it again") from error
        return Parsed(tables=tables, refused=nothing_refused(), games=sheets["games"].height)

    return parse


def _typed(file: bytes, name: str, where: str) -> pl.DataFrame:
    layout = LAYOUT[name]
    sheet = read_sheet(file, tuple(layout), f"{where}, file {name},")
    kinds = {column: layout.get(column, COUNT) for column in sheet.columns}
    return sheet.select(_read(column, kind) for column, kind in kinds.items())


def _read(column: str, kind: pl.DataType) -> pl.Expr:
    if kind == MOMENT:
        moment = pl.col(column).str.to_datetime("%Y-%m-%dT%H:%M:%SZ", time_unit="us")
        return moment.dt.replace_time_zone("UTC")
    if kind == FLAG:
        return pl.col(column) == "true"
    return pl.col(column).cast(kind)


def _tables(sheets: Sheets, sport: Sport) -> Tables:
    games = sheets["games"].with_columns(pl.col("start").alias("event_at"), pl.lit("second").alias("event_precision"))
    ending = pl.when("overtime").then(pl.lit("overtime")).otherwise(pl.lit("regulation")).alias("ending")
    named = games.with_columns(ending, pl.col("venue").alias("venue_name"), pl.lit(0).alias("sequence"))
    tables: Tables = {
        "fixtures": claim(named, "fixtures", sport.name, pl.col("listed_at"), "recorded"),
        "results": claim(named, "results", sport.name, pl.col("ended_at"), "recorded"),
    }
    stamped = games.select(*_STAMPS, "ended_at", "home", "away")
    beside = {
        name: sheet.join(stamped, on="fixture", maintain_order="left", suffix="_side")
        for name, sheet in sheets.items()
        if name != "games"
    }
    readers: Mapping[str, Callable[[Sheets, Sport], Tables]] = {
        "prices": _prices,
        "injuries": _injuries,
        "periods": _periods,
        "stats": _stats,
        "weather": _weather,
        "players": _players,
        "minutes": _minutes,
        "rounds": _rounds,
    }
    for name, reader in readers.items():
        if name in beside:
            tables |= reader(beside, sport)
    return tables


def _prices(sheets: Sheets, sport: Sport) -> Tables:
    rows = sheets["prices"]
    nothing = pl.lit(None, NUMBER)
    spread = pl.col("spread")
    offers = [
        *((sport.winner, side, nothing, side) for side in ("home", "draw", "away")),
        ("spread", "home", spread, "spread_home"),
        ("spread", "away", 0.0 - spread, "spread_away"),
        *(("total", side, pl.col("total"), side) for side in ("over", "under")),
    ]
    quoted = [
        rows.select(
            *_STAMPS, "book", "label", pl.col("quoted_at").alias("told_at"), pl.lit(market).alias("market"),
            pl.lit(outcome).alias("outcome"), unsigned_zero(line).alias("line"), pl.col(odds).alias("odds"),
        ).drop_nulls("odds")
        for market, outcome, line, odds in offers
    ]  # fmt: skip
    told = pl.concat(quoted).with_columns(called(sport).alias("market"))
    prices = [claim(told, "prices", sport.name, pl.col("told_at"), "recorded")]
    if "props" in sheets:
        sides = [
            sheets["props"].select(
                *_STAMPS, "book", "label", "market", "player", "line", pl.col("quoted_at").alias("told_at"),
                pl.lit(side).alias("outcome"), pl.col(side).alias("odds"),
            ).drop_nulls("odds")
            for side in ("over", "under")
        ]  # fmt: skip
        prices.append(claim(pl.concat(sides), "prices", sport.name, pl.col("told_at"), "recorded"))
    return {"prices": pl.concat(prices)}


def _injuries(sheets: Sheets, sport: Sport) -> Tables:
    rows = sheets["injuries"]
    if sport.sides == "player":
        own = {name: slug(name) for name in rows["player"].unique()}
        rows = rows.with_columns(pl.col("player").replace_strict(own, return_dtype=TEXT))
    claims = {"injuries": claim(rows, "injuries", sport.name, pl.col("reported_at"), "recorded")}
    if sport.sides == "player" or "players" in sheets:
        return claims
    return {**claims, "entities": _enrolled(rows, pl.col("reported_at"), sport)}


def _enrolled(rows: pl.DataFrame, known_at: pl.Expr, sport: Sport) -> pl.DataFrame:
    """Return the players whom ``rows`` tell of, each from his first mention on."""
    first = rows.with_columns(known_at.alias("known")).sort("known", maintain_order=True)
    players = first.unique("player", keep="first", maintain_order=True).select(
        *(name for name in _STAMPS if name != "fixture"), "known", pl.col("player").alias("entity"), "name",
        pl.lit("player").alias("kind"),
    )  # fmt: skip
    return claim(players, "entities", sport.name, pl.col("known"), "recorded")


def _periods(sheets: Sheets, sport: Sport) -> Tables:
    rows = sheets["periods"]
    numbers = [name for name in rows.columns if name.startswith("period_")]
    told = rows.unpivot(numbers, index=[*_STAMPS, "ended_at", "side"], variable_name="named", value_name="score")
    whole = told.drop_nulls("score").with_columns(
        pl.col("named").str.strip_prefix("period_").cast(WHOLE).alias("period")
    )
    return {"periods": claim(whole, "periods", sport.name, pl.col("ended_at"), "recorded")}


def _stats(sheets: Sheets, sport: Sport) -> Tables:
    return {"team_stats": claim(_of_side(sheets["stats"]), "team_stats", sport.name, pl.col("ended_at"), "recorded")}


def _of_side(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(pl.when(pl.col("side") == "home").then("home").otherwise("away").alias("team"))


def _weather(sheets: Sheets, sport: Sport) -> Tables:
    forecast = pl.col("kind") == "forecast"
    rows = sheets["weather"].with_columns(
        pl.when(forecast).then("known_at").alias("issued_at"),
        pl.when(forecast).then("event_at").alias("valid_at"),
        pl.col("known_at").alias("told_at"),
    )
    return {"weather": claim(rows, "weather", sport.name, pl.col("told_at"), "recorded")}


def _players(sheets: Sheets, sport: Sport) -> Tables:
    rows = _of_side(sheets["players"]).with_columns(pl.lit("box score").alias("role"))
    hurt = sheets["injuries"].select(*_STAMPS, "player", "name", pl.col("reported_at").alias("told_at"))
    # A player is known at the latest by the first price on him, which is there before the game.
    met = rows.select(*_STAMPS, "player", "name").with_columns(pl.col("event_at").alias("told_at"))
    priced = sheets["props"].select("fixture", "player", pl.col("quoted_at").alias("first")).unique(
        ["fixture", "player"], keep="first", maintain_order=True
    )  # fmt: skip
    early = met.join(priced, on=["fixture", "player"], how="left", maintain_order="left")
    early = early.with_columns(pl.coalesce("first", "told_at").alias("told_at")).drop("first")
    return {
        "player_stats": claim(rows, "player_stats", sport.name, pl.col("ended_at"), "recorded"),
        "entities": _enrolled(pl.concat([hurt, early]), pl.col("told_at"), sport),
    }


def _minutes(sheets: Sheets, sport: Sport) -> Tables:
    rows = sheets["minutes"]
    sides = [
        rows.with_columns(
            pl.lit(side).alias("side"),
            *(pl.col(f"{side}_{what}").alias(what) for what in ("gold", "experience", "kills")),
            *(
                (pl.col(f"{side}_{what}") - pl.col(f"{other}_{what}")).alias(f"{what}_lead")
                for what in ("gold", "experience")
            ),
        )
        for side, other in (("home", "away"), ("away", "home"))
    ]  # fmt: skip
    return {"minute_states": claim(pl.concat(sides), "minute_states", sport.name, pl.col("seen_at"), "recorded")}


def _rounds(sheets: Sheets, sport: Sport) -> Tables:
    rows = sheets["rounds"].with_columns(
        pl.col("fixture").alias("game"),
        pl.lit("de_invented").alias("map"),
        pl.when(pl.col("home_role") == "ct").then(pl.lit("t")).otherwise(pl.lit("ct")).alias("away_role"),
    )
    told: list[pl.DataFrame] = []
    for side in ("home", "away"):
        own = rows.with_columns(
            pl.lit(side).alias("side"), pl.col(f"{side}_role").alias("role"), pl.col(f"{side}_score").alias("score")
        )
        begun = own.with_columns(
            pl.lit(0).alias("sequence"), pl.lit("buy").alias("phase"), pl.lit(5).alias("alive"),
            pl.col(f"{side}_money").alias("money"), pl.lit(None, TEXT).alias("reason"),
        )  # fmt: skip
        ended = own.with_columns(
            pl.lit(1).alias("sequence"), pl.lit("over").alias("phase"), pl.col(f"{side}_alive").alias("alive"),
            (pl.col("winner") == side).alias("won"),
        )  # fmt: skip
        told += [
            claim(begun, "round_states", sport.name, pl.col("begun_at"), "recorded"),
            claim(ended, "round_states", sport.name, pl.col("seen_at"), "recorded"),
        ]
    return {"round_states": pl.concat(told)}


def _known_at(sport: str) -> Mapping[str, str]:
    games = {column: _ENDED if column in _AFTER else _LISTED for column in LAYOUT["games"]}
    shown = [name for name in tables_of(sport) if name != "games"]
    return {**{column: _RULES[name] for name in shown for column in LAYOUT[name]}, **games}


def payload(sport: str, seed: int = SEED) -> bytes:
    """Return the bytes of the built-in world of ``sport``, for one seed always the same."""
    return bundle(list(files(sport, seed).values()))


def _source(sport: Sport) -> Source:
    return Source(
        name=f"simulated_{sport.name}",
        sport=sport.name,
        tier="C",
        primary=True,
        parts=single("world", ""),
        terms="invented; no terms",
        cadence="never: the world is built in",
        parser="simulated-world-1",
        parse=parser(sport),
        known_at=_known_at(sport.name),
        # Of a closed league the world has today's codes, which are our ids already.
        named=not sport.teams,
        generate=lambda: payload(sport.name),
    )


SIMULATED_WORLDS = tuple(_source(get_sport(name)) for name in WORLDS)
