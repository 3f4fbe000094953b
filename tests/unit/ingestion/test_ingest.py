"""Loads as a whole: what is stored, what is refused, what a kill leaves behind; on invented games."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.domain import FixedClock
from antepost.errors import DataError, SourceError
from antepost.ingestion import IngestReport, ingest, replay
from antepost.lake import asof, facts, raw, silver, watermark
from antepost.lake.batches import batches
from antepost.settings import Settings, get_settings

type Row = dict[str, str]
type MakeGame = Callable[..., Row]
type MakeFile = Callable[..., bytes]
type Load = Callable[..., IngestReport]

RECEIPT = datetime(2031, 9, 20, 8, tzinfo=UTC)
PAIRS = (("KC", "BUF"), ("MIA", "NYJ"), ("DAL", "SF"))

SCRIPT = """
import sys
from datetime import datetime
from antepost.domain import FixedClock
from antepost.ingestion import ingest
from antepost.settings import get_settings
settings = get_settings(home=sys.argv[1])
report = ingest(settings, "nfl", FixedClock(datetime.fromisoformat(sys.argv[3])), mirror=sys.argv[2])
print(report.batch)
"""


@pytest.fixture
def load(place: Settings, mirror: Callable[[bytes], str]) -> Load:
    """Put bytes on the mirror and ingest them."""

    def run(data: bytes, hours: int = 0, seasons: tuple[int, int] | None = None) -> IngestReport:
        clock = FixedClock(RECEIPT + timedelta(hours=hours))
        return ingest(place, "nfl", clock, mirror=mirror(data), seasons=seasons)

    return run


@pytest.fixture
def season(game: MakeGame, file: MakeFile) -> Callable[..., bytes]:
    """Write three games, with the columns given changed in the first."""

    def make(**columns: str) -> bytes:
        first, *others = PAIRS
        return file(game(*first, **columns), *(game(*pair) for pair in others))

    return make


def start(home: Path, mirror: str, kill_at: str | None = None) -> subprocess.Popen[str]:
    environment = {**os.environ, **({"ANTEPOST_KILL_AT": kill_at} if kill_at else {})}
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(home), mirror, RECEIPT.isoformat()],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def same_facts(one: Settings, other: Settings) -> bool:
    left, right = facts(one, "nfl"), facts(other, "nfl")
    return all(left[name].equals(right[name]) for name in left)


def test_a_load_keeps_the_bytes_and_reports_what_it_did(
    load: Load, place: Settings, season: Callable[..., bytes]
) -> None:
    data = season()
    report = load(data)
    assert raw.read(place, report.payloads[0][1]) == data
    assert (report.batch, report.games, report.refused, report.simulated) == (1, 3, 0, False)
    assert report.added["prices"] == 18
    assert sum(report.known_how.values()) == pytest.approx(1.0)
    [batch] = batches(place)
    assert batch.rows == {**report.added}
    assert batch.received_at == RECEIPT
    assert facts(place, "nfl")["results"].height == 3


def test_the_same_bytes_again_are_no_new_load(load: Load, place: Settings, season: Callable[..., bytes]) -> None:
    load(season())
    assert load(season(), hours=1).batch is None
    assert watermark(place) == 1


def test_a_correction_is_a_load_that_adds_only_what_changed(
    load: Load, place: Settings, season: Callable[..., bytes]
) -> None:
    load(season())
    report = load(season(home_score="24"), hours=5)
    assert report.batch == 2
    assert report.added == {"results": 1}
    rows = facts(place, "nfl")["results"].filter(pl.col("batch") == 2)
    assert rows["known_at"].to_list() == [RECEIPT + timedelta(hours=5)]
    assert facts(place, "nfl", batch=1)["results"]["batch"].to_list() == [1, 1, 1]


def test_a_refused_row_lies_in_the_quarantine_once(load: Load, place: Settings, season: Callable[..., bytes]) -> None:
    assert load(season(home_moneyline="50")).refused == 1
    assert load(season(home_moneyline="50", home_score="24"), hours=1).refused == 0
    kept = silver.read(place, "quarantine", "nfl")
    assert kept["reason"].to_list() == ["an impossible price: American odds between -100 and 100"]
    assert kept["batch"].to_list() == [1]
    assert "nfl-2031-01-KC-BUF" in kept["row"][0]


def test_seasons_are_taken_from_first_to_last(load: Load, place: Settings, game: MakeGame, file: MakeFile) -> None:
    data = file(*(game(season=str(year), gameday=f"{year}-09-07") for year in (2029, 2030, 2031, 2032)))
    load(data, seasons=(2030, 2031))
    assert facts(place, "nfl")["fixtures"]["season"].to_list() == [2030, 2031]
    assert load(data, seasons=(2030, 2032), hours=1).added["fixtures"] == 1
    again = replay(batches(place), lambda sha: raw.read(place, sha))
    assert again["fixtures"].equals(facts(place, "nfl")["fixtures"])


def test_a_broken_file_leaves_its_bytes_and_no_row(load: Load, place: Settings, season: Callable[..., bytes]) -> None:
    load(season())
    before = facts(place, "nfl")
    broken = season(home_score="24")[:-7]
    with pytest.raises(DataError, match="cut off"):
        load(broken)
    assert watermark(place) == 1
    assert all(before[name].equals(frame) for name, frame in facts(place, "nfl").items())
    assert sum(path.is_file() for path in place.bronze.rglob("*")) == 2


def test_real_and_simulated_facts_do_not_share_a_home(
    load: Load, place: Settings, season: Callable[..., bytes]
) -> None:
    load(season())
    with pytest.raises(SourceError, match="holds real facts and simulated is simulated"):
        ingest(place, "nfl", FixedClock(RECEIPT), source="simulated")


def test_a_simulated_home_takes_no_real_facts(load: Load, place: Settings, season: Callable[..., bytes]) -> None:
    report = ingest(place, "nfl", FixedClock(RECEIPT), source="simulated")
    assert report.simulated
    assert [batch.simulated for batch in batches(place)] == [True]
    with pytest.raises(SourceError, match="holds simulated facts and nflverse is real"):
        load(season())


def test_a_source_of_another_sport_is_refused(place: Settings) -> None:
    with pytest.raises(SourceError, match="is of nfl, not of chess"):
        ingest(place, "chess", FixedClock(RECEIPT), source="simulated")
    with pytest.raises(SourceError, match="no primary source"):
        ingest(place, "chess", FixedClock(RECEIPT))


def test_progress_is_told_a_line_a_step(
    place: Settings, mirror: Callable[[bytes], str], season: Callable[..., bytes]
) -> None:
    told: list[str] = []
    ingest(place, "nfl", FixedClock(RECEIPT), mirror=mirror(season()), progress=told.append)
    assert told == ["fetch nflverse", "parse nflverse games", "compare nflverse", "append batch 1"]


def test_tables_equal_a_replay_after_several_loads(load: Load, place: Settings, season: Callable[..., bytes]) -> None:
    load(season(surface=""))
    load(season(home_score="24", gameday="2031-09-08"), hours=1)
    load(season(home_moneyline="0"), hours=2)
    again = replay(batches(place), lambda sha: raw.read(place, sha))
    for name, frame in facts(place, "nfl").items():
        assert again[name].equals(frame), name
        assert asof.canonical(name, frame).equals(frame)


def test_silver_that_was_lost_is_written_again_from_the_raw_bytes(
    load: Load, place: Settings, season: Callable[..., bytes]
) -> None:
    load(season(home_moneyline="50"))
    load(season(home_score="24"), hours=1)
    before = facts(place, "nfl")
    refused = silver.read(place, "quarantine", "nfl")
    shutil.rmtree(place.silver)
    assert load(season(home_score="24"), hours=2).batch is None
    assert all(before[name].equals(frame) for name, frame in facts(place, "nfl").items())
    assert silver.read(place, "quarantine", "nfl").equals(refused)


def test_rows_that_a_killed_load_left_go_without_the_earlier_loads_bytes(
    load: Load, place: Settings, season: Callable[..., bytes]
) -> None:
    """Dropping them is enough; nothing has to be replayed, so nothing old has to be at hand."""
    load(season())
    left = silver.read(place, "results", "nfl").with_columns(pl.lit(2, pl.Int64).alias("batch"))
    silver.append(place, "results", left, 2)
    shutil.rmtree(place.bronze)
    assert load(season(home_score="24"), hours=1).added == {"results": 1}
    assert silver.counts(place, "results", "nfl") == {1: 3, 2: 1}


@pytest.mark.parametrize("boundary", ["bronze.stored", "silver.appended", "batch.committed"])
def test_a_kill_at_any_boundary_leaves_what_an_undisturbed_twin_has(
    boundary: str, tmp_path: Path, mirror: Callable[[bytes], str], season: Callable[..., bytes]
) -> None:
    root = mirror(season(home_moneyline="50"))
    hurt, twin = (get_settings(home=tmp_path / name, mirror=None) for name in ("hurt", "twin"))
    killed = start(hurt.home, root, kill_at=boundary)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    stored = watermark(hurt)
    assert stored == (1 if boundary == "batch.committed" else 0)
    assert all(facts(hurt, "nfl")[name].is_empty() == (stored == 0) for name in ("fixtures", "results", "prices"))
    report = ingest(hurt, "nfl", FixedClock(RECEIPT), mirror=root)
    assert report.batch == (None if stored else 1)
    ingest(twin, "nfl", FixedClock(RECEIPT), mirror=root)
    assert same_facts(hurt, twin)
    assert silver.read(hurt, "quarantine", "nfl").equals(silver.read(twin, "quarantine", "nfl"))
    assert batches(hurt) == batches(twin)


def test_two_loads_at_once_make_one_batch(
    tmp_path: Path, mirror: Callable[[bytes], str], season: Callable[..., bytes]
) -> None:
    root = mirror(season())
    both = [start(tmp_path / "both", root) for _ in range(2)]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert sorted(out.strip() for out, _ in told) == ["1", "None"]
    shared = get_settings(home=tmp_path / "both", mirror=None)
    assert facts(shared, "nfl")["fixtures"].height == 3
