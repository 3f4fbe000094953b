"""What we decide about the quality of facts: the section ``quality`` of a home's policy file."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _no_answer(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("a span is a duration like PT90M, not yes or no")  # noqa: TRY004  # pydantic words a ValueError
    return value


# Text is how a file writes a span, so that this alone is not read strictly.
type Span = Annotated[timedelta, Field(strict=False), BeforeValidator(_no_answer)]


class QualityPolicy(BaseModel):
    """From where on a finding is one.

    ``jump`` is in log-odds of 1 / odds. Of 45,000 pairs of consecutive quotes of hockey and women's basketball (The
    Odds API's snapshots of 2023 to 2026, hours apart) 99.9 % moved by less than 0.31 and 0.45; 0.5 is from even money
    to 1.61. ``most_jumps``, ``most_refused`` and ``most_contradicted`` are shares of the rows that were judged.
    ``close_within`` is how long before the start a snapshot may lie and be called a close: since then starters and
    line-ups are public. ``grace`` is added to what a feed and its sport may be silent for.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    jump: float = Field(default=0.5, gt=0.0)
    most_jumps: float = Field(default=0.001, ge=0.0, le=1.0)
    most_refused: float = Field(default=0.1, ge=0.0, le=1.0)
    most_contradicted: float = Field(default=0.01, ge=0.0, le=1.0)
    close_within: Span = Field(default=timedelta(minutes=90), gt=timedelta(0))
    grace: Span = Field(default=timedelta(days=2), ge=timedelta(0))
