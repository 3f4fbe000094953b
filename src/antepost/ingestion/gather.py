"""All payloads of a load as one set of tables under our own ids: names resolved, fixtures joined, disputes noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from antepost.errors import NamesError
from antepost.ingestion.identity import ANYONE, SIDES, candidates, likeliest, read_names, translated
from antepost.ingestion.matching import Scores, identify, match, relinked
from antepost.ingestion.sheet import refused_of
from antepost.ingestion.source import Parsed, Source, claim
from antepost.lake import asof
from antepost.lake.schemas import table_of
from antepost.sports import get_sport

MOST_UNMAPPED = 0.05
"""The share of a load's games whose sides nobody knows, beyond which the load is refused as a whole."""

_RULE = "the source that decides the sport's fixtures stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Rows of each table under our ids with their ``raw``, what was refused, and how a secondary's games joined."""

    tables: Mapping[str, pl.DataFrame]
    refused: pl.DataFrame
    links: pl.DataFrame


def gather(
    known: Mapping[str, pl.DataFrame], readings: Sequence[tuple[Parsed, str]], source: Source, names: bytes
) -> Gathered:
    """Return what ``readings`` (a payload's rows and its SHA-256) say, in our words.

    A primary source's new names are new entities. A secondary's rows join our fixtures by sides and day; where a
    name stands for nobody we know, its games are refused with whom it is likest.
    """
    tables, refused = _stacked(readings, source)
    mapped = read_names(names)
    whom = playing(known)
    found = _names(tables if source.primary else _naming(tables))
    who = candidates(source, found, mapped, whom)
    if not source.primary and not source.named:
        who = _met(who, whom, known["fixtures"])
    if source.primary:
        ours = {name: translated(frame, SIDES.get(name, ()), who) for name, frame in tables.items()}
        return Gathered(tables=_enrolled(ours, tables["fixtures"], source), refused=refused, links=pl.DataFrame())
    return _joined(tables, refused, who, whom, known, source)


