"""One fixture's vector, from wherever it is found first."""

from __future__ import annotations

import os
import signal
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from sqlalchemy import text

from antepost.desk import open_desk
from antepost.desk.hot import HotState, Vector
from antepost.desk.lake import moment
from antepost.domain.clock import FixedClock
from antepost.engines import valkey_client
from antepost.engines.valkey import ValkeyServer
from antepost.errors import DataError, LeakageError
from antepost.lake import connect
from antepost.settings import Settings

# A Thursday of the invented season 2020: six weeks are played, the rest is ahead.
MOMENT = datetime(2020, 10, 15, 12, tzinfo=UTC)
CLOCK = FixedClock(MOMENT + timedelta(days=365))


@pytest.fixture
def ahead(settings: Settings) -> tuple[Settings, str]:
    """A home in which everything was laid out as of ``MOMENT``, and a fixture of the last week it knew of."""
    desk = open_desk(settings=settings, clock=CLOCK)
    desk.ingest("nfl", simulate=True, seasons=(2020, 2020))
    found = desk.hot.refresh("nfl", MOMENT)
    # The play-offs stand on no schedule yet.
    fixtures = desk.fixtures("nfl", 2020).filter(pl.col("event_at") > MOMENT, pl.col("week") <= 17)
    assert found.fixtures == fixtures.height == 192
    return settings, fixtures["fixture"][-1]


def bits(vector: Vector) -> bytes:
    return vector.values.tobytes()


def test_process_valkey_postgres_and_lake_give_the_same_bits(ahead: tuple[Settings, str]) -> None:
    settings, fixture = ahead
    warm = HotState(settings, CLOCK)
    warm.refresh("nfl", MOMENT)
    inside = warm.vector("nfl", fixture, as_of=MOMENT)
    beside = HotState(settings, CLOCK).vector("nfl", fixture, as_of=MOMENT)
    cold = HotState(settings.model_copy(update={"home": settings.home / "other"}), CLOCK)
    stored = cold.vector("nfl", fixture, as_of=MOMENT)
    built = HotState(settings, CLOCK).vector("nfl", fixture, as_of=MOMENT - timedelta(microseconds=1))
    assert [one.source for one in (inside, beside, stored, built)] == ["process", "valkey", "postgres", "lake"]
    assert bits(inside) == bits(beside) == bits(stored)
    assert inside.batch == stored.batch
    frame = open_desk(settings=settings, clock=CLOCK).features("nfl", 2020, as_of=MOMENT)
    row = frame.filter(frame["fixture"] == fixture).select(inside.columns).to_numpy().astype(np.float64)
    np.testing.assert_array_equal(inside.values, row[0])
    assert np.isfinite(built.values).sum() > 20


def test_a_moment_after_something_more_was_known_is_answered_from_the_lake(ahead: tuple[Settings, str]) -> None:
    hot = HotState(ahead[0], CLOCK)
    later = hot.vector("nfl", ahead[1], as_of=MOMENT + timedelta(days=21))
    assert later.source == "lake"
    assert bits(later) != bits(hot.vector("nfl", ahead[1], as_of=MOMENT))


def test_without_valkey_it_goes_on(ahead: tuple[Settings, str], tmp_path: Path) -> None:
    settings, fixture = ahead
    blocked = settings.model_copy(update={"valkey_url": f"unix://{tmp_path}/nobody.sock"})
    hot = HotState(blocked, CLOCK)
    assert hot.vector("nfl", fixture, as_of=MOMENT).source == "postgres"
    assert hot.refresh("nfl", MOMENT).fixtures > 50


def test_a_valkey_that_hangs_is_waited_for_once_and_postgres_has_the_answer(ahead: tuple[Settings, str]) -> None:
    """The library asked four times and waited five seconds each time: a vector took twenty-five."""
    settings, fixture = ahead
    with socket.create_server(("127.0.0.1", 0), backlog=8) as mute:
        port = mute.getsockname()[1]
        hung = HotState(settings.model_copy(update={"valkey_url": f"redis://127.0.0.1:{port}/0"}), CLOCK)
        told = [hung.vector("nfl", fixture, as_of=MOMENT) for _ in range(3)]
        mute.setblocking(False)
        mute.accept()[0].close()
        with pytest.raises(BlockingIOError):
            mute.accept()
    assert [one.source for one in told] == ["postgres"] * 3


