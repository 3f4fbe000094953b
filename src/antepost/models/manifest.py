"""What a bundle says about itself: the signed half of its digest."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, JsonValue, field_validator


class FeatureLock(Protocol):
    """The frozen catalogue of one sport, as the features room gives it."""

    @property
    def digest(self) -> str:
        """The digest a bundle carries."""
        ...

    @property
    def entries(self) -> tuple[tuple[str, str], ...]:
        """Every feature with the hash of its definition."""
        ...


class Manifest(BaseModel):
    """Identity, inputs and limits of one trained model.

    ``lock`` is the feature lock's digest, ``batch`` the newest load it learnt from, ``trained_through`` the
    moment (ISO 8601, UTC) at which the last of its labels became known, ``seasons`` the first and last it
    learnt from, ``rows`` and ``rows_out_of_fold`` how many fixtures families and blend were fitted on.
    ``weights`` are the blend's, in the order of ``families``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    format: Literal[1] = 1
    sport: str
    target: str
    set: str
    sequence: int
    lock: str
    columns: tuple[str, ...]
    families: tuple[str, ...]
    weights: tuple[float, ...]
    calibrator: str
    refits: int
    batch: int
    simulated: bool
    trained_through: str
    seasons: tuple[int, int]
    rows: int
    rows_out_of_fold: int
    recipe: dict[str, JsonValue]
    libraries: tuple[str, ...]

    @field_validator("trained_through")
    @classmethod
    def _is_aware(cls, text: str) -> str:
        if datetime.fromisoformat(text).tzinfo is None:
            raise ValueError("trained_through names no time zone")
        return text

    @property
    def name(self) -> str:
        """The name it is registered under."""
        return f"{self.sport}.{self.target}.{self.set}"
