"""The CFL's scoreboard: what is a result, and what is only a state of play."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from antepost.errors import DataError
from antepost.ingestion.source import Parsed
from antepost.ingestion.sources.cfl_hockeytech import CFL_HOCKEYTECH
from tests.payloads.cfl import CALGARY, OTTAWA, ROUNDS, game


def _read(rounds: list[dict[str, object]]) -> Parsed:
    return CFL_HOCKEYTECH.read(json.dumps(rounds).encode(), CFL_HOCKEYTECH.parts(2026)[0])


def test_only_a_complete_game_has_a_result() -> None:
    results = _read(ROUNDS).tables["results"]
    assert results.select("fixture", "outcome").rows() == [("cfl-901", "home"), ("cfl-902", "draw")]
    assert results["known_at"][0] == datetime(2026, 6, 5, 2, 50, tzinfo=UTC)


def test_sides_that_are_not_decided_are_refused_until_they_are() -> None:
    parsed = _read(ROUNDS)
    assert parsed.tables["fixtures"].height == 4
    assert parsed.refused["reason"].to_list() == ["sides that are not decided yet"]


def test_a_play_off_is_known_a_day_before() -> None:
    fixtures = _read(ROUNDS).tables["fixtures"]
    assert fixtures["known_at"][3] == datetime(2026, 11, 6, 23, tzinfo=UTC)
    assert fixtures["week"].to_list() == [1, 1, 1, None]


def test_a_winner_without_the_higher_score_is_no_result() -> None:
    wrong = game(901, "2026-06-04T23:30:00+00:00", CALGARY, OTTAWA, (20, 15), "complete", 2)
    parsed = _read([{**ROUNDS[0], "tournaments": [wrong]}])
    assert parsed.tables["results"].is_empty()
    assert parsed.refused["reason"].to_list() == ["a winner who has not the higher score"]


@pytest.mark.parametrize("data", [b"", b"{}", b"[]", b'[{"type": "REG"}]', b"\xff\xfe"])
def test_rubbish_is_answered_with_what_is_wrong(data: bytes) -> None:
    with pytest.raises(DataError, match="scoreboard"):
        CFL_HOCKEYTECH.read(data, CFL_HOCKEYTECH.parts(2026)[0])
