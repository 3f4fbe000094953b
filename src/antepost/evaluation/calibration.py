"""Calibrators: monotone maps from a probability to one that keeps its word, held in two small arrays.

Parametric kinds share one form, logit p' = a ln p - b ln(1 - p) + c. Isotonic is a table of p' at 201 even
points, read by linear interpolation.

Source: Platt (1999); Zadrozny and Elkan (2002); Guo et al. (2017); Kull, Silva Filho and Flach, "Beta
calibration" (2017).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from antepost.errors import DataError
from antepost.evaluation.fitting import fit_logistic, pool_adjacent
from antepost.evaluation.scores import EPS, losses, pairs
from antepost.kernelcache import kernel

type Floats = NDArray[np.float64]

# From the simplest to the richest: in a tie the earlier one wins.
KINDS = ("none", "temperature", "platt", "beta", "isotonic")
ODD_KINDS = ("none", "temperature", "isotonic")
"""Those that keep an odd forecast odd: what they make of p and of 1 - p sums to 1. Isotonic is fitted to both sides."""
GRID_POINTS = 201
# A kind must beat doing nothing by this many standard errors of its paired gain.
MARGIN = 0.5
# How strongly a slope is held near 1 and a shift near 0: the precisions of normal priors, of standard deviations 0.16
# and 0.1. On invented worlds of 500 games they halve what calibrating costs (bench/bench_calibration.py).
SLOPE_PULL, SHIFT_PULL = 40.0, 100.0
COMPARISONS = 2


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibrator:
    """A fitted calibrator: ``params`` (a, b, c), and ``grid``, which is empty unless the kind is isotonic."""

    kind: str
    params: Floats
    grid: Floats

    def __post_init__(self) -> None:
        table = GRID_POINTS if self.kind == "isotonic" else 0
        if self.kind not in KINDS or self.params.shape != (3,) or self.grid.shape != (table,):
            raise DataError(f"calibrator {self.kind!r} with {self.params.shape} and {self.grid.shape} is none of ours")


@kernel
def calibrate_kernel(p: Floats, params: Floats, grid: Floats) -> Floats:
    """Return the calibrated probabilities; never exactly 0 or 1, and NaN where ``p`` is NaN."""
    a, b, c = params[0], params[1], params[2]
    identity = a == 1.0 and b == 1.0 and c == 0.0
    out = np.empty(p.size)
    for i in range(p.size):
        q = p[i]
        if math.isnan(q):
            out[i] = q
            continue
        q = min(max(q, EPS), 1.0 - EPS)
        if grid.size > 0:
            place = q * (grid.size - 1)
            left = min(int(place), grid.size - 2)
            q = grid[left] + (place - left) * (grid[left + 1] - grid[left])
        elif not identity:
            x = a * math.log(q) - b * math.log1p(-q) + c
            e = math.exp(-abs(x))
            q = 1.0 / (1.0 + e) if x >= 0.0 else e / (1.0 + e)
        out[i] = min(max(q, EPS), 1.0 - EPS)
    return out


def apply(calibrator: Calibrator, p: ArrayLike) -> Floats:
    """Return the calibrated probabilities of ``p``, shape (n,); one row and many rows agree to the bit."""
    return calibrate_kernel(np.ascontiguousarray(p, dtype=np.float64), calibrator.params, calibrator.grid)


def fit(kind: str, p: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None, *, odd: bool = False) -> Calibrator:
    """Return a calibrator of ``kind`` fitted to probabilities and outcomes; ``weights`` count rows.

    Raises:
        DataError: an unknown kind, one that is not ``odd`` where it should be, rows that cannot be scored, or weights
            that are negative or all zero.
    """
    said, won = pairs(p, y)
    mass = row_weights(weights, len(said))
    if odd and kind not in ODD_KINDS:
        raise DataError(f"calibrator {kind!r} is not odd; choose from {', '.join(ODD_KINDS)}", kind=kind)
    if kind == "isotonic" and odd:
        both = np.concatenate([said, 1.0 - said]), np.concatenate([won, ~won]), np.concatenate([mass, mass])
        grid = _isotonic(*both)
        return Calibrator(kind=kind, params=np.array([1.0, 1.0, 0.0]), grid=0.5 * (grid + (1.0 - grid[::-1])))
    if kind == "isotonic":
        return Calibrator(kind=kind, params=np.array([1.0, 1.0, 0.0]), grid=_isotonic(said, won, mass))
    if kind not in _FORMS:
        raise DataError(f"unknown calibrator {kind!r}; choose from {', '.join(KINDS)}", kind=kind)
    return Calibrator(kind=kind, params=_parametric(_FORMS[kind], said, won, mass), grid=np.empty(0))


def choose(p: ArrayLike, y: ArrayLike, groups: ArrayLike, *, odd: bool = False) -> str:
    """Return the kind that does best on groups (seasons) later than those it was fitted on.

    A kind other than ``none`` must gain more than half a standard error over it. With fewer than three groups
    there is at most one comparison, which is chance, and the answer is ``none``. With ``odd`` only the ``ODD_KINDS``
    compete.
    """
    said, won, label = np.asarray(p, dtype=np.float64), np.asarray(y), np.asarray(groups)
    competing = ODD_KINDS if odd else KINDS
    tested: dict[str, list[Floats]] = {kind: [] for kind in competing}
    for group in np.unique(label)[1:]:
        before, now = label < group, label == group
        for kind in competing:
            calibrated = apply(fit(kind, said[before], won[before], odd=odd), said[now])
            tested[kind].append(losses(calibrated, won[now]))
    if len(tested["none"]) < COMPARISONS:
        return "none"
    return _winner({kind: np.concatenate(rows) for kind, rows in tested.items()})


def row_weights(weights: ArrayLike | None, rows: int) -> Floats:
    """Return one weight a row, 1 where none are given.

    Raises:
        DataError: weights of another length, negative, not finite, or all zero.
    """
    mass = np.ones(rows) if weights is None else np.ascontiguousarray(weights, dtype=np.float64)
    if mass.shape != (rows,) or not np.all(np.isfinite(mass) & (mass >= 0.0)) or not np.any(mass > 0.0):
        raise DataError(f"weights of shape {mass.shape} do not weigh {rows} rows; give one number ≥ 0 a row")
    return mass


type _Form = tuple[tuple[tuple[float, float, float], ...], int]

# How each kind spans (a, b, c): a row a free parameter, and how many of the first of them are slopes, which
# may not be negative.
_FORMS: dict[str, _Form] = {
    "none": ((), 0),
    "temperature": (((1.0, 1.0, 0.0),), 1),
    "platt": (((1.0, 1.0, 0.0), (0.0, 0.0, 1.0)), 1),
    "beta": (((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)), 2),
}


def _parametric(form: _Form, said: Floats, won: NDArray[np.bool_], mass: Floats) -> Floats:
    spans, slopes = np.array(form[0], dtype=np.float64).reshape(-1, 3), form[1]
    if not len(spans):
        return np.array([1.0, 1.0, 0.0])
    clipped = np.clip(said, EPS, 1.0 - EPS)
    basis = np.column_stack([np.log(clipped), -np.log1p(-clipped), np.ones(len(said))])
    best, lowest = np.empty(3), math.inf
    for free in _subsets(len(spans), slopes):
        span = spans[list(free)]
        anchor = (span[:, 2] == 0.0).astype(np.float64)
        pull = np.where(anchor == 1.0, SLOPE_PULL, SHIFT_PULL)
        theta, value = fit_logistic(np.ascontiguousarray(basis @ span.T), won.astype(np.float64), mass, anchor, pull)
        params = theta @ span
        if params[0] >= 0.0 and params[1] >= 0.0 and value < lowest:
            best, lowest = params, value
            if len(free) == len(spans):
                break
    return best


def _subsets(parameters: int, slopes: int) -> Iterator[tuple[int, ...]]:
    """Yield the free parameters to try, all of them first: a slope that would turn negative is held at 0.

    The loss is convex, so an admissible fit with all parameters free is the best there is.
    """
    rest = tuple(range(slopes, parameters))
    for size in range(slopes, -1, -1):
        for kept in combinations(range(slopes), size):
            yield (*kept, *rest)


def _isotonic(said: Floats, won: NDArray[np.bool_], mass: Floats) -> Floats:
    held = mass > 0.0
    points, place = np.unique(said[held], return_inverse=True)
    weight = np.bincount(place, weights=mass[held])
    share = np.bincount(place, weights=mass[held] * won[held]) / weight
    # A step on which nobody won is not a chance of nothing: no step goes beyond what Laplace's rule of succession
    # would say of all rows together, or one upset would cost more than the rest of a season gains.
    edge = 1.0 / (float(weight.sum()) + 2.0)
    steps = np.clip(pool_adjacent(share, weight), edge, 1.0 - edge)
    return np.interp(np.linspace(0.0, 1.0, GRID_POINTS), points, steps)


def _winner(rows: dict[str, Floats]) -> str:
    best, lowest = "none", float(rows["none"].mean())
    for kind in [each for each in rows if each != "none"]:
        gain = rows["none"] - rows[kind]
        error = float(gain.std(ddof=1)) / math.sqrt(len(gain)) if len(gain) > 1 else math.inf
        if float(gain.mean()) > MARGIN * error and float(rows[kind].mean()) < lowest:
            best, lowest = kind, float(rows[kind].mean())
    return best
