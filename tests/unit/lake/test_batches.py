"""The batch log: its files are the loads that happened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from antepost.errors import DataError
from antepost.lake.batches import Batch, Payload, batches, commit, loading, newest, watermark
from antepost.settings import Settings, get_settings


@pytest.fixture
def place(home: Path) -> Settings:
    return get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)


def batch(number: int, sport: str = "nfl") -> Batch:
    received = datetime(2031, 9, number, 1, 2, 3, 456789, tzinfo=UTC)
    return Batch(
        number=number, sport=sport, source="invented", payloads=(Payload(part="games", raw="ab"),),
        received_at=received, parser="1", seasons=(2030, 2031), rows={"fixtures": 3},
    )  # fmt: skip


def test_an_empty_home_has_no_loads(place: Settings) -> None:
    assert batches(place) == []
    assert newest(place) is None
    assert watermark(place) == 0


def test_a_batch_comes_back_as_it_was_committed(place: Settings) -> None:
    commit(place, batch(1))
    assert batches(place) == [batch(1)]
    assert sorted(path.name for path in place.batches.iterdir()) == ["00000001.json"]


def test_the_watermark_of_a_sport_is_its_own_last_load(place: Settings) -> None:
    commit(place, batch(1))
    commit(place, batch(2, "nba"))
    assert (watermark(place), watermark(place, "nfl"), watermark(place, "nhl")) == (2, 1, 0)
    assert batches(place, "nba") == [batch(2, "nba")]


def test_numbers_follow_each_other(place: Settings) -> None:
    with pytest.raises(DataError, match="batch 2 does not follow 0"):
        commit(place, batch(2))


def test_a_gap_in_the_log_is_noticed(place: Settings) -> None:
    for number in (1, 2):
        commit(place, batch(number))
    (place.batches / "00000001.json").unlink()
    with pytest.raises(DataError, match="has a gap"):
        batches(place)


@pytest.mark.parametrize("text", ["", "{}", '{"number": 1'])
def test_an_entry_that_does_not_parse_is_named(place: Settings, text: str) -> None:
    place.batches.mkdir(parents=True)
    (place.batches / "00000001.json").write_text(text)
    with pytest.raises(DataError, match=r"00000001\.json does not parse"):
        batches(place)


def test_a_draft_that_a_killed_load_left_is_swept_by_the_next(place: Settings) -> None:
    place.batches.mkdir(parents=True)
    draft = place.batches / "00000001.json.99.unfinished"
    draft.write_text("{")
    assert batches(place) == []
    with loading(place):
        assert not draft.exists()
