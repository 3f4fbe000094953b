"""What a family is: a name, and a fit that returns flat arrays checked against the native library."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models.arrays import Compiled
from antepost.models.kernels import Floats

Parameters = Mapping[str, bool | int | float | str]
PARITY = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a fit is given beside the rows: their columns' names, a seed, threads, and settings of the recipe."""

    columns: tuple[str, ...]
    seed: int
    threads: int
    recipe: Parameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted family: its arrays, and the native file that rides along as evidence."""

    arrays: Compiled
    native: bytes | None = None
    native_name: str | None = None
    library: str | None = None


@runtime_checkable
class Family(Protocol):
    """One way to turn rows into probabilities."""

    @property
    def name(self) -> str:
        """The family's name in ``FAMILIES``."""
        ...

    def fit(self, X: Floats, y: NDArray[np.int8], setup: Setup) -> Fitted:
        """Return the family fitted to ``X`` (rows, columns; NaN where missing) and ``y`` (1 where home won).

        Raises:
            ModelError: it cannot be fitted, or its arrays disagree with the native library.
        """
        ...


@runtime_checkable
class ScoreFamily(Protocol):
    """One way to turn rows into probabilities that learns from final scores instead of answers."""

    @property
    def name(self) -> str:
        """The family's name in ``FAMILIES``."""
        ...

    def fit_scores(self, X: Floats, scores: Floats, setup: Setup) -> Fitted:
        """Return the family fitted to ``X`` (rows, columns) and the ``scores`` (rows, 2) of home and away.

        Raises:
            ModelError: it cannot be fitted.
        """
        ...


def check_parity(name: str, arrays: Compiled, X: Floats, native: Floats) -> None:
    """Compare the arrays' probabilities on ``X`` with the native library's.

    Raises:
        ModelError: they differ by more than ``PARITY`` somewhere.
    """
    gap = float(np.max(np.abs(arrays.score(X) - native), initial=0.0))
    if not gap <= PARITY:
        raise ModelError(
            f"family {name!r}: its arrays differ from the native library by {gap:.3g}, more than {PARITY:g}; "
            "the library's file format or missing-value rule has changed",
            family=name,
            gap=gap,
        )


def medians(X: Floats) -> Floats:
    """Return the median of what is known in each column of ``X`` (rows, columns), 0 where nothing is."""
    known = ~np.isnan(X)
    return np.array([np.median(X[known[:, j], j]) if known[:, j].any() else 0.0 for j in range(X.shape[1])])


def check_both_classes(name: str, y: NDArray[np.int8]) -> None:
    """Check that there is something to learn.

    Raises:
        ModelError: every row has the same outcome, or there are none.
    """
    if y.size == 0 or int(y.min()) == int(y.max()):
        raise ModelError(
            f"family {name!r}: {y.size} training rows hold fewer than two outcomes; give it more seasons",
            family=name,
            rows=int(y.size),
        )
