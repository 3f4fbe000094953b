"""What every registered source keeps, over invented bytes; and the real NFL file, where a mirror is named."""

from __future__ import annotations

import os
import re
from collections.abc import Callable

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import SOURCES, Parsed, Source, fetch
from antepost.lake import TABLES
from antepost.simulation import simulate
from antepost.sports import SPORTS

HOWS = {"recorded", "published", "bounded", "assumed"}
MIRROR = os.environ.get("ANTEPOST_MIRROR")

# Bytes for each source; a source without an entry here has not been tried.
PAYLOADS: dict[str, Callable[[], bytes]] = {
    "nflverse": lambda: simulate(11, range(2020, 2022)),
    "simulated": lambda: simulate(11, range(2020, 2022)),
}


@pytest.fixture(scope="module", params=sorted(SOURCES))
def source(request: pytest.FixtureRequest) -> Source:
    return SOURCES[request.param]


@pytest.fixture(scope="module")
def payload(source: Source) -> bytes:
    return PAYLOADS[source.name]()


@pytest.fixture(scope="module")
def parsed(source: Source, payload: bytes) -> Parsed:
    return source.parse(payload)


def test_a_source_describes_itself(source: Source) -> None:
    assert SOURCES[source.name] is source
    assert source.sport in SPORTS
    assert source.tier in {"primary", "secondary", "simulated"}
    assert source.terms
    assert re.fullmatch(r"[a-z-]+-\d+", source.parser)


def test_a_source_is_fetched_or_built_in_and_never_both(source: Source) -> None:
    fetched = source.upstream is not None and source.mirror is not None
    assert fetched != (source.generate is not None)
    assert source.simulated == (source.tier == "simulated")
    if source.upstream:
        assert source.upstream.startswith("https://")


def test_every_column_has_a_rule_for_when_it_is_known(source: Source, payload: bytes) -> None:
    for column, rule in source.known_at.items():
        without = payload.replace(column.encode(), b"gone", 1)
        with pytest.raises(DataError):
            source.parse(without)
        assert any(how in rule for how in HOWS), column


def test_rows_fit_their_tables_and_their_keys_are_unique(parsed: Parsed) -> None:
    assert set(parsed.tables) <= set(TABLES)
    for name, frame in parsed.tables.items():
        table = TABLES[name]
        assert dict(frame.schema) == table.claimed
        assert not frame.select(table.key).is_duplicated().any()
        assert not frame.select(*table.key, "event_at", "known_at").null_count().sum_horizontal().sum()


def test_stamps_are_in_order(parsed: Parsed) -> None:
    for name, frame in parsed.tables.items():
        assert set(frame["known_how"]) <= HOWS
        assert set(frame["event_precision"]) <= {"second", "day", "tournament", "none"}
        before = frame["known_at"] < frame["event_at"]
        assert before.all() if name not in {"results", "weather"} else not before.any(), name


def test_every_row_belongs_to_a_fixture_of_known_teams(source: Source, parsed: Parsed) -> None:
    fixtures = parsed.tables["fixtures"]
    teams = set(SPORTS[source.sport].teams)
    assert set(fixtures["home"]) | set(fixtures["away"]) <= teams
    assert (fixtures["home"] != fixtures["away"]).all()
    for frame in parsed.tables.values():
        assert frame.join(fixtures, on="fixture", how="anti").is_empty()


def test_prices_pay_something(parsed: Parsed) -> None:
    assert (parsed.tables["prices"]["odds"].drop_nulls() > 1.0).all()


def test_the_same_bytes_give_the_same_rows(source: Source, payload: bytes, parsed: Parsed) -> None:
    again = source.parse(payload)
    assert all(again.tables[name].equals(frame) for name, frame in parsed.tables.items())
    assert again.refused.equals(parsed.refused)


def test_a_payload_that_is_cut_off_is_refused(source: Source, payload: bytes) -> None:
    for length in (0, 10, len(payload) // 2, len(payload) - 1):
        with pytest.raises(DataError):
            source.parse(payload[:length])


def test_a_built_in_source_gives_the_same_bytes_every_time(source: Source) -> None:
    if source.generate is not None:
        assert source.generate() == source.generate()


if MIRROR:

    @pytest.fixture(scope="module")
    def real() -> Parsed:
        return SOURCES["nflverse"].parse(fetch(SOURCES["nflverse"], MIRROR).data)

    def test_the_real_file_holds_what_was_counted_in_it(real: Parsed) -> None:
        fixtures, results = real.tables["fixtures"], real.tables["results"]
        until = fixtures.filter(pl.col("season") <= 2023)
        assert until.height == 6706
        assert until["neutral"].sum() == 79
        assert set(fixtures.filter(pl.col("event_precision") == "day")["season"]) <= {1999}
        since = results.filter(pl.col("season").is_between(2015, 2023))
        assert since.height == 2458
        assert (since["home_score"] == since["away_score"]).sum() == 9
        moneyline = real.tables["prices"].filter(pl.col("market") == "moneyline")
        priced = moneyline.filter(pl.col("season").is_between(2015, 2023)).group_by("fixture").len()
        assert priced["len"].to_list() == [2] * 2457
        assert moneyline["season"].min() == 2006
        assert real.refused.is_empty()

    def test_the_real_files_oddities_are_mended(real: Parsed) -> None:
        venues = real.tables["venues"].filter(pl.col("season") <= 2023)
        assert "grass " not in set(venues["surface"])
        assert venues["surface"].null_count() == 41
        hours = real.tables["fixtures"]["start"].dt.convert_time_zone("America/New_York").dt.hour()
        dated = real.tables["fixtures"].with_columns(hours.alias("hour"))
        night = dated.filter(pl.col("season").is_between(2000, 2005) & (pl.col("hour") == 21))
        assert night.height >= 102
        assert not (dated.filter(pl.col("season").is_between(2000, 2005))["hour"] == 9).any()
        timed = dated.filter(~pl.col("neutral") & (pl.col("event_precision") == "second"))
        assert timed["hour"].min() == 12

    def test_real_stamps_are_in_order(real: Parsed) -> None:
        test_stamps_are_in_order(real)