def test_what_another_process_laid_out_later_is_seen(ahead: tuple[Settings, str]) -> None:
    """A desk that had laid out once answered from that for ever, whatever was laid out beside it."""
    settings, fixture = ahead
    ours, other = HotState(settings, CLOCK, look_every_s=0.0), HotState(settings, CLOCK)
    ours.refresh("nfl", MOMENT)
    assert ours.vector("nfl", fixture, as_of=MOMENT).source == "process"
    later = MOMENT + timedelta(days=7)
    other.refresh("nfl", later)
    seen = ours.vector("nfl", fixture, as_of=later)
    assert (seen.source, bits(seen)) == ("valkey", bits(other.vector("nfl", fixture, as_of=later)))
    ours.refresh("nfl", later)
    other.refresh("nfl", MOMENT)
    assert ours.vector("nfl", fixture, as_of=later).source == "process"


def test_a_valkey_that_was_killed_is_asked_again_and_postgres_has_the_answer(ahead: tuple[Settings, str]) -> None:
    settings, fixture = ahead
    pid = ValkeyServer(folder=settings.engines / "valkey").pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert HotState(settings, CLOCK).vector("nfl", fixture, as_of=MOMENT).source == "postgres"


def test_bytes_that_were_spoilt_are_passed_over(ahead: tuple[Settings, str]) -> None:
    settings, fixture = ahead
    client = valkey_client(settings)
    (name,) = client.keys("standing:nfl")
    field = next(field for field in client.hkeys(name) if field.decode().endswith(fixture))
    client.hset(name, field, client.hget(name, field)[:-1] + b"x")
    assert HotState(settings, CLOCK).vector("nfl", fixture, as_of=MOMENT).source == "postgres"
    client.set(name, b"no hash at all")
    assert HotState(settings, CLOCK).vector("nfl", fixture, as_of=MOMENT).source == "postgres"
    with connect(settings).begin() as connection:
        connection.execute(text("DROP TABLE star.standing"))
    assert HotState(settings, CLOCK).vector("nfl", fixture, as_of=MOMENT).source == "lake"


def test_a_season_with_nothing_ahead_is_laid_out_as_nothing(ahead: tuple[Settings, str]) -> None:
    assert HotState(ahead[0], CLOCK).refresh("nfl").fixtures == 0


def test_laying_out_as_of_before_any_schedule_is_refused_and_empties_nothing(ahead: tuple[Settings, str]) -> None:
    settings, fixture = ahead
    hot = HotState(settings, CLOCK)
    hot.refresh("nfl", MOMENT)
    with pytest.raises(DataError, match="no nfl fixture was known; the schedule at hand begins to be known at"):
        hot.refresh("nfl", datetime(1900, 1, 1, tzinfo=UTC))
    assert hot.vector("nfl", fixture, as_of=MOMENT).source == "process"


def test_a_stranger_and_the_future_are_refused_by_name(ahead: tuple[Settings, str]) -> None:
    hot = HotState(ahead[0], CLOCK)
    with pytest.raises(DataError, match="no nfl fixture '2020_99_XX_YY' was known"):
        hot.vector("nfl", "2020_99_XX_YY")
    with pytest.raises(DataError, match="5 is no fixture's name; antepost lake read fixtures nfl"):
        hot.vector("nfl", 5)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=r"'a\\x00b' is no fixture's name"):
        hot.vector("nfl", "a\0b")
    with pytest.raises(DataError, match=r"unknown information set \['none'\]; choose from none"):
        hot.vector("nfl", ahead[1], set=["none"])  # pyright: ignore[reportArgumentType]
    with pytest.raises(LeakageError, match="later than now"):
        hot.vector("nfl", ahead[1], as_of=CLOCK.now() + timedelta(seconds=1))
    with pytest.raises(DataError, match="as_of is 'close'; give a datetime"):
        hot.vector("nfl", ahead[1], as_of="close")  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=r"'close' is no moment; write 2023-09-10T17:00Z$"):
        # The word was refused by a text that offered it; where it may be written, it still does.
        moment("close")
    with pytest.raises(DataError, match=r"'clsoe' is no moment; write 2023-09-10T17:00Z, close, T-24h or T-6d$"):
        open_desk(settings=ahead[0]).lake.read("results", "nfl", as_of="clsoe")
    with pytest.raises(DataError, match="no time zone"):
        hot.vector("nfl", ahead[1], as_of=datetime(2020, 10, 15))  # noqa: DTZ001
    with pytest.raises(DataError, match="antepost ingest nba"):
        hot.refresh("nba")
