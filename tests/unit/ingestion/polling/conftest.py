"""A home that knows one invented game, a server that tells of it, and a collector whose clock is moved by waiting."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from antepost.ingestion.client import Client
from antepost.ingestion.pace import Policy
from antepost.ingestion.polling import Collector, CollectPolicy, Event, polls
from antepost.settings import Settings, get_settings
from tests.collecting import Stepping, World, know, world
from tests.upstream import OverLoopback

START = datetime(2031, 9, 14, 17, tzinfo=UTC)
QUICK = Policy(per_second=1e6, tries=1, connect_s=2.0, silence_s=2.0)

type Collect = Callable[..., list[Event]]


@pytest.fixture
def feeds() -> Iterator[World]:
    """The server, three hours before the game of ``START``."""
    with world(START) as made:
        yield made


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that knows the game and its ground; it is copied, since to load it takes seconds."""
    folder = tmp_path_factory.mktemp("known")
    know(get_settings(home=folder / "home", mirror=None), START, folder / "mirror")
    return folder / "home"


@pytest.fixture
def knowing(place: Settings, known: Path) -> Settings:
    """The settings of a home that knows the game and its ground."""
    shutil.copytree(known, place.home)
    return place


@pytest.fixture
def collect(knowing: Settings, feeds: World) -> Collect:
    """Run a collector at a moment, ``once`` or for so many minutes, and return what it told."""

    def run(
        at: datetime = START - timedelta(hours=3),
        minutes: float | None = None,
        policy: CollectPolicy | None = None,
        sources: tuple[str, ...] = (),
        mirror: str | None = None,
    ) -> list[Event]:
        clock = Stepping(at, None if minutes is None else at + timedelta(minutes=minutes))

        def seconds() -> float:
            return clock.at.timestamp()

        client = Client(knowing, policy=QUICK, clock=clock, sleep=clock.pause, monotonic=seconds)
        told: list[Event] = []
        asked = mirror or feeds.url
        chosen = polls(knowing, at, asked, ("nfl",), sources)
        Collector(
            knowing, chosen, policy or CollectPolicy(), clock, clock, told.append, mirror=asked, client=client
        ).run(once=minutes is None)
        return told

    return run


@pytest.fixture
def upstream(knowing: Settings, feeds: World) -> Callable[[str | None], list[Event]]:
    """Run a collector once without a mirror, with or without a key; the server answers for the hosts."""

    def run(key: str | None) -> list[Event]:
        at = START - timedelta(hours=3)
        clock = Stepping(at)
        settings = get_settings(home=knowing.home, mirror=None, odds_api_key=key)
        road = OverLoopback(feeds.url)
        client = Client(settings, policy=QUICK, clock=clock, sleep=clock.pause, transport=road)
        told: list[Event] = []
        chosen = polls(settings, at, None, ("nfl",))
        Collector(settings, chosen, CollectPolicy(), clock, clock, told.append, client=client).run(once=True)
        road.close()
        return told

    return run
