"""Invented answers of feeds that are asked live: The Odds API, ESPN and Open-Meteo, after their documentation."""

from __future__ import annotations

import json
from collections.abc import Mapping

from antepost.ingestion.sources.the_odds_api import LEAGUES

type Json = Mapping[str, object]

HOME, AWAY = "Home of Ants", "Guests of Ants"


def line(data: object) -> bytes:
    """Return ``data`` as an API would answer it."""
    return json.dumps(data).encode()


def event(key: str, number: int = 1, start: str = "2031-09-14T17:00:00Z", **books: list[Json]) -> Json:
    """Return a game of The Odds API with the markets of its books, all last changed the day before."""
    told = "2031-09-13T12:00:00Z"
    return {
        "id": f"invented{number}", "sport_key": key, "sport_title": "Invented", "commence_time": start,
        "home_team": HOME, "away_team": AWAY,
        "bookmakers": [{"key": book, "title": book, "last_update": told, "markets": m} for book, m in books.items()],
    }  # fmt: skip


def market(key: str, *outcomes: tuple[str, float, float | None], last_update: str | None = None) -> Json:
    """Return a market: names, prices, points."""
    told = [{"name": name, "price": price, "point": point} for name, price, point in outcomes]
    bare = [{word: value for word, value in outcome.items() if value is not None} for outcome in told]
    return {"key": key, "outcomes": bare, **({"last_update": last_update} if last_update else {})}


def odds(key: str) -> bytes:
    """Return two games: one with four markets of an exchange and a book, one with none."""
    winner = market("h2h", (HOME, 2.5, None), (AWAY, 1.6, None), *([("Draw", 12.0, None)] if "soccer" in key else []))
    lay = market("h2h_lay", (HOME, 2.6, None), (AWAY, 1.65, None))
    spread = market("spreads", (HOME, 1.9, 2.5), (AWAY, 1.9, -2.5), last_update="2031-09-13T12:01:00Z")
    total = market("totals", ("Over", 1.95, 44.5), ("Under", 1.87, 44.5))
    return line([event(key, ants=[winner, spread, total], betfair=[winner, lay]), event(key, 2)])


def side(where: str, name: str, short: str, **more: object) -> Json:
    """Return a side on ESPN's scoreboard."""
    team = {"displayName": name, "abbreviation": short, "location": name}
    return {"homeAway": where, "team": team, **more}


def played(number: str, state: str, name: str, *, completed: bool = False, **more: object) -> Json:
    """Return an event of ESPN's scoreboard."""
    scores = {side: {"score": score} if state != "pre" else {} for side, score in (("home", "7"), ("away", "3"))}
    lines = {"linescores": [{"value": 0.0}, {"value": 7.0}]} if completed else {}
    competition = {
        "timeValid": True, "neutralSite": False,
        "competitors": [side("home", HOME, "HOM", **scores["home"], **lines), side("away", AWAY, "GUE", **scores["away"])],
        "status": {"period": 4, "type": {"name": name, "state": state, "completed": completed, "shortDetail": "Final"}},
        **more,
    }  # fmt: skip
    return {"id": number, "date": "2031-09-14T17:00Z", "season": {"type": 2}, "competitions": [competition]}


def scoreboard(slug: str) -> bytes:
    """Return three games: one to come with prices in the oldest shape, one that is on, one that is over."""
    told = [{"provider": {"name": "Ants & Sons"}, "details": "HOM -5.5", "overUnder": 44.5,
             "homeTeamOdds": {"moneyLine": -240, "spreadOdds": -110},
             "awayTeamOdds": {"moneyLine": 200, "spreadOdds": -110}}]  # fmt: skip
    referee = {"displayName": "Cee Invented", "position": {"name": "Referee"}}
    events = [
        played("1", "pre", "STATUS_SCHEDULED", odds=told, officials=[referee, referee]),
        played("2", "in", "STATUS_IN_PROGRESS"),
        played("3", "post", "STATUS_FINAL", completed=True),
    ]
    return line({"leagues": [{"slug": slug}], "events": events})


def forecasts() -> bytes:
    """Return one forecast of six hours for a ground, answered a day before."""
    names = ("temperature_2m", "wind_speed_10m", "wind_direction_10m", "dew_point_2m", "precipitation", "pressure_msl")
    units = dict(zip(names, ("°F", "mp/h", "°", "°F", "inch", "hPa"), strict=True))
    hours = [f"2031-09-14T{hour}:00" for hour in range(15, 21)]
    hourly: Json = {"time": hours, **{name: [float(at) for at in range(6)] for name in names}}
    answer = {
        "latitude": 44.5, "longitude": -88.06, "generationtime_ms": 0.1, "utc_offset_seconds": 0, "timezone": "GMT",
        "hourly_units": {"time": "iso8601", **units}, "hourly": hourly,
    }  # fmt: skip
    asked = {"ground": "INV00", "start": "2031-09-14T17:00:00Z", "received_at": "2031-09-13T12:00:00Z"}
    return line([{**asked, "answer": answer}])


_ESPN = {
    "nfl": "nfl", "ncaaf": "college-football", "nba": "nba", "wnba": "wnba", "ncaab": "mens-college-basketball",
    "mlb": "mlb", "nhl": "nhl", "soccer": "eng.1",
}  # fmt: skip
PAYLOADS: dict[str, tuple[str, bytes]] = {
    **{
        f"the_odds_api_{sport.name}": (key, odds(key))
        for key, (sport, _) in reversed(list(LEAGUES.items()))
    },
    **{
        f"espn_{sport}": ("scoreboard of eng.1" if sport == "soccer" else "scoreboard", scoreboard(slug))
        for sport, slug in _ESPN.items()
    },
    "open_meteo_nfl": ("forecasts", forecasts()),
    "open_meteo_mlb": ("forecasts", forecasts()),
}  # fmt: skip
