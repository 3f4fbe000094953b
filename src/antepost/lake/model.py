"""The data model as a page: every table with its key, columns, types and units, and each sport's statistics."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from antepost.lake.schemas import (
    CLAIM,
    COUNT,
    DAY,
    FLAG,
    MOMENT,
    NUMBER,
    ORIGIN,
    QUARANTINE,
    TABLES,
    TEXT,
    WHOLE,
    Schema,
    Table,
)
from antepost.lake.star import drawing
from antepost.sports import SPORTS

ABOUT: Mapping[str, str] = {
    "fixtures": "Games on the schedule; a moved one is a revision.",
    "results": "How a game ended.",
    "periods": "Quarters, halves, innings or sets, a row for each side.",
    "prices": "What a book offered on one outcome; `label` is open, early, close or quote.",
    "team_stats": "What a side did in a game; further columns are the sport's own.",
    "player_stats": "What a player did in a game; further columns are the sport's own.",
    "rosters": "Who was named for a place in a side.",
    "minute_states": "How a side of a game of Dota 2 stood after each minute.",
    "ticks": "How a match of Dota 2 stood in one body that a client sent, as it was received.",
    "drafts": "Which heroes a side of a game of Dota 2 took, and once it is over whether it won; no sides are told.",
    "ratings": "What a rival made of a player in a season, by measure.",
    "round_states": "How a side of a Counter-Strike round stood, and once it is over who won it.",
    "constants": "Patches, heroes, items and facets of a game, and when they were in it.",
    "injuries": "What a report said of a player's fitness.",
    "weather": "Observed in the game, or forecast for it and issued at a moment.",
    "rankings": "Who stood where on a list, from its day on.",
    "venues": "Roof and surface as they were at a game.",
    "officials": "Who was in charge of a game.",
    "places": "Grounds, from the day of `event_at` on.",
    "forecasts": "What a rival expected: to be judged against, never a feature.",
    "entities": "Teams and players, from the first fixture that named them.",
    "names": "What a side is called from a day on, until its next row.",
    "disputes": "Where two sources contradict each other, and which stands.",
}
"""What a row of each table says; a table without its line here fails the test of the page."""

UNITS: Mapping[str, str] = {
    "season": "year in which it begins", "home_score": "as the sport counts", "away_score": "as the sport counts",
    "score": "as the sport counts",
    "odds": "decimal", "line": "points", "probability": "0 to 1", "temp": "degrees Fahrenheit",
    "dew_point": "degrees Fahrenheit", "wind": "miles an hour", "wind_direction": "degrees", "precipitation": "inches",
    "pressure": "hectopascal", "latitude": "degrees north", "longitude": "degrees east", "altitude": "metres",
    "clock_ms": "milliseconds left", "elapsed_ms": "milliseconds", "gold": "gold", "gold_lead": "gold",
    "experience": "points", "experience_lead": "points", "money": "dollars", "minute": "whole minutes of play",
    "clock": "seconds since the horn",
    **{
        f"{side}_{name}": unit
        for side in ("radiant", "dire")
        for name, unit in (("gold", "gold"), ("net_worth", "gold"), ("experience", "points"), ("buyback_gold", "gold"))
    },
    "timezone": "IANA zone", "height": "centimetres", "rank": "1 is the best",
}  # fmt: skip
"""The units of columns that are quantities."""

_TYPES: tuple[tuple[pl.DataType, str], ...] = (
    (TEXT, "text"), (WHOLE, "int32"), (COUNT, "int64"), (NUMBER, "float64"), (FLAG, "boolean"), (DAY, "day"),
    (MOMENT, "moment, UTC"),
)  # fmt: skip


_DRAWN = """Drawn from `lake/schemas.py`, `lake/star/` and `sports/` by `antepost lake model --markdown >
docs/data-model.md`; edit those, not this page."""
_REVISIONS = """A row is a revision of one fact, and the key names the fact. Revisions are told apart by `batch`, the
numbered load that brought them; a read as of a moment sees those with `known_at` before it. [time.md](time.md) says
when each fact counts as known."""


def markdown() -> str:
    """Return ``docs/data-model.md``, drawn from ``lake.schemas``, the sports and the tables in Postgres."""
    parts = [
        "# Data model",
        _DRAWN,
        _REVISIONS,
        "## Columns of every table",
        _columns({**CLAIM, **ORIGIN}),
        "## Tables",
        _diagram(),
        _overview(),
        *(part for table in TABLES.values() for part in _page(table)),
        "### quarantine",
        "Rows that were refused, as JSON, and why.",
        _columns(QUARANTINE),
        "## Statistics",
        "Counts and other whole units are int64, shares and model values float64. Null is not told, never zero.",
        _have(),
        *(part for sport in SPORTS for part in _statistics(sport)),
        *drawing.schemas(),
    ]
    return "\n\n".join(parts) + "\n"


def _page(table: Table) -> list[str]:
    return [f"### {table.name}", f"{ABOUT[table.name]} Key: {_named(table.key)}.", _columns(table.values)]


def _diagram() -> str:
    """Return who names whom, as mermaid draws it: fixtures, entities and places, by the columns that name them."""
    lines = ["```mermaid", "erDiagram"]
    for name, table in TABLES.items():
        columns = {*CLAIM, *table.values} if "fixture" in table.key else set(table.values)
        named = sorted(column for column in columns & _NAMED.keys() if _NAMED[column] != name)
        lines += [f'    {_NAMED[column]} ||--o{{ {name} : "{column}"' for column in named]
    for name, table in TABLES.items():
        whole = table.schema
        keys = [f'        {_word(whole[column])} {column} "key"' for column in table.key]
        lines += [f"    {name} {{", *keys, "    }"]
    return "\n".join([*lines, "```"])


_NAMED: Mapping[str, str] = {
    "fixture": "fixtures", "home": "entities", "away": "entities", "team": "entities", "player": "entities",
    "venue": "places",
}  # fmt: skip
"""The columns that name a row of another table, and which."""


def _word(kind: pl.DataType) -> str:
    return _type(kind).partition(",")[0]


def _overview() -> str:
    rows = [(f"[{name}](#{name})", ABOUT[name], _named(table.key)) for name, table in TABLES.items()]
    return grid(("table", "a row says", "key"), rows)


def _columns(schema: Schema) -> str:
    rows = [(f"`{name}`", _type(kind), UNITS.get(name, "")) for name, kind in schema.items()]
    return grid(("column", "type", "unit"), rows)


def _have() -> str:
    rows = [
        (f"[{name}](#statistics-of-{name})", sport.title, str(len(sport.team_stats)), str(len(sport.player_stats)))
        for name, sport in SPORTS.items()
    ]
    return grid(("sport", "", "of a side", "of a player"), rows)


def _statistics(name: str) -> list[str]:
    sport = SPORTS[name]
    both = {**sport.team_stats, **sport.player_stats}
    if not both:
        return [f"### Statistics of {name}", "None."]
    rows = [(f"`{stat}`", sport.team_stats.get(stat, "-"), sport.player_stats.get(stat, "-")) for stat in both]
    return [f"### Statistics of {name}", grid(("column", "unit, of a side", "unit, of a player"), rows)]


def _type(kind: pl.DataType) -> str:
    return next(word for known, word in _TYPES if known == kind)


def _named(key: tuple[str, ...]) -> str:
    return ", ".join(f"`{column}`" for column in key)


def grid(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
