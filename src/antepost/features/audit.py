"""Whether the catalogue is padded: columns that say nothing, columns that say the same, and how much they say together.

Over one sport's matrix as it stands, not over its declarations; what is found is true of those facts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from antepost.features.catalogue import features_of
from antepost.features.kernels import Floats

MOST_NULL = 0.95
ALIKE = 0.9999
VARIANCE = 0.99
_FEWEST = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was found in the matrix of one sport.

    ``null`` maps a column to the share of rows in which it is null, of the leagues in which its group says anything.
    ``components`` is how many principal components hold 99 % of the variance of the standardised columns.
    """

    sport: str
    fixtures: int
    columns: int
    statistics: int
    constant: tuple[str, ...]
    null: dict[str, float]
    alike: tuple[tuple[str, str, float], ...]
    components: int

    @property
    def share(self) -> float:
        """Components for 99 % of the variance per column."""
        return self.components / self.columns

    @property
    def faults(self) -> list[str]:
        """One line for everything that pads the catalogue."""
        return [
            *(f"{name} is constant" for name in self.constant),
            *(f"{name} is null in {share:.1%} of its rows" for name, share in self.null.items() if share > MOST_NULL),
            *(f"{one} and {other} are alike: rho {rho:+.6f}" for one, other, rho in self.alike),
        ]


def audit(sport: str, frame: pl.DataFrame, further: Mapping[str, str] | None = None) -> Audit:
    """Return what pads the columns of ``frame``, a feature frame of ``sport`` with its column ``league``.

    ``further`` names columns that are not in the catalogue, with their group.

    Correlations are taken over the rows in which both columns are there, at least thirty; for the components a null
    is the column's mean.
    """
    catalogue = {feature.name: feature.group for feature in features_of(sport)}
    told = {name: group for name, group in {**catalogue, **(further or {})}.items() if name in frame.columns}
    names = list(told)
    values = frame.select(names).to_numpy().astype(np.float64)
    there = np.isfinite(values)
    constant = tuple(name for i, name in enumerate(names) if np.unique(values[there[:, i], i]).size < 2)
    null = _null(frame["league"].to_numpy(), there, told)
    standard = _standard(values, there)
    return Audit(
        sport=sport,
        fixtures=frame.height,
        columns=len(names),
        statistics=len({".".join(name.split(".")[:2]) for name in names}),
        constant=constant,
        null=null,
        alike=_alike(standard, there, names),
        components=_components(standard),
    )


def _null(leagues: np.ndarray, there: np.ndarray, told: dict[str, str]) -> dict[str, float]:
    groups = np.array(list(told.values()))
    shares = np.ones(len(told))
    for group in np.unique(groups):
        own = groups == group
        says = there[:, own].any(axis=1)
        claimed = np.isin(leagues, np.unique(leagues[says]))
        if claimed.any():
            shares[own] = 1.0 - there[np.ix_(claimed, own)].mean(axis=0)
    return dict(zip(told, shares.tolist(), strict=True))


def _standard(values: Floats, there: np.ndarray) -> Floats:
    """Return ``values`` with mean zero and variance one in each column, and zero where they are null."""
    filled = np.where(there, values, 0.0)
    count = np.maximum(there.sum(axis=0), 1)
    centred = np.where(there, filled - filled.sum(axis=0) / count, 0.0)
    spread = np.sqrt((centred**2).sum(axis=0) / count)
    return centred / np.where(spread > 0.0, spread, 1.0)


def _alike(standard: Floats, there: np.ndarray, names: list[str]) -> tuple[tuple[str, str, float], ...]:
    rho = _rho(standard, there)
    first, second = np.nonzero(np.triu(np.abs(rho) > ALIKE, k=1))
    return tuple((names[i], names[j], float(rho[i, j])) for i, j in zip(first, second, strict=True))


def correlations(frame: pl.DataFrame, names: Sequence[str]) -> Floats:
    """Return how the columns ``names`` correlate, (columns, columns), as ``audit`` takes it: over rows with both."""
    values = frame.select(names).to_numpy().astype(np.float64)
    there = np.isfinite(values)
    return _rho(_standard(values, there), there)


def _rho(standard: Floats, there: np.ndarray) -> Floats:
    here = there.astype(np.float64)
    n = np.maximum(here.T @ here, 1.0)
    sums, squares = standard.T @ here, (standard**2).T @ here
    covariance = standard.T @ standard / n - (sums / n) * (sums.T / n)
    variance = np.maximum(squares / n - (sums / n) ** 2, 0.0)
    scale = np.sqrt(variance * variance.T)
    return np.divide(covariance, scale, out=np.zeros_like(covariance), where=(scale > 1e-9) & (n >= _FEWEST))


def _components(standard: Floats) -> int:
    variances = np.linalg.eigvalsh(standard.T @ standard)[::-1]
    total = variances.sum()
    return int(np.searchsorted(variances.cumsum(), VARIANCE * total) + 1) if total > 0.0 else 0
