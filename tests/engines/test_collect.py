"""`antepost collect` as a program of its own: over a server of this machine, killed, ended, and started twice."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.errors import SettingsError
from antepost.ingestion import replay
from antepost.ingestion.polling import Collector, CollectPolicy, polls
from antepost.lake import facts, raw
from antepost.lake.batches import batches
from antepost.settings import Settings, get_settings
from tests.collecting import LEFT, ODDS, Stepping, World, know, odds, world
from tests.upstream import says

HOUR = timedelta(hours=1)
PRICES = "the_odds_api_nfl"
HASTY = "collect: {match_day_s: 1, in_play_s: 1, scores_s: 1}\n"
# One poll and its reading, without what the command line loads besides.
SCRIPT = """
import sys, threading
from antepost.domain.clock import SystemClock
from antepost.ingestion.polling import Collector, CollectPolicy, polls
from antepost.settings import get_settings

settings, clock, mirror = get_settings(home=sys.argv[1]), SystemClock(), sys.argv[2]
chosen = polls(settings, clock.now(), mirror, sources=("the_odds_api_nfl",))
Collector(settings, chosen, CollectPolicy(), clock, threading.Event(), print, mirror=mirror).run(once=True)
"""


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def feeds() -> Iterator[World]:
    """The server, two hours before a game."""
    with world(now() + 2 * HOUR) as made:
        yield made


@pytest.fixture
def knowing(home: Path, feeds: World, tmp_path: Path) -> Settings:
    """A home that knows the game."""
    settings = get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)
    know(settings, feeds.start, tmp_path / "mirror")
    return settings


def command(feeds: World, *words: str) -> list[str]:
    return [sys.executable, "-m", "antepost", "collect", "--sport", "nfl", "--mirror", feeds.url, *words]


def environment(settings: Settings, **variables: str) -> dict[str, str]:
    return {**os.environ, "ANTEPOST_HOME": str(settings.home), **variables}


def collect_later(settings: Settings, feeds: World) -> None:
    """Poll prices once more, ten minutes from now."""
    clock = Stepping(now() + timedelta(minutes=10))
    chosen = polls(settings, clock.at, feeds.url, sources=(PRICES,))
    Collector(settings, chosen, CollectPolicy(), clock, clock, lambda _: None, mirror=feeds.url).run(once=True)


def ours(settings: Settings) -> dict[str, pl.DataFrame]:
    """Return what polls brought."""
    polled = [batch.number for batch in batches(settings) if batch.polled]
    return {name: frame.filter(pl.col("batch").is_in(polled)) for name, frame in facts(settings, "nfl").items()}


def home_odds(settings: Settings) -> pl.DataFrame:
    return ours(settings)["prices"].filter(pl.col("outcome") == "home").sort("known_at")


def test_once_is_in_silver_no_earlier_than_its_receipt_and_a_correction_is_a_revision(
    knowing: Settings, feeds: World
) -> None:
    began = now()
    words = command(feeds, "--once", "--json")
    done = subprocess.run(words, env=environment(knowing), capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    assert {event["kind"] for event in json.loads(done.stdout)["events"]} == {"asked", "read"}
    first = ours(knowing)
    assert {name for name, frame in first.items() if frame.height} == {"prices", "injuries", "weather"}
    assert all((frame["known_at"] >= began).all() for frame in first.values())
    feeds.answers[ODDS] = says(200, odds(feeds.start, 1.7, feeds.start - 5 * HOUR), **LEFT)
    collect_later(knowing, feeds)
    prices = home_odds(knowing)
    assert prices["odds"].to_list() == [1.9, 1.7]
    assert prices["quoted_at"].n_unique() == 1
    assert prices["known_at"][1] >= began + timedelta(minutes=10)


@pytest.mark.parametrize("boundary", ["bronze.stored", "silver.appended"])
def test_a_kill_loses_nothing_that_was_kept_and_doubles_nothing(boundary: str, knowing: Settings, feeds: World) -> None:
    script = [sys.executable, "-c", SCRIPT, str(knowing.home), feeds.url]
    killed = subprocess.run(script, env=environment(knowing, ANTEPOST_KILL_AT=boundary), timeout=300, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert ours(knowing)["prices"].is_empty()
    # The price that was kept has moved since: it is in silver all the same, from its own receipt.
    feeds.answers[ODDS] = says(200, odds(feeds.start, 1.7, feeds.start - 4 * HOUR), **LEFT)
    collect_later(knowing, feeds)
    assert home_odds(knowing)["odds"].to_list() == [1.9, 1.7]
    rebuilt = replay(batches(knowing, "nfl"), lambda sha: raw.read(knowing, sha))
    assert rebuilt["prices"].equals(facts(knowing, "nfl")["prices"])


def test_it_runs_alone_until_it_is_told_to_end(knowing: Settings, feeds: World) -> None:
    (knowing.home / "policy.yaml").write_text(HASTY)
    words = command(feeds, "--json", "--source", "espn_nfl")
    first = subprocess.Popen(words, env=environment(knowing), stdout=subprocess.PIPE, text=True)
    try:
        assert first.stdout
        told = [json.loads(first.stdout.readline()) for _ in range(4)]
        assert {event["subject"] for event in told} == {"espn_nfl scoreboard", "espn_nfl injuries"}
        with pytest.raises(SettingsError, match=rf"has a collector already \(process {first.pid}\)"):
            collect_later(knowing, feeds)
        first.send_signal(signal.SIGTERM)
        assert first.wait(120) == 0
    finally:
        first.kill()
        first.communicate()
    assert ours(knowing)["injuries"].height == 1
