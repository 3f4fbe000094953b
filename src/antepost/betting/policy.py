"""What we decide about betting: one frozen model with safe defaults, hashed into every prediction."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from antepost.domain.seal import canonical
from antepost.errors import SettingsError

NO_BET = "D"


class Tiers(BaseModel):
    """The least edge of each tier, falling from A to C."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

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

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

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


class _PolicyFile(BaseModel):
    """The YAML file: one section a room, each the room's own policy."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    betting: BettingPolicy = BettingPolicy()


def load_policy(path: Path | None = None) -> BettingPolicy:
    """Return the policy of the file's ``betting:`` section, or the defaults without a file.

    Raises:
        SettingsError: the file is not there, is not YAML, holds an unknown key or an impossible value.
    """
    if path is None:
        return BettingPolicy()
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8"))
        return _PolicyFile.model_validate({} if content is None else content).betting
    except OSError as error:
        raise SettingsError(f"policy file {path} cannot be read: {error}", path=path) from error
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
        raise SettingsError(f"policy file {path} does not parse: {error}", path=path) from error
