"""Dota's patches, heroes, items and facets, out of the package ``dotaconstants``.

A facet is told by its hero and its place among the hero's, from 1 on, as a match tells it (``hero_variant``); a facet
that is given up keeps its place. Facets came with 7.36 and went with 7.41, whatever each is marked: 34 are not marked
as given up although the game has none any more.

Source: https://github.com/odota/dotaconstants
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

import polars as pl

from antepost.errors import DataError
from antepost.ingestion.bundle import unbundle
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim
from antepost.sports.dota2 import DOTA2

_FOLDER = "dota2/constants"
_URL = "https://raw.githubusercontent.com/odota/dotaconstants/master/build"
_FILES = ("patch", "heroes", "hero_abilities", "items")
_FACETS_CAME, _FACETS_WENT = "7.36", "7.41"
_PATCHED = "the moment of the patch (recorded)"
_LISTED = "the moment of the newest patch in the list (bounded)"

type Row = dict[str, object]


def parse(data: bytes, part: Part) -> Parsed:
    """Return the constants of four files.

    Raises:
        DataError: a file is cut off, or is no JSON of its kind.
    """
    texts = unbundle(data, len(_FILES), f"dotaconstants' {part.name}")
    files = {name: _json(text, name) for name, text in zip(_FILES, texts, strict=True)}
    try:
        rows = list(_rows(files))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise DataError(f"dotaconstants has another layout ({error!r}); see the source's page") from error
    kinds = {"kind": pl.String, "code": pl.String, "name": pl.String, "owner": pl.String, "number": pl.Int32,
             "since": pl.String, "until": pl.String}  # fmt: skip
    moment = pl.col("since", "until").str.to_datetime("%+", time_unit="us", time_zone="UTC", strict=False)
    typed = pl.DataFrame(rows, schema=kinds).with_columns(moment)
    patch = pl.col("kind") == "patch"
    sound = typed.filter(pl.col("code").is_not_null() & (~patch | pl.col("since").is_not_null()))
    faulty = typed.filter(pl.col("code").is_null() | (patch & pl.col("since").is_null()))
    newest = pl.col("since").filter(patch).max()
    told = sound.with_columns(
        pl.lit("pro").alias("league"),
        pl.lit(None, pl.Int32).alias("season"),
        pl.lit(None, pl.String).alias("fixture"),
        pl.coalesce("since", newest).alias("event_at"),
        pl.when(patch).then(pl.lit("second")).otherwise(pl.lit("none")).alias("event_precision"),
    )
    known = pl.when(patch).then("since").otherwise(newest)
    how = pl.when(patch).then(pl.lit("recorded")).otherwise(pl.lit("bounded"))
    refused = refuse(faulty.with_columns(pl.lit("no code, or a patch without a day").alias("reason")))
    return Parsed(tables={"constants": claim(told, "constants", DOTA2.name, known, how)}, refused=refused,
                  games=typed.height)  # fmt: skip


def _json(text: bytes, name: str) -> object:
    try:
        return json.loads(text)
    except ValueError as error:
        raise DataError(f"dotaconstants' {name}.json is cut off or no JSON ({error}); fetch it again") from error


def _rows(files: Mapping[str, object]) -> Iterator[Row]:
    patches = cast("list[dict[str, object]]", files["patch"])
    dates = {str(patch["name"]): str(patch["date"]) for patch in patches}
    for number, patch in enumerate(patches):
        name = str(patch["name"])
        after = str(patches[number + 1]["date"]) if number + 1 < len(patches) else None
        yield {"kind": "patch", "code": str(patch["id"]), "name": name, "since": dates[name], "until": after}
    heroes = cast("dict[str, dict[str, object]]", files["heroes"])
    codes: dict[str, str] = {}
    for hero in heroes.values():
        codes[str(hero["name"])] = str(hero["id"])
        yield {"kind": "hero", "code": str(hero["id"]), "name": str(hero["localized_name"])}
    for item, about in cast("dict[str, dict[str, object]]", files["items"]).items():
        yield {"kind": "item", "code": str(about["id"]), "name": str(about.get("dname") or item)}
    abilities = cast("dict[str, dict[str, list[dict[str, object]]]]", files["hero_abilities"])
    for hero, about in abilities.items():
        for number, facet in enumerate(about.get("facets", []), start=1):
            yield {
                "kind": "facet", "code": f"{codes[hero]}-{number}", "name": str(facet["title"]), "owner": codes[hero],
                "number": number, "since": dates[_FACETS_CAME], "until": dates[_FACETS_WENT],
            }  # fmt: skip


def _parts(_: int) -> tuple[Part, ...]:
    first, *others = (Part(name=name, path=f"{_FOLDER}/{name}.json", url=f"{_URL}/{name}.json") for name in _FILES)
    return (Part(name="build", path=first.path, url=first.url, beside=tuple(others)),)


DOTACONSTANTS = Source(
    name="dotaconstants",
    sport=DOTA2.name,
    tier="C",
    primary=False,
    parts=_parts,
    terms="MIT, by the authors of OpenDota",
    cadence="with every patch",
    parser="dotaconstants-1",
    parse=parse,
    known_at={
        **dict.fromkeys(("date",), _PATCHED),
        **dict.fromkeys(("id", "name", "localized_name", "dname", "title", "facets"), _LISTED),
    },
)