def playing(known: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return whom a name may mean (entity, name): those who are a side of a fixture, not everybody on a list."""
    sides = pl.concat([known["fixtures"]["home"], known["fixtures"]["away"].alias("home")]).unique()
    whom = asof.newest(known["entities"], ("entity",)).select("entity", "name")
    return whom.filter(pl.col("entity").is_in(sides.implode()))


def _met(who: pl.DataFrame, whom: pl.DataFrame, fixtures: pl.DataFrame) -> pl.DataFrame:
    """Return of those whom a secondary source names by our ids the ones who are a side or a ground of ours."""
    ours = pl.concat([whom["entity"], fixtures["venue"].drop_nulls().unique().alias("entity")])
    return who.filter(pl.col("entity").is_in(ours.implode()) | (pl.col("entity") == ANYONE))


def _stacked(readings: Sequence[tuple[Parsed, str]], source: Source) -> tuple[dict[str, pl.DataFrame], pl.DataFrame]:
    frames: dict[str, list[pl.DataFrame]] = {}
    refused = [pl.DataFrame(schema={"reason": pl.String, "row": pl.String, "raw": pl.String})]
    for parsed, sha in readings:
        raw = pl.lit(sha).alias("raw")
        for name, frame in parsed.tables.items():
            frames.setdefault(name, []).append(frame.with_columns(raw))
        refused.append(parsed.refused.with_columns(raw))
    if "fixtures" not in frames:
        frames["fixtures"] = [table_of("fixtures", source.sport).empty().drop("batch")]
    return {name: pl.concat(parts) for name, parts in frames.items()}, pl.concat(refused)


def _names(tables: Mapping[str, pl.DataFrame]) -> pl.Series:
    said = [tables[name][column] for name, columns in SIDES.items() if name in tables for column in columns]
    return pl.concat([series.alias("name") for series in said]).drop_nulls().unique().sort()


def _enrolled(ours: Mapping[str, pl.DataFrame], theirs: pl.DataFrame, source: Source) -> dict[str, pl.DataFrame]:
    """Return the tables with every side of a fixture among ``entities``, under the name it was first given."""
    sport = get_sport(source.sport)
    told = [
        ours["fixtures"].select(
            "league", "season", "event_at", "event_precision", "known_at", "known_how", "raw",
            pl.col(side).alias("entity"), theirs[side].alias("name"),
        )
        for side in ("home", "away")
    ]  # fmt: skip
    sides = pl.concat(told).sort("event_at", maintain_order=True).unique("entity", keep="first", maintain_order=True)
    rows = sides.with_columns(pl.lit(sport.sides).alias("kind"))
    claimed = claim(rows, "entities", sport.name, pl.col("known_at"), pl.col("known_how")).with_columns(sides["raw"])
    if "entities" in ours:
        told_of = ours["entities"]
        claimed = pl.concat([told_of, claimed.join(told_of, on="entity", how="anti", maintain_order="left")])
    return {**ours, "entities": claimed}


def _joined(
    tables: Mapping[str, pl.DataFrame],
    refused: pl.DataFrame,
    who: pl.DataFrame,
    whom: pl.DataFrame,
    known: Mapping[str, pl.DataFrame],
    source: Source,
) -> Gathered:
    # Several files of a source may tell of one game; it is joined once, as the last of them has it.
    games = tables["fixtures"].unique("fixture", keep="last", maintain_order=True)
    sport = get_sport(source.sport)
    fixtures = asof.newest(known["fixtures"], ("fixture",))
    if source.own_ids:
        matched = identify(tables, fixtures, _first(known["rosters"], source.home_role))
        left, links = matched.refused, matched.links
    else:
        matched = match(games, who, fixtures, source.days_off, sport.timezone, _scores(tables, known, source.sport))
        left = _explained(_with_results(matched.refused, tables), who, whom, source)
        raws = games.select(pl.col("fixture").alias("local"), pl.col("raw"))
        links = matched.links.drop("raw").join(raws, on="local")
    ours: dict[str, pl.DataFrame] = {}
    strange: list[pl.DataFrame] = []
    for name, frame in tables.items():
        if name == "fixtures":
            continue
        tied = relinked(name, frame.filter(pl.col("fixture").is_not_null()), links, sport)
        free, unknown = _free(name, frame.filter(pl.col("fixture").is_null()), who, whom)
        ours[name] = pl.concat([tied, free])
        strange.append(refused_of(unknown))
    if "results" in ours:
        ours["disputes"] = _disputes(ours["results"], known["results"], source)
    return Gathered(tables=ours, refused=pl.concat([refused, refused_of(left), *strange]), links=links)


def _first(rosters: pl.DataFrame, role: str | None) -> pl.DataFrame | None:
    """Return who has ``role`` in each fixture (fixture, team)."""
    if role is None:
        return None
    return asof.newest(rosters.filter(pl.col("role") == role), ("fixture",)).select("fixture", "team")


def _scores(tables: Mapping[str, pl.DataFrame], known: Mapping[str, pl.DataFrame], sport: str) -> Scores:
    theirs = tables.get("results", table_of("results", sport).empty())
    return Scores(theirs=theirs, ours=asof.newest(known["results"], ("fixture",)))


def _with_results(refused: pl.DataFrame, tables: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Return games that joined nothing with the results that the source tells: evidence for whoever names the sides."""
    if "results" not in tables:
        return refused
    told = ("home_score", "away_score", "outcome")
    theirs = tables["results"].select("fixture", pl.col(told).name.prefix("their_")).unique("fixture", keep="first")
    return refused.join(theirs, on="fixture", how="left", maintain_order="left")


def _naming(tables: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Return the rows of a secondary source whose names decide: its fixtures, and rows that belong to none."""
    return {
        name: frame if name == "fixtures" else frame.filter(pl.col("fixture").is_null())
        for name, frame in tables.items()
    }


def _free(name: str, frame: pl.DataFrame, who: pl.DataFrame, whom: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that belong to no fixture under our names, and those with a name that stands for nobody."""
    columns = SIDES.get(name, ())
    known = [pl.col(column).is_in(who["name"].implode()) | pl.col(column).is_null() for column in columns]
    mapped = frame.filter(pl.all_horizontal(known)) if known else frame
    strange = frame.filter(~pl.all_horizontal(known)) if known else frame.clear()
    names = sorted({value for column in columns for value in strange[column] if value is not None})
    told = {value: _whom(value, whom) for value in names[:200]}
    reasons = [pl.col(column).replace_strict(told, default=None, return_dtype=pl.String) for column in columns]
    reason = pl.coalesce([*reasons, pl.lit("unmapped name")]).alias("reason")
    return translated(mapped, columns, who), strange.with_columns(reason)


def _explained(refused: pl.DataFrame, who: pl.DataFrame, whom: pl.DataFrame, source: Source) -> pl.DataFrame:
    unmapped = refused.filter(pl.col("reason") == "unmapped")
    known = set(who["name"])
    strange = {name for side in ("their_home", "their_away") for name in unmapped[side] if name not in known}
    told = {name: _whom(name, whom) for name in sorted(strange)[:200]}
    return refused.with_columns(
        pl.when(pl.col("reason") == "unmapped")
        .then(
            pl.coalesce(
                pl.col("their_home").replace_strict(told, default=None, return_dtype=pl.String),
                pl.col("their_away").replace_strict(told, default=None, return_dtype=pl.String),
                pl.lit(f"a name that {source.name} uses for nobody we know on that day"),
            )
        )
        .otherwise("reason")
        .alias("reason")
    )


def _whom(name: str, whom: pl.DataFrame) -> str:
    likely = ", ".join(f"{entity} {score:.2f}" for entity, score in likeliest(name, whom))
    return f"unmapped name {name!r}, likest {likely or 'nobody'}"


def _disputes(theirs: pl.DataFrame, ours: pl.DataFrame, source: Source) -> pl.DataFrame:
    """Return the scores in which a secondary source contradicts the one that decides."""
    stand = asof.newest(ours, ("fixture",)).select("fixture", "home_score", "away_score", "known_at")
    both = theirs.join(stand, on="fixture", suffix="_ours").filter(
        (pl.col("home_score") != pl.col("home_score_ours")) | (pl.col("away_score") != pl.col("away_score_ours"))
    )
    rows = both.with_columns(
        pl.lit(source.name).alias("source"),
        pl.lit("score").alias("field"),
        pl.format("{}-{}", "home_score_ours", "away_score_ours").alias("ours"),
        pl.format("{}-{}", "home_score", "away_score").alias("theirs"),
        pl.lit(_RULE).alias("rule"),
    )
    # A dispute tells both scores, so nobody knows of it before both are known.
    both_known = pl.max_horizontal("known_at", "known_at_ours")
    return claim(rows, "disputes", source.sport, both_known, pl.col("known_how")).with_columns(rows["raw"])


def refuse_strangers(gathered: Gathered, games: int, source: Source) -> None:
    """Refuse a load of which too many games have a side that nobody knows.

    Raises:
        NamesError: more than one in twenty; the message names the most frequent.
    """
    strange = gathered.refused.filter(pl.col("reason").str.starts_with("unmapped name"))
    if games and strange.height > MOST_UNMAPPED * games:
        often = strange["reason"].value_counts(sort=True)["reason"].head(5).to_list()
        raise NamesError(
            f"{strange.height} of {games} games of {source.name} have a side nobody knows: {'; '.join(often)}; "
            f"see antepost lake identities review {source.sport}, or map them in names/{source.sport}.csv of this home "
            "(source,name,entity,first,last)",
            source=source.name,
            unmapped=strange.height,
        )
