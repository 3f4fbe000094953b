"""How often each kind of feed is asked: one frozen model with safe defaults, section ``collect`` of the policy file."""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

# A named type has no part in a model's configuration, so that it says for itself how it is read.
type Seconds = Annotated[int, Field(strict=True, ge=1, le=31 * 86400)]

_HOUR, _DAY = 3600, 86400


class Step(BaseModel):
    """A pace for games that start within ``within_s``: a request every ``every_s``."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    within_s: Seconds
    every_s: Seconds


class CollectPolicy(BaseModel):
    """What a collector allows itself; ``_s`` are seconds.

    Prices are asked for at the pace of the first step of ``odds`` within which the league's next game starts, and not
    at all beyond the last. ``odds_cost`` is what a request counts for where the host does not say, ``odds_reserve``
    what is left of the quota for people; it is renewed on a day of the month, 00:00 UTC.

    A scoreboard is asked for every ``in_play_s`` while a game of its league is on (until its result is known, at most
    ``overrun_s`` beyond its usual end), every ``match_day_s`` from a day before one, else every ``scores_s``. Forecasts
    are asked for from ``weather_before_s`` before a start on. What was received is read into silver ``silver_s`` later
    at most; tables are compacted every ``compact_s``. A host or a feed in trouble is left alone for ``retry_s``, twice
    that, and so on up to ``most_retry_s``, and never for less than it asks.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    # A file has lists only.
    odds: Annotated[tuple[Step, ...], Field(strict=False)] = (
        Step(within_s=_HOUR, every_s=60),
        Step(within_s=6 * _HOUR, every_s=300),
        Step(within_s=_DAY, every_s=1800),
        Step(within_s=7 * _DAY, every_s=6 * _HOUR),
    )
    odds_cost: int = Field(default=9, ge=1)
    odds_reserve: int = Field(default=20, ge=0)
    odds_renewed_on: int = Field(default=1, ge=1, le=28)
    match_day_s: Seconds = 300
    scores_s: Seconds = 900
    in_play_s: Seconds = 60
    overrun_s: Seconds = _HOUR
    injuries_s: Seconds = _HOUR
    weather_s: Seconds = _HOUR
    weather_before_s: Seconds = 4 * _HOUR
    weekly_s: Seconds = 7 * _DAY
    silver_s: Seconds = 120
    compact_s: Seconds = _DAY
    retry_s: Seconds = 60
    most_retry_s: Seconds = 900

    @model_validator(mode="after")
    def _rising(self) -> Self:
        if any(far.within_s <= near.within_s or far.every_s < near.every_s for near, far in pairwise(self.odds)):
            raise ValueError("the steps of odds go from near to far, and do not become faster")
        return self
