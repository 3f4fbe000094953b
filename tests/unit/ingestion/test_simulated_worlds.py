"""An invented sport goes the way of every source: new clubs and players come in by themselves, and nothing is guessed.

The worlds are small ones of two seasons. Names are hidden by writing a season anew under others that nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import polars as pl
import pytest

from antepost.domain.clock import FixedClock
from antepost.errors import NamesError, SourceError
from antepost.ingestion import SOURCES, IngestReport, ingest, ingest_all, replay
from antepost.ingestion.bundle import bundle
from antepost.ingestion.sources import primary, sources_of
from antepost.lake import asof, raw, silver
from antepost.lake.batches import batches, watermark
from antepost.settings import Settings
from antepost.simulation import WORLDS, tables_of, world, written
from antepost.sports import SPORTS, get_sport

NOW = datetime(2031, 1, 1, tzinfo=UTC)
YEARS = range(2012, 2014)
SMALL = ("cfl", "soccer", "dota2", "wta")

type Frames = Mapping[str, pl.DataFrame]
type Load = Callable[..., IngestReport]


@cache
def shown(sport: str) -> Frames:
    return world(sport, 8, YEARS).tables


def payload(sport: str, tables: Frames) -> bytes:
    return bundle(list(written({name: tables[name] for name in tables_of(sport)}).values()))


def hidden(tables: Frames, names: Mapping[str, str], season: int) -> Frames:
    """Return a world in which sides have another name in ``season``."""
    those = tables["games"].filter(pl.col("season") == season)["fixture"].implode()

    def renamed(frame: pl.DataFrame) -> pl.DataFrame:
        of_season = pl.col("fixture").is_in(those)
        sides = [column for column in ("home", "away", "team", "player") if frame.schema.get(column) == pl.String]
        return frame.with_columns(
            pl.when(of_season).then(pl.col(column).replace(names)).otherwise(column).alias(column) for column in sides
        )

    return {name: renamed(frame) for name, frame in tables.items()}


@pytest.fixture
def load(place: Settings, monkeypatch: pytest.MonkeyPatch) -> Load:
    """Load the tables of an invented sport as what its source, or another with that name, says."""

    def run(sport: str, tables: Frames, *, secondary: str | None = None, hours: int = 0) -> IngestReport:
        own = SOURCES[f"simulated_{sport}"]
        data = payload(sport, tables)
        name = secondary or own.name
        source = replace(own, name=name, primary=secondary is None, named=True, generate=lambda: data)
        monkeypatch.setitem(SOURCES, name, source if secondary else replace(source, named=own.named))
        return ingest(place, sport, FixedClock(NOW + timedelta(hours=hours)), source=name)

    return run


def of(tables: Frames, seasons: range, weeks: int = 100) -> Frames:
    chosen = pl.col("season").is_in(list(seasons)) & (pl.col("week") <= weeks)
    those = tables["games"].filter(chosen)["fixture"].implode()
    return {name: frame.filter(pl.col("fixture").is_in(those)) for name, frame in tables.items()}


def entities(place: Settings, sport: str) -> set[str]:
    return set(silver.read(place, "entities", sport)["entity"])


def test_every_invented_sport_has_a_source_and_nobody_takes_it_for_real() -> None:
    for sport in ("nfl", *WORLDS):
        chosen = primary(sport, simulated=True)
        assert chosen.simulated
        assert sources_of(sport, simulated=True)[0] is chosen
    assert {source.name for source in sources_of("nfl", simulated=True)} == {"simulated", "simulated_openings"}
    assert not any(source.simulated for sport in SPORTS for source in sources_of(sport))


def test_a_sport_that_nobody_has_invented_says_where_that_is_done() -> None:
    with pytest.raises(SourceError, match=r"no invented curling; describe one in simulation/descriptions\.py"):
        primary("curling", simulated=True)


@pytest.mark.parametrize("sport", SMALL)
def test_a_world_is_loaded_whole_once_and_a_second_time_adds_nothing(sport: str, load: Load, place: Settings) -> None:
    tables = of(shown(sport), YEARS[:1])
    report = load(sport, tables)
    assert report.simulated
    assert report.refused == 0
    assert report.known_how == {"recorded": 1.0}
    assert report.added["fixtures"] == report.added["results"] == tables["games"].height
    assert (load(sport, tables, hours=1).batch, watermark(place)) == (None, 1)
    again = replay(batches(place), lambda sha: raw.read(place, sha))
    for name, frame in asof.facts(place, sport).items():
        assert again[name].equals(frame), name


@pytest.mark.parametrize("sport", ["soccer", "wta"])
def test_a_new_season_with_unseen_clubs_and_players_loads_without_a_person(
    sport: str, load: Load, place: Settings
) -> None:
    """Promoted clubs and debutants of the second season, and besides three old ones under names nobody knows."""
    tables = shown(sport)
    before = load(sport, of(tables, YEARS[:1]))
    known = entities(place, sport)
    stayed = sorted(_sides(tables, YEARS[1]) - _new(tables))[:3]
    names = {name: f"Unheard Of {number}" for number, name in enumerate(stayed)}
    after = load(sport, hidden(tables, names, YEARS[1]), hours=1)
    second = tables["games"].filter(pl.col("season") == YEARS[1])
    assert (before.refused, after.refused) == (0, 0)
    assert after.added["fixtures"] == after.added["results"] == second.height
    fresh = entities(place, sport) - known
    assert {f"unheard-of-{number}" for number in range(3)} < fresh
    enrolled = silver.read(place, "entities", sport).filter(pl.col("batch") == 2)
    sides = enrolled.filter(pl.col("kind") == get_sport(sport).sides)
    assert set(sides["name"]) == _new(tables) | {f"Unheard Of {number}" for number in range(3)}
    assert (sides["known_at"] < sides["event_at"]).all()
    assert silver.read(place, "quarantine", sport).is_empty()


def test_a_code_that_a_closed_league_has_not_is_somebody_new_too(load: Load, place: Settings) -> None:
    tables = of(shown("nhl"), YEARS, weeks=3)
    load("nhl", of(tables, YEARS[:1]))
    load("nhl", hidden(tables, {"BOS": "ZZZ"}, YEARS[1]), hours=1)
    [row] = silver.read(place, "entities", "nhl").filter(pl.col("entity") == "ZZZ").select("kind", "season").rows()
    assert row == ("team", YEARS[1])


def _sides(tables: Frames, year: int) -> set[str]:
    return set(tables["games"].filter(pl.col("season") == year).select("home", "away").unpivot()["value"])


def _new(tables: Frames) -> set[str]:
    return _sides(tables, YEARS[1]) - _sides(tables, YEARS[0])


def test_of_another_source_only_the_rows_with_a_name_nobody_knows_are_held_back_with_whom_it_may_be(
    load: Load, place: Settings
) -> None:
    """One club of twenty is written otherwise in half a season: 2.5 % of the games, below the line."""
    tables = shown("soccer")
    load("soccer", tables)
    [name] = sorted(set(tables["games"]["home"]) - _new(tables))[:1]
    late = tables["games"].filter(pl.col("season") == YEARS[1]).tail(190)
    strange = {**tables, "games": _rewritten(tables["games"], name, f"{name} United", late["fixture"])}
    asked = strange["games"].filter((pl.col("home") == f"{name} United") | (pl.col("away") == f"{name} United")).height
    report = load("soccer", strange, secondary="another_book", hours=1)
    assert 0 < asked <= 0.05 * report.games
    assert report.refused == asked
    held = silver.read(place, "quarantine", "soccer")
    assert held["source"].unique().to_list() == ["another_book"]
    assert held["reason"].str.starts_with(f"unmapped name '{name} United', likest {name.lower()} ").all()
    told = silver.read(place, "prices", "soccer").filter(pl.col("batch") == 2)
    assert told["fixture"].n_unique() == report.games - asked
    assert not {f"{name} United", f"{name.lower()}-united"} & entities(place, "soccer")


def test_another_source_of_which_a_twentieth_is_unknown_stops_and_brings_no_fact(load: Load, place: Settings) -> None:
    tables = shown("soccer")
    load("soccer", tables)
    names = {name: f"{name} United" for name in sorted(set(tables["games"]["home"]))[:3]}
    with pytest.raises(NamesError, match="have a side nobody knows"):
        load("soccer", hidden(tables, names, YEARS[1]), secondary="another_book", hours=1)
    assert silver.read(place, "prices", "soccer")["batch"].unique().to_list() == [1]
    assert silver.read(place, "quarantine", "soccer")["reason"].str.contains("United").all()


def _rewritten(games: pl.DataFrame, name: str, other: str, fixtures: pl.Series) -> pl.DataFrame:
    late = pl.col("fixture").is_in(fixtures.implode())
    return games.with_columns(
        pl.when(late).then(pl.col(side).replace(name, other)).otherwise(side).alias(side) for side in ("home", "away")
    )


def test_the_invented_nfl_has_openings_that_join_its_games(place: Settings) -> None:
    loads = ingest_all(place, "nfl", FixedClock(NOW), seasons=(2006, 2006), simulated=True)
    assert [report.source for report in loads.reports] == ["simulated", "simulated_openings"]
    assert loads.left_out == {}
    prices = silver.read(place, "prices", "nfl").filter(pl.col("market") == "moneyline")
    games = silver.read(place, "fixtures", "nfl")
    assert prices.filter(pl.col("label") == "open")["fixture"].n_unique() == games.height
    early = prices.filter(pl.col("label") == "open").join(games.select("fixture", "start"), on="fixture")
    assert set(early.select(pl.col("start") - pl.col("known_at")).to_series()) == {timedelta(days=6)}


def test_an_invented_sport_and_a_real_one_never_share_a_home(load: Load, place: Settings) -> None:
    load("cfl", shown("cfl"))
    with pytest.raises(SourceError, match="holds simulated facts"):
        ingest(place, "nba", FixedClock(NOW), source="kaggle_nba", mirror=str(place.home))
