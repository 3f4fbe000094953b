"""Drafts without players: both sides' heroes before, the winner in a row of its own after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import Parsed
from antepost.ingestion.sources.dota_drafts import DOTA_DRAFTS
from tests.payloads.drafts import NEWEST, explored, flagged

HEROES = [f"hero_{place}" for place in range(1, 6)]


def _read(name: str, data: bytes) -> Parsed:
    return DOTA_DRAFTS.read(data, next(part for part in DOTA_DRAFTS.parts(2026) if part.name == name))


def test_heroes_are_known_before_the_start_and_the_winner_after_the_end() -> None:
    drafts = _read("newest", NEWEST).tables["drafts"].filter(pl.col("game") == "dota2-4100000001")
    start = datetime(2018, 9, 8, 1, 1, 6, tzinfo=UTC)
    told = drafts.sort("role", "over").select("role", "over", "hero_1", "hero_5", "won", "known_at").rows()
    before, after = start - timedelta(seconds=90), start + timedelta(seconds=2000, minutes=30)
    assert told == [
        ("dire", False, "44", "121", None, before), ("dire", True, None, None, False, after),
        ("radiant", False, "33", "111", None, before), ("radiant", True, None, None, True, after),
    ]  # fmt: skip


def test_a_match_without_a_start_is_known_when_the_file_was_packed() -> None:
    data = explored((8242099319, True, [5, 4, 3, 2, 1], [6, 7, 8, 9, 10]))
    drafts = _read("public_2025", data).tables["drafts"]
    assert set(drafts["known_at"]) == {datetime(2025, 5, 7, 13, 8, tzinfo=UTC)}
    assert set(drafts["event_at"]) == {datetime.fromtimestamp(1743802973, UTC)}
    assert set(drafts["event_precision"]) == {"none"}
    assert drafts.filter(~pl.col("over")).sort("role").select(HEROES).row(1) == ("1", "2", "3", "4", "5")


def test_a_draft_that_cannot_be_is_refused() -> None:
    whole, four = [6, 7, 8, 9, 10], [1, 2, 3, 4]
    data = explored(
        (8242099319, True, [*four, 5], whole), (8242099320, True, four, whole), (8242099321, True, [*four, 6], whole),
        (8242099322, True, [*four, 0], whole), (8242099319, True, [*four, 5], whole),
    )  # fmt: skip
    parsed = _read("public_2025", data)
    assert parsed.tables["drafts"].height == 4
    assert parsed.refused["reason"].to_list() == [
        "not five heroes a side", "a hero twice", "not five heroes a side", "the same match again",
    ]  # fmt: skip


def test_flags_of_2016_name_the_heroes_by_their_place() -> None:
    data = flagged(-1, [1, 2, 3, 4, 113], [50, 60, 70, 80, 90])
    drafts = _read("uci_2016", data).tables["drafts"].sort("role", "over")
    assert drafts["game"].unique().to_list() == ["uci-2016-1"]
    assert drafts.select(HEROES).rows()[2] == ("1", "2", "3", "4", "113")
    assert drafts["won"].to_list() == [None, True, None, False]


@pytest.mark.parametrize("data", [b"", b"x\n", b"1,2,3,4\n", flagged(0, [], []), flagged(1, [], [])[:-1]])
def test_a_set_of_2016_that_is_damaged_is_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        _read("uci_2016", data)


@pytest.mark.parametrize("data", [b"", b"rubbish", explored()])
def test_an_archive_without_matches_is_refused(data: bytes) -> None:
    with pytest.raises(DataError):
        _read("public_2025", data)
