"""What we decide about betting: one frozen model with safe defaults, hashed into every prediction."""

from __future__ import annotations

import hashlib
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from antepost.domain.seal import canonical

NO_BET = "D"


class Tiers(BaseModel):
    """The least edge of each tier, falling from A to C."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    A: float = 0.05
    B: float = 0.03
    C: float = Field(default=0.01, ge=0.0)

    @model_validator(mode="after")
    def _falling(self) -> Self:
        if not self.A > self.B > self.C:
            raise ValueError("the edges of tiers fall from A to C")
        return self


class BettingPolicy(BaseModel):
    """How sure we want to be, and how much we then stake.

    Below the least edge of tier C a fixture is tier D, which is no bet. Fractions are of 1: a ``stake_cap``
    of 0.02 is two per cent of the bankroll. ``p_low_quantile`` is taken over the refits that a bundle brings along;
    how many those are is decided when it is trained (``models.training.REFITS``), and its manifest says so.
    """

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid", allow_inf_nan=False)

    p_low_quantile: float = Field(default=0.05, gt=0.0, le=0.5)
    kelly_fraction: float = Field(default=0.25, ge=0.0, le=1.0)
    stake_cap: float = Field(default=0.02, ge=0.0, le=1.0)
    tiers: Tiers = Tiers()

    def tier(self, edge: float) -> str:
        """Return the best tier whose least edge ``edge`` reaches, D where it reaches none."""
        return next((name for name, least in self.tiers if edge >= least), NO_BET)

    def digest(self) -> str:
        """Return the SHA-256, in hex, of this policy's canonical JSON."""
        return hashlib.sha256(canonical(self.model_dump(mode="json"))).hexdigest()
