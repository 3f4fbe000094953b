from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from antepost.domain.fixture import Fixture, FixtureId
from antepost.errors import DataError

GAME = Fixture(
    sport="nfl",
    league="nfl",
    season=2023,
    fixture=FixtureId("2023_01_DET_KC"),
    event_at=datetime(2023, 9, 8, 0, 20, tzinfo=UTC),
    home="KC",
    away="DET",
    neutral=False,
    stage="REG",
    week=1,
    venue=None,
)


def test_a_fixture_cannot_be_changed_only_replaced() -> None:
    with pytest.raises(FrozenInstanceError):
        GAME.week = 2  # pyright: ignore[reportAttributeAccessIssue]
    assert replace(GAME, week=2).week == 2


@pytest.mark.parametrize(
    "start",
    [
        datetime(2023, 9, 8, 0, 20),  # noqa: DTZ001
        datetime(2023, 9, 7, 19, 20, tzinfo=timezone(timedelta(hours=-5))),
    ],
)
def test_a_start_that_is_not_in_utc_is_refused(start: datetime) -> None:
    with pytest.raises(DataError, match="not in UTC"):
        replace(GAME, event_at=start)


def test_a_team_cannot_meet_itself() -> None:
    with pytest.raises(DataError, match="both sides"):
        replace(GAME, away="KC")
