"""Retrosheet's logs: suspended games, double-headers, ten-run innings, who was announced when."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion.source import Parsed, Part
from antepost.ingestion.sources.retrosheet import COLUMNS, RETROSHEET
from tests.payloads.mlb import LOG, line

PART = Part(name="GL2018", path="", season=2018)


@pytest.fixture(scope="module")
def parsed() -> Parsed:
    return RETROSHEET.read(LOG.encode(), PART)


def row(frame: pl.DataFrame, fixture: str) -> dict[str, object]:
    return frame.row(by_predicate=pl.col("fixture") == fixture, named=True)


def test_a_line_has_161_fields_each_with_a_name_of_its_own() -> None:
    assert len(COLUMNS) == len(set(COLUMNS)) == 161


def test_a_suspended_game_is_not_known_before_the_day_it_was_completed(parsed: Parsed) -> None:
    """Of 40 games since 2005 the log has the final score under the day on which they began."""
    for table in ("results", "periods", "team_stats"):
        frame = parsed.tables[table].filter(pl.col("fixture") == "mlb-CHN201805150")
        assert set(frame["event_at"]) == {datetime(2018, 5, 15, 12, tzinfo=UTC)}
        assert set(frame["known_at"]) == {datetime(2018, 6, 19, 12, tzinfo=UTC)}


def test_a_double_header_keeps_its_order_and_is_listed_a_day_ahead(parsed: Parsed) -> None:
    second = row(parsed.tables["fixtures"], "mlb-CHN201804022")
    assert second["sequence"] == 2
    assert second["known_at"] == datetime(2018, 4, 1, 12, tzinfo=UTC)
    assert row(parsed.tables["fixtures"], "mlb-CHN201804010")["known_at"] == datetime(2018, 3, 2, 12, tzinfo=UTC)


def test_an_inning_of_ten_runs_and_one_that_was_not_played(parsed: Parsed) -> None:
    innings = parsed.tables["periods"].filter(
        (pl.col("fixture") == "mlb-CHN201804021") & (pl.col("side") == "home")
    )  # fmt: skip
    assert innings["score"].to_list() == [0, 1, 0, 0, 0, 10, 0, 1]


def test_ten_innings_are_overtime_and_so_are_eight_of_a_short_double_header(parsed: Parsed) -> None:
    assert row(parsed.tables["results"], "mlb-CHN201804022")["ending"] == "overtime"
    short = "\n".join((
        line("20200815", 1, ("MIL", "CHN"), (1, 2), ("00000001", "01000001")),
        line("20200815", 2, ("MIL", "CHN"), (1, 2), ("0000001", "0100001")), "",
    ))  # fmt: skip
    results = RETROSHEET.read(short.encode(), Part(name="GL2020", path="", season=2020)).tables["results"]
    assert results["ending"].to_list() == ["overtime", "regulation"]


def test_line_ups_and_umpires_are_known_90_minutes_before(parsed: Parsed) -> None:
    rosters = parsed.tables["rosters"].filter(pl.col("fixture") == "mlb-CHN201804010")
    assert {"home_starter", "away_batting_9", "home_manager"} <= set(rosters["role"])
    assert rosters.height == 22
    assert set(rosters["known_at"]) == {datetime(2018, 4, 1, 10, 30, tzinfo=UTC)}
    assert parsed.tables["officials"].height == 4 * 3


def test_a_former_code_is_todays_team(parsed: Parsed) -> None:
    assert row(parsed.tables["fixtures"], "mlb-CHN201805150")["away"] == "ATH"


def test_innings_that_do_not_add_up_to_the_score_are_refused() -> None:
    wrong = line("20180401", 0, ("MIL", "CHN"), (4, 1), ("000010002", "001000000")) + "\n"
    refused = RETROSHEET.read(wrong.encode(), PART).refused
    assert refused["reason"].to_list() == ["a line score that is not the final score"]


def test_a_club_that_no_list_has_is_a_new_one() -> None:
    strange = line("20180401", 0, ("XXX", "CHN"), (3, 1), ("000010002", "001000000")) + "\n"
    read = RETROSHEET.read(strange.encode(), PART)
    assert read.refused.is_empty()
    assert read.tables["fixtures"]["away"].to_list() == ["XXX"]


def test_a_163rd_game_shows_the_day_before_it_is_played() -> None:
    """It is played because two clubs are level after the last day: known in March, it would say so."""
    fields = line("20181001", 0, ("MIL", "CHN"), (3, 1), ("000010002", "001000000")).split(",")
    fields[5] = fields[8] = "163"
    first = line("20180401", 0, ("MIL", "CHN"), (3, 1), ("000010002", "001000000"))
    read = RETROSHEET.read(f"{first}\n{','.join(fields)}\n".encode(), PART).tables["fixtures"]
    assert row(read, "mlb-CHN201810010")["known_at"] == datetime(2018, 9, 30, 12, tzinfo=UTC)
    assert row(read, "mlb-CHN201804010")["known_at"] == datetime(2018, 3, 2, 12, tzinfo=UTC)


def test_a_line_of_160_fields_is_refused_as_a_whole() -> None:
    with pytest.raises(DataError, match="161"):
        RETROSHEET.read(LOG.replace('"","Y"', '"Y"', 1).encode(), PART)
