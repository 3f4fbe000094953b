"""A small desk that really holds records in memory: sealed by the real chain, asked by the real protocol."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
import polars as pl
import pytest

from antepost.domain.seal import seal
from antepost.errors import AntepostError, DataError
from antepost.serving import Reads, serve_for_a_moment
from antepost.serving.answers import EXAMPLE_RECORD

START = datetime(2023, 9, 10, 17, tzinfo=UTC)


def records(number: int) -> list[dict[str, object]]:
    """Return a chain of invented predictions."""
    body = {key: value for key, value in EXAMPLE_RECORD.items() if key not in {"sequence", "previous", "hash"}}
    chain: list[dict[str, object]] = []
    for index in range(number):
        record = body | {
            "fixture": f"game-{index}",
            "set": ("none", "close")[index % 2],
            # Numbers that a careless spelling would change: an integer among floats, a small exponent.
            "stake": 0 if index == 0 else 1e-07,
            "market_odds": None if index == 0 else {"home": 2.0, "away": 1.9},
        }
        chain.append(seal(record, chain[-1]["hash"] if chain else None, index + 1))  # type: ignore[arg-type]
    return chain


@dataclass
class MemoryDesk:
    """A desk over lists."""

    chain: list[dict[str, object]] = field(default_factory=lambda: records(5))
    state: dict[str, str] = field(default_factory=lambda: {"postgres": "ok", "ledger": "ok"})
    fault: Exception | None = None

    def fixtures(self, sport: str, season: int | None = None) -> pl.DataFrame:
        assert sport == "nfl"
        if self.fault is not None:
            raise self.fault
        rows = [
            {
                "fixture": f"game-{index}",
                "season": 2022 + index % 2,
                "week": index + 1,
                "stage": "REG",
                "event_at": START + timedelta(days=7 * index),
                "home": "MIA",
                "away": "BUF",
                "neutral": False,
                "venue": None,
                "home_score": 20 if index < 3 else None,
                "away_score": 17 if index < 3 else None,
            }
            for index in range(6)
        ]
        frame = pl.DataFrame(rows)
        return frame if season is None else frame.filter(pl.col("season") == season)

    def predictions(
        self,
        sport: str | None = None,
        set: str | None = None,  # noqa: A002
        fixture: str | None = None,
        limit: int = 100,
        offset: int = 0,
        target: str | None = None,
    ) -> Sequence[Mapping[str, object]]:
        wanted = {"sport": sport, "set": set, "fixture": fixture, "target": target}
        found = [
            record
            for record in reversed(self.chain)
            if all(value is None or record[name] == value for name, value in wanted.items())
        ]
        return found[offset : offset + limit]

    def prediction(self, hash: str) -> Mapping[str, object]:  # noqa: A002
        for record in self.chain:
            if record["hash"] == hash:
                return record
        raise DataError(f"there is no prediction {hash}", hash=hash)

    def explanation(self, record: Mapping[str, object], top: int) -> Mapping[str, object]:
        factor = {
            "feature": "elo.logit.now.fixture", "group": "elo", "words": "Elo chance 60%, for MIA", "value": None,
            "unit": "log-odds", "log_odds": 0.2, "for": "MIA",
        }  # fmt: skip
        same = ("simulated", "sport", "fixture", "home", "away", "start", "as_of", "set", "bundle", "probability")
        return {
            **{name: record[name] for name in same}, "seal": record["hash"], "log_odds": -0.24, "base": 0.1,
            "families": {"elo": -0.34}, "factors": [factor] * min(top, 3), "rest": -0.94,
        }  # fmt: skip

    def ready(self) -> Mapping[str, str]:
        return self.state

    def sports(self) -> Sequence[str]:
        return ["nfl"]

    def simulated(self, sport: str) -> bool:
        if isinstance(self.fault, AntepostError):
            raise self.fault
        return sport == "nfl"


@pytest.fixture
def desk() -> MemoryDesk:
    return MemoryDesk()


@pytest.fixture
def api(desk: MemoryDesk) -> Iterator[httpx.Client]:
    reads: Reads = desk
    with serve_for_a_moment(reads) as url, httpx.Client(base_url=url, timeout=10) as client:
        yield client
