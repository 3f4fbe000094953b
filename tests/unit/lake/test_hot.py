"""Both places of the hot state keep to the same contract."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from antepost.engines import valkey_client
from antepost.lake.hot import HotStore, InPostgres, InValkey
from antepost.settings import Settings


@pytest.fixture(params=["valkey", "postgres"])
def store(request: pytest.FixtureRequest, settings: Settings, database: Engine) -> HotStore:
    """An empty store."""
    return InValkey(valkey_client(settings)) if request.param == "valkey" else InPostgres(database)


def test_bytes_come_back_as_they_were(store: HotStore) -> None:
    store.put("nfl", "lock", {"a": b"\x00\xff", "b": b""})
    assert (store.get("nfl", "lock", "a"), store.get("nfl", "lock", "b")) == (b"\x00\xff", b"")


def test_nothing_is_found_of_another_sport_catalogue_or_fixture(store: HotStore) -> None:
    store.put("nfl", "lock", {"a": b"1"})
    assert [store.get(*key) for key in (("nba", "lock", "a"), ("nfl", "other", "a"), ("nfl", "lock", "b"))] == [
        None, None, None,
    ]  # fmt: skip


def test_what_is_put_takes_the_place_of_all_that_was_there_of_the_sport(store: HotStore) -> None:
    store.put("nfl", "lock", {"a": b"1", "b": b"2"})
    store.put("nba", "lock", {"a": b"3"})
    store.put("nfl", "lock", {"b": b"4"})
    assert [store.get("nfl", "lock", name) for name in "ab"] == [None, b"4"]
    assert store.get("nba", "lock", "a") == b"3"
    store.put("nfl", "lock", {})
    assert store.get("nfl", "lock", "b") is None


def test_of_many_that_write_at_once_one_stands_whole(store: HotStore) -> None:
    written = [{f"{n}-{i}": bytes([n]) for i in range(20)} for n in range(8)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda standings: store.put("nfl", "lock", standings), written))
    found = [{name: store.get("nfl", "lock", name) for name in standings} for standings in written]
    assert [one for one in found if any(one.values())] == [one for one in written if one in found]


def test_what_was_laid_out_under_an_older_catalogue_is_not_kept_for_ever(store: HotStore) -> None:
    store.put("nfl", "older", {"a": b"1"})
    store.put("nfl", "newer", {"a": b"2"})
    assert store.get("nfl", "older", "a") is None
