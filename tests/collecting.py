"""A world to poll: a server of this machine that answers as the feeds do, and a home that knows one game of the NFL.

Every payload is invented. Answers lie in ``World.answers`` by path, and may be changed between two polls.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from zoneinfo import ZoneInfo

from antepost.domain import FixedClock
from antepost.ingestion import ingest
from antepost.ingestion.sources.nfl_venues import KNOWN_AT as PLACE_COLUMNS
from antepost.ingestion.sources.nflverse import KNOWN_AT as GAME_COLUMNS
from antepost.settings import Settings
from tests.payloads.live import forecasts, line, market, side
from tests.upstream import Upstream, says, serving

HOME, AWAY = "Buffalo Bills", "Kansas City Chiefs"
SCOREBOARD = "/espn/nfl/nfl/scoreboard.json"
INJURIES = "/espn/nfl/nfl/injuries.json"
ODDS = "/the_odds_api/americanfootball_nfl.json"
LEFT = {"x_requests_remaining": "5000", "x_requests_last": "9"}

_UPSTREAM = {
    "/apis/site/v2/sports/football/nfl/scoreboard": SCOREBOARD,
    "/apis/site/v2/sports/football/nfl/injuries": INJURIES,
    "/v4/sports/americanfootball_nfl/odds": ODDS,
}
"""Where the same lies at the hosts themselves."""

type Reply = Callable[[BaseHTTPRequestHandler], None]


@dataclass(slots=True)
class Stepping:
    """A clock that is moved by whoever waits by it; also the bell that ends a collector after ``rings_at``."""

    at: datetime
    rings_at: datetime | None = None

    def now(self) -> datetime:
        """Return the moment to which it was moved."""
        return self.at

    def is_set(self) -> bool:
        """Return whether the moment has come."""
        return self.rings_at is not None and self.at >= self.rings_at

    def pause(self, seconds: float) -> None:
        """Move on by ``seconds``."""
        self.at += timedelta(seconds=seconds)

    def wait(self, timeout: float) -> bool:
        """Move on by ``timeout`` seconds."""
        self.at += timedelta(seconds=timeout)
        return self.is_set()


@dataclass(slots=True)
class World:
    """The server, what it answers by path, and the paths that were asked for."""

    upstream: Upstream
    start: datetime
    answers: dict[str, Reply] = field(default_factory=dict[str, Reply])

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.upstream.url

    @property
    def asked(self) -> list[str]:
        """The paths asked for, without their questions."""
        return [path.partition("?")[0] for path, _ in self.upstream.asked]

    @property
    def forecast(self) -> str:
        """The path of the forecast for the game."""
        return f"/open_meteo/nfl/INV00/{self.start:%Y%m%dT%H%MZ}.json"

    def reply(self, handler: BaseHTTPRequestHandler) -> None:
        """Answer what was asked for, else that it is not there."""
        self.answers.get(handler.path.partition("?")[0], says(404))(handler)


@contextmanager
def world(start: datetime) -> Iterator[World]:
    """Run a server that answers for every feed about the one game, which starts at ``start``."""
    with serving() as upstream:
        made = World(upstream=upstream, start=start)
        upstream.replies = [made.reply]
        made.answers = {
            SCOREBOARD: says(200, scoreboard(start)),
            INJURIES: says(200, injuries(start - timedelta(days=1))),
            ODDS: says(200, odds(start, 1.9, start - timedelta(hours=5)), **LEFT),
            made.forecast: says(200, forecast(start)),
        }
        made.answers |= {there: made.answers[here] for there, here in _UPSTREAM.items()}
        made.answers["/v1/forecast"] = made.answers[made.forecast]
        yield made


def know(settings: Settings, start: datetime, folder: Path) -> None:
    """Load the game, and its ground, into the home of ``settings`` ten days before it starts."""
    put(folder / "nfl/nflverse/nfldata/data/games.csv", _sheet([_game(start)], GAME_COLUMNS))
    put(folder / "nfl/greerreNFL/Stadiums/data/stadiums.csv", _sheet([_PLACE], PLACE_COLUMNS))
    clock = FixedClock(start - timedelta(days=10))
    for source in ("nflverse", "nfl_venues"):
        ingest(settings, "nfl", clock, mirror=str(folder), source=source)


def put(path: Path, data: bytes) -> None:
    """Write a file of a mirror."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


_PLACE = {
    "stadium_id": "INV00", "stadium_name": "Invented Field", "first_game_date": "2000-09-03", "tz": "America/New_York",
    "lat": "44.5", "lon": "-88.06", "altitude": "200",
}  # fmt: skip


def _game(start: datetime) -> dict[str, str]:
    local = start.astimezone(ZoneInfo("America/New_York"))
    season = local.year if local.month >= 9 else local.year - 1
    return {
        "game_id": f"{season}_01_KC_BUF", "season": str(season), "week": "1", "game_type": "REG",
        "gameday": f"{local:%Y-%m-%d}", "gametime": f"{local:%H:%M}", "away_team": "KC", "home_team": "BUF",
        "location": "Home", "stadium_id": "INV00", "stadium": "Invented Field", "roof": "outdoors",
    }  # fmt: skip


def _sheet(rows: list[dict[str, str]], columns: Mapping[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def scoreboard(start: datetime, *, scores: tuple[int, int] | None = None) -> bytes:
    """Return ESPN's page of the game: ahead, or over with ``scores`` of home and away."""
    over = scores is not None
    kind = {
        "name": "STATUS_FINAL" if over else "STATUS_SCHEDULED",
        "state": "post" if over else "pre",
        "completed": over,
    }
    told = [{"score": str(score)} for score in scores] if scores else [{}, {}]
    event = {
        "id": "1", "date": f"{start:%Y-%m-%dT%H:%MZ}", "season": {"type": 2},
        "competitions": [{
            "timeValid": True, "neutralSite": False, "status": {"period": 4 if over else 0, "type": kind},
            "competitors": [side("home", HOME, "BUF", **told[0]), side("away", AWAY, "KC", **told[1])],
        }],
    }  # fmt: skip
    return line({"leagues": [{"slug": "nfl"}], "events": [event]})


def injuries(date: datetime, status: str = "Questionable") -> bytes:
    """Return ESPN's list of injuries: one player of Buffalo's."""
    athlete = {"displayName": "Ann Invented", "id": "99"}
    report = {"status": status, "date": f"{date:%Y-%m-%dT%H:%MZ}", "athlete": athlete}
    return line({"injuries": [{"displayName": HOME, "injuries": [report]}]})


def odds(start: datetime, home: float, quoted: datetime) -> bytes:
    """Return The Odds API's page of the game: one book's moneyline."""
    book = {
        "key": "ants", "title": "Ants", "last_update": f"{quoted:%Y-%m-%dT%H:%M:%SZ}",
        "markets": [market("h2h", (HOME, home, None), (AWAY, 2.1, None))],
    }  # fmt: skip
    event = {
        "id": "invented1", "sport_key": "americanfootball_nfl", "commence_time": f"{start:%Y-%m-%dT%H:%M:%SZ}",
        "home_team": HOME, "away_team": AWAY, "bookmakers": [book],
    }  # fmt: skip
    return line([event])


def forecast(start: datetime) -> bytes:
    """Return Open-Meteo's answer for the six hours of the game, as it comes: without ground or moment."""
    [asked] = json.loads(forecasts())
    hours = [start.replace(minute=0) + timedelta(hours=hour) for hour in range(6)]
    asked["answer"]["hourly"]["time"] = [f"{hour:%Y-%m-%dT%H:%M}" for hour in hours]
    return line(asked["answer"])
