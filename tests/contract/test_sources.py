"""What every registered source keeps, over invented bytes; and over the real files, where a mirror is named."""

from __future__ import annotations

import importlib
import os
import re
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.errors import DataError, SourceAbsent
from antepost.ingestion import SOURCES, Parsed, Part, Source, fetch
from antepost.ingestion.checks import sound
from antepost.ingestion.findings import NOT_OURS
from antepost.ingestion.freshness import owed_within
from antepost.lake.schemas import TABLES, table_of
from antepost.simulation import WORLDS
from antepost.sports import SPORTS

HOWS = {"recorded", "published", "bounded", "assumed"}
MIRROR = os.environ.get("ANTEPOST_MIRROR")
YEAR = 2026
AFTER = {"results", "periods", "team_stats", "player_stats", "weather", "minute_states", "round_states", "ticks"}
"""Tables whose rows nobody can know before the start."""

NO_BYTES = {
    "simulated", "simulated_openings", *(f"simulated_{sport}" for sport in WORLDS),
    "open_meteo_nfl", "open_meteo_mlb", "espn_nba", "espn_wnba", "espn_ncaab",
    *(f"the_odds_api_{sport}" for sport in ("ncaaf", "cfl", "nba", "ncaab", "wnba", "mlb", "nhl", "atp", "wta")),
}  # fmt: skip
"""Sources of which no real answer has been seen; docs/sources.md says so too."""

# Bytes for each source: the part they stand for, and an invented payload; a source without them has not been tried.
PAYLOADS: dict[str, tuple[str, bytes]] = {}
for file in sorted((Path(__file__).parents[1] / "payloads").glob("*.py")):
    PAYLOADS |= importlib.import_module(f"tests.payloads.{file.stem}").PAYLOADS


@pytest.fixture(scope="module", params=sorted(SOURCES))
def source(request: pytest.FixtureRequest) -> Source:
    return SOURCES[request.param]


@pytest.fixture(scope="module")
def part(source: Source) -> Part:
    found = source.part(PAYLOADS[source.name][0], YEAR)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def payload(source: Source) -> bytes:
    return PAYLOADS[source.name][1]


@pytest.fixture(scope="module")
def parsed(source: Source, part: Part, payload: bytes) -> Parsed:
    return source.read(payload, part)


def test_a_source_describes_itself(source: Source) -> None:
    assert SOURCES[source.name] is source
    assert source.sport in SPORTS
    assert source.tier in {"A", "B", "C"}
    assert source.terms
    owed = owed_within(source)
    assert owed is None or owed > timedelta(0)
    assert re.fullmatch(r"[a-z0-9-]+-\d+", source.parser)


def test_its_parts_have_names_and_places_of_their_own(source: Source) -> None:
    parts = source.parts(YEAR)
    assert len({part.name for part in parts}) == len(parts) > 0
    if source.simulated:
        return
    assert len({part.path for part in parts}) == len(parts)
    assert not any(part.path.startswith("/") or ".." in part.path for part in parts)
    assert all(part.url is None or part.url.startswith("https://") for part in parts)


def test_every_column_has_a_rule_for_when_it_is_known(source: Source) -> None:
    for column, rule in source.known_at.items():
        assert any(how in rule for how in HOWS), column


def test_a_payload_that_lacks_a_column_is_refused_or_read_without_it(
    source: Source, part: Part, payload: bytes, parsed: Parsed
) -> None:
    refused, named = 0, 0
    for column in source.known_at:
        without = payload.replace(column.encode(), b"gone", 1)
        if without == payload:
            continue
        named += 1
        try:
            again = source.read(without, part)
        except DataError:
            refused += 1
        else:
            assert again.games == parsed.games, column
    # A log without a header names no column that could be missing.
    assert refused or not named


def test_rows_fit_their_tables_and_say_whose_they_are(source: Source, parsed: Parsed) -> None:
    assert set(parsed.tables) <= set(TABLES)
    assert sum(frame.height for frame in parsed.tables.values())
    for name, frame in parsed.tables.items():
        assert dict(frame.schema) == table_of(name, source.sport).claimed
        assert set(frame["sport"]) <= {source.sport}
        assert set(frame["league"]) <= set(SPORTS[source.sport].leagues), name


def test_rows_keep_the_rules_of_their_tables(parsed: Parsed) -> None:
    for name, frame in parsed.tables.items():
        kept, refused = sound(name, frame.with_columns(pl.lit("invented").alias("raw")))
        assert refused.is_empty(), (name, refused["reason"].to_list())
        assert kept.height == frame.height


def test_no_line_is_a_zero_with_a_sign(parsed: Parsed) -> None:
    """Minus nought hashes and prints as another number than nought, and an even spread turned round once was one."""
    prices = parsed.tables.get("prices")
    if prices is not None:
        even = prices.filter(pl.col("line") == 0.0)
        assert [line for line in even["line"] if str(line) != "0.0"] == []


def test_stamps_are_in_order(parsed: Parsed) -> None:
    _stamps_are_in_order(parsed)


def _stamps_are_in_order(parsed: Parsed) -> None:
    for name, frame in parsed.tables.items():
        assert set(frame["known_how"]) <= HOWS
        assert set(frame["event_precision"]) <= {"second", "day", "tournament", "none"}
        before = frame["known_at"] < frame["event_at"]
        if name in AFTER:
            observed = (
                frame["kind"] == "observed" if name == "weather" else pl.Series([True]).new_from_index(0, frame.height)
            )
            assert not (before & observed).any(), name
        elif name in {"fixtures", "venues", "rosters", "officials"}:
            # What belongs to no fixture is a list of its own day.
            assert (before | frame["fixture"].is_null()).all(), name


def test_sides_do_not_tell_who_won(source: Source, parsed: Parsed) -> None:
    """A source that lists the winner first would give the result away in the names of the sides."""
    results = parsed.tables.get("results")
    if results is not None and SPORTS[source.sport].interchangeable and results.height > 5:
        assert results["outcome"].n_unique() > 1


def test_the_same_bytes_give_the_same_rows(source: Source, part: Part, payload: bytes, parsed: Parsed) -> None:
    again = source.read(payload, part)
    assert all(again.tables[name].equals(frame) for name, frame in parsed.tables.items())
    assert again.refused.equals(parsed.refused)


def test_a_payload_that_is_cut_off_is_refused(source: Source, part: Part, payload: bytes) -> None:
    for length in (0, 10, len(payload) // 2, len(payload) - 1):
        with pytest.raises(DataError):
            source.read(payload[:length], part)


def test_a_built_in_source_gives_the_same_bytes_every_time(source: Source) -> None:
    if source.generate is not None:
        assert source.generate() == source.generate()


if MIRROR:

    @pytest.mark.parametrize("name", sorted(set(SOURCES) - NO_BYTES))
    def test_the_real_files_are_read(name: str) -> None:
        """Every file at hand is read, its rows fit, and hardly any is refused."""
        source, read, games, refused = SOURCES[name], 0, 0, 0
        for part in source.parts(YEAR):
            try:
                data = fetch(source, part, MIRROR).data
            except SourceAbsent:
                continue
            parsed = source.read(data, part)
            _stamps_are_in_order(parsed)
            unusable = parsed.refused.filter(~pl.col("reason").str.contains(NOT_OURS))
            read, games, refused = read + 1, games + parsed.games, refused + unusable.height
        assert read > 0
        assert games > 0
        assert refused <= 0.08 * games, (read, games, refused)
