"""A lake in an object store is the lake in a folder: the same loads, the same facts, one writer at a time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from antepost.desk.doctor import _lake
from antepost.domain.clock import FixedClock
from antepost.errors import DataError, EngineError
from antepost.ingestion import ingest, ingest_all
from antepost.lake import asof, bucket, own, raw, silver, upkeep
from antepost.lake.batches import Batch, batches, commit, loading, pending, watermark
from antepost.lake.bucket import Bucket
from antepost.lake.store import store_of
from antepost.settings import Settings, get_settings
from tests.object_store import ObjectStore, serving
from tests.tour import mirror_in

NOW = datetime(2031, 9, 20, 8, tzinfo=UTC)
_LOAD = """
import sys
from datetime import UTC, datetime
from antepost.domain.clock import FixedClock
from antepost.ingestion import ingest
from antepost.settings import get_settings

ingest(get_settings(), "atp", FixedClock(datetime(2031, 9, 20, 8, tzinfo=UTC)), mirror=sys.argv[1])
"""


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectStore]:
    with serving() as server:
        yield server


@pytest.fixture
def place(server: ObjectStore, home: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in server.variables.items():
        monkeypatch.setenv(name, value)
    return get_settings(home=home, lake_url=server.bucket(), mirror=None)


@pytest.fixture
def mirror(tmp_path: Path) -> str:
    return mirror_in(tmp_path / "mirror")


def entry(number: int) -> Batch:
    return Batch(number=number, sport="atp", source="x", payloads=(), received_at=NOW, parser="1")


def test_several_sources_load_into_a_bucket_as_into_a_folder(place: Settings, tmp_path: Path, mirror: str) -> None:
    folder = get_settings(home=tmp_path / "folder", mirror=None)
    for settings in (place, folder):
        ingest_all(settings, "atp", FixedClock(NOW), mirror=mirror)
    assert watermark(place) == 2
    assert batches(place) == batches(folder)
    facts, same = asof.facts(place, "atp"), asof.facts(folder, "atp")
    assert facts["prices"].height > 0
    assert all(frame.equals(same[name]) for name, frame in facts.items())
    assert [report.batch for report in ingest_all(place, "atp", FixedClock(NOW), mirror=mirror).reports] == [None] * 2
    assert not place.silver.exists()
    assert not place.bronze.exists()


def test_tables_that_were_lost_are_written_again_and_small_files_become_one(place: Settings, mirror: str) -> None:
    ingest(place, "atp", FixedClock(NOW), mirror=mirror)
    before = asof.facts(place, "atp")
    store_of(place).remove("silver/atp/fixtures")
    assert "fixtures" not in {name for name, _, _ in silver.tables(place)}
    ingest(place, "atp", FixedClock(NOW), mirror=mirror)
    assert {each.after for each in upkeep.compact(place)} == {1}
    assert all(frame.equals(before[name]) for name, frame in asof.facts(place, "atp").items())


def test_facts_of_your_own_lie_there_too(place: Settings) -> None:
    mood = pl.DataFrame({"fixture": ["a"], "happens": [NOW], "known": [NOW], "mood": [1.0]})
    assert own.add(place, "mood", mood, NOW, event_at="happens", known_at="known") == 1
    rows, key = own.rows(place, "mood")
    assert (rows["mood"].to_list(), key) == ([1.0], ("fixture",))


def test_bytes_come_back_and_missing_ones_are_named_by_their_url(place: Settings) -> None:
    sha = raw.store(place, b"invented")
    assert raw.read(place, sha) == b"invented"
    with pytest.raises(DataError, match=f"no raw bytes abcd at {place.lake_url}/bronze/ab/abcd"):
        raw.read(place, "abcd")


def test_what_a_killed_load_left_goes_with_the_next_run(place: Settings, server: ObjectStore, mirror: str) -> None:
    """The lease of the one that was killed is free at once: its home's lock tells that it is dead."""
    given = {**os.environ, **server.variables, "ANTEPOST_LAKE_URL": str(place.lake_url)}
    given |= {"ANTEPOST_HOME": str(place.home), "ANTEPOST_KILL_AT": "silver.appended"}
    killed = subprocess.run([sys.executable, "-c", _LOAD, mirror], env=given, capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert (pending(place), watermark(place)) == ("atp", 0)
    began = time.monotonic()
    assert ingest(place, "atp", FixedClock(NOW), mirror=mirror).batch == 1
    assert time.monotonic() - began < Bucket(place.lake, place.home).patience
    [load] = batches(place)
    assert silver.counts(place, "fixtures", "atp") == {1: load.rows["fixtures"]}


def test_a_writer_of_another_home_waits_until_the_first_is_done(place: Settings, tmp_path: Path) -> None:
    one, other = (Bucket(place.lake, tmp_path / name, patience=6.0) for name in ("one", "other"))
    order: list[str] = []

    def second() -> None:
        with other.writing():
            order.append("second")

    with one.writing():
        waiting = threading.Thread(target=second)
        waiting.start()
        time.sleep(0.5)
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]


def test_a_lease_that_nobody_renews_goes_to_the_next_and_its_holder_commits_nothing(
    place: Settings, tmp_path: Path
) -> None:
    with loading(place):
        silenced = Bucket(place.lake, place.home)
        held = bucket._held[silenced]
        held._done.set()
        held._thread.join()
        with Bucket(place.lake, tmp_path / "other", patience=0.6).writing():
            pass
        held._taken = not held._put(held.holder, held._version)
        with pytest.raises(EngineError, match=r"the lease on s3://.* was lost"):
            silenced.require_writing()
        with pytest.raises(EngineError, match=r"the lease on s3://.* was lost"):
            commit(place, entry(1))
    assert watermark(place) == 0


def test_one_number_goes_to_one_load(place: Settings) -> None:
    commit(place, entry(1))
    with pytest.raises(FileExistsError):
        store_of(place).create("batches/00000001.json", b"{}")
    with pytest.raises(DataError, match="batch 3 does not follow 1"):
        commit(place, entry(3))


def test_a_store_that_does_not_answer_is_named_with_what_to_see(
    place: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    gone = get_settings(home=place.home, lake_url="s3://gone/lake")
    with pytest.raises(EngineError, match=r"s3://gone/lake does not answer .* see ANTEPOST_LAKE_URL and the AWS_\*"):
        watermark(gone)
    assert _lake(gone).state == "fail"
