"""The two schemas as a part of ``docs/data-model.md``, drawn from the classes of their tables."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Float, LargeBinary, Table, Text
from sqlalchemy.orm import Mapper

from antepost.lake.star.base import LEDGER, STAR, Base
from antepost.lake.star.models import Fixture
from antepost.lake.star.records import Prediction

_TYPES: Mapping[type, str] = {
    BigInteger: "bigint", Boolean: "boolean", Date: "date", DateTime: "timestamptz", Float: "double",
    LargeBinary: "bytea", Text: "text",
}  # fmt: skip
UNITS: Mapping[str, str] = {
    "odds": "decimal", "line": "points", "stake": "of the bankroll", "profit": "of the bankroll",
    "season": "year in which it begins", "latitude": "degrees north", "longitude": "degrees east",
    "altitude": "metres", "timezone": "IANA zone", "height": "centimetres", "weekday": "1 is Monday",
    "home_score": "as the sport counts", "away_score": "as the sport counts",
}  # fmt: skip
"""The units of columns that are quantities."""
ROOTS: tuple[type[Base], ...] = (Fixture, Prediction)
"""One class of each schema; that they are imported is what fills the registry."""

_STAR = """The schema `star` in Postgres shows what stands now, a row a fact: it is filled from silver under a watermark
a sport, and `antepost lake star rebuild` makes it anew. `price` has a partition a sport. `star.prediction` and
`star.bet` are views of the ledger. [How to ask it](how-to/ask-the-star.md)."""
_LEDGER = """The schema `ledger` is true where it stands: nothing in it is ever changed or dropped. Predictions and bets
are a chain each."""


def schemas() -> list[str]:
    """Return the parts of the page: for each schema its diagram, then each table with its columns."""
    parts: list[str] = []
    for schema, said in ((STAR, _STAR), (LEDGER, _LEDGER)):
        described = list(_described(schema))
        tables = [table for table, _ in described]
        parts += [f"## Postgres: {schema}", said, diagram(tables)]
        parts += [part for table, about in described for part in (f"### {schema}.{table.name}", about, _columns(table))]
    return parts


def diagram(tables: Iterable[Table]) -> str:
    """Return tables, their keys and who refers to whom as a mermaid diagram; what is no key is left to the tables."""
    drawn = list(tables)
    lines = ["```mermaid", "erDiagram"]
    lines += [
        f'    {target} ||--o{{ {table.name} : "{", ".join(columns)}"'
        for table in drawn
        for target, columns in _references(table)
    ]
    for table in drawn:
        keys = [f"        {_type(column)} {column.name} {_mark(column)}" for column in table.columns if _mark(column)]
        lines += [f"    {table.name} {{", *keys, "    }"]
    return "\n".join([*lines, "```"])


def _described(schema: str) -> Iterable[tuple[Table, str]]:
    mappers: Iterable[Mapper[Base]] = Base.registry.mappers
    found = {table.fullname: (table, _about(mapper)) for mapper in mappers for table in _tables(mapper)}
    # In the order of the classes, which is that of their foreign keys.
    return [found[name] for name in Base.metadata.tables if name in found and found[name][0].schema == schema]


def _tables(mapper: Mapper[Base]) -> list[Table]:
    return [table for table in mapper.tables if isinstance(table, Table)]


def _about(mapper: Mapper[Base]) -> str:
    return inspect.cleandoc(mapper.class_.__doc__ or "").replace("``", "`")


def _references(table: Table) -> list[tuple[str, list[str]]]:
    """Return the tables that ``table`` refers to, in order, each with its columns that do, less the sport's."""
    keys = sorted(table.foreign_key_constraints, key=lambda key: str(key.name))
    found = [(key.referred_table.name, [column.name for column in key.columns]) for key in keys]
    return [(target, [name for name in names if name != "sport"] or ["sport"]) for target, names in found]


def _columns(table: Table) -> str:
    rows = [
        f"| `{column.name}` | {_type(column)}{' or null' if column.nullable else ''} | {_mark(column)} "
        f"| {UNITS.get(column.name, '')} |"
        for column in table.columns
    ]
    return "\n".join(["| column | type | key | unit |", "| --- | --- | --- | --- |", *rows])


def _mark(column: Column[object]) -> str:
    refers = bool(column.foreign_keys)
    return ", ".join(word for word, true in (("PK", column.primary_key), ("FK", refers)) if true)


def _type(column: Column[object]) -> str:
    return next(word for kind, word in _TYPES.items() if isinstance(column.type, kind))
