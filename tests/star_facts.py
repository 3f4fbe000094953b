"""Invented facts of two games in the shape of silver, and what was predicted and bet on one of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import polars as pl

START = datetime(2022, 9, 8, 17, tzinfo=UTC)

PREDICTION: dict[str, object] = {
    "fixture": "2022_01_BUF_LAR", "sport": "nfl", "target": "winner", "set": "close", "bundle": "b" * 64,
    "facts": "f" * 64, "as_of": "2022-09-08T16:00:00Z", "sealed_at": "2022-09-08T16:00:01Z", "late": False,
}  # fmt: skip


def bet_on(sealed: Mapping[str, object], **changes: object) -> dict[str, object]:
    """Return a bet on paper, as it is placed on a sealed prediction."""
    return {
        "bet": "b1", "event": "placed", "at": "2022-09-08T16:00:02Z", "prediction": sealed["hash"],
        "fixture": sealed["fixture"], "sport": "nfl", "book": "nflverse", "market": "moneyline", "outcome": "home",
        "line": None, "odds": 2.1, "stake": 0.1 + 0.2, "paper": True, "policy": "0" * 64, **changes,
    }  # fmt: skip


def _stamps(rows: int, batch: int, known_at: datetime) -> dict[str, list[object]]:
    return {
        "sport": ["nfl"] * rows,
        "league": ["nfl"] * rows,
        "season": [2022] * rows,
        "event_at": [START] * rows,
        "event_precision": ["second"] * rows,
        "known_at": [known_at] * rows,
        "known_how": ["assumed"] * rows,
        "batch": [batch] * rows,
        "raw": ["0" * 64] * rows,
    }


def facts(batch: int = 1) -> dict[str, pl.DataFrame]:
    """Return two invented fixtures: the first with prices, one of them of a player, the second without any."""
    early = START - timedelta(days=30)
    fixtures = {
        **_stamps(2, batch, early),
        "fixture": ["2022_01_BUF_LAR", "2022_01_NO_ATL"],
        "start": [START, START + timedelta(hours=3)],
        "home": ["LAR", "ATL"],
        "away": ["BUF", "NO"],
        "neutral": [False, True],
        "stage": ["REG", "REG"],
        "week": [1, 1],
        "venue": ["LAX01", None],
        "venue_name": ['A "quoted", stadium', None],
        "sequence": [1, 2],
    }
    results = {
        **_stamps(1, batch, START + timedelta(hours=4)),
        "fixture": ["2022_01_BUF_LAR"],
        "home": ["LAR"],
        "away": ["BUF"],
        "home_score": [10],
        "away_score": [31],
        "overtime": [False],
        "outcome": ["away"],
        "ending": ["regulation"],
    }
    prices = {
        **_stamps(3, batch, START - timedelta(seconds=1)),
        "fixture": ["2022_01_BUF_LAR"] * 3,
        "book": ["nflverse"] * 3,
        "market": ["moneyline", "spread", "touchdowns"],
        "player": pl.Series([None, None, "p7"], dtype=pl.String),
        "outcome": ["home", "home", "over"],
        "label": ["close"] * 3,
        "quoted_at": pl.Series([None] * 3, dtype=pl.Datetime("us", "UTC")),
        "line": [None, -2.5, 0.5],
        "odds": [1.9523809523809523, None, 3.0],
    }
    entities = {
        **_stamps(2, batch, early),
        "entity": ["LAR", "p7"],
        "kind": ["team", "player"],
        "name": ["Los Angeles Rams", "An Invented Player"],
        "country": [None, "USA"],
        "born": [None, date(1999, 2, 1)],
        "hand": pl.Series([None, None], dtype=pl.String),
        "height": pl.Series([None, 191], dtype=pl.Int32),
    }
    places = {
        **_stamps(1, batch, early),
        "venue": ["LAX01"],
        "name": ["SoFi, an invented stadium"],
        "latitude": [33.95],
        "longitude": [-118.34],
        "altitude": pl.Series([None], dtype=pl.Float64),
        "timezone": ["America/Los_Angeles"],
        "roof": ["dome"],
        "surface": ["turf"],
    }
    frames = {
        "fixtures": fixtures, "results": results, "prices": prices, "entities": entities, "places": places,
    }  # fmt: skip
    return {name: pl.DataFrame(columns) for name, columns in frames.items()}
