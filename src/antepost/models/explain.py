"""What each column adds to a bundle's prediction, in log-odds of the home side, so that the parts sum to the whole.

Within a family the parts are Shapley values: of the trees the path-dependent ones (``tree_shap``), of a linear score
``weight * (x - center) / scale``, which is the Shapley value where a column that is not told stands at its training
mean; a missing one stands at what the family imputes. They start from ``base``: what the bundle says of a row of which
nothing is told. A family that reads one column (market, elo) starts from an even game; one that reads few and is
neither (goals) is asked over every set of them.

From a family's score to the served log-odds lead a sigmoid, the pool's weights and the calibrator. Each part is carried
through them in proportion: by the slope of the straight line from where the base stands to where the row stands, step
by step. So nothing is lost, the pool being linear favours no family, and where a step is curved its curvature is shared
in proportion rather than by an average over all orders of arrival; the result is exact in its sum, and an approximation
of the Shapley values of the whole.

Source: Chen, Lundberg and Lee (2022), Explaining a series of models by propagating Shapley values, Nature
Communications 13; the slope is the rescale rule of Shrikumar, Greenside and Kundaje (2017), DeepLIFT.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import comb

import numpy as np

from antepost.errors import ModelError
from antepost.evaluation import calibration
from antepost.models.arrays import BaggedArrays, Compiled, EnsembleArrays, ForestArrays, LinearArrays, OddArrays
from antepost.models.blend import Blend
from antepost.models.bundle import Bundle
from antepost.models.counts import CountArrays
from antepost.models.davidson import DavidsonArrays
from antepost.models.estimator import EstimatorScore
from antepost.models.goals import GoalArrays
from antepost.models.kernels import EPSILON, LOWEST_LOGIT, Floats
from antepost.models.margin import MarginArrays
from antepost.models.tree_shap import expected_score, tree_shap

# Points nearer than this have no line between them that could be told from rounding; then it is drawn a step around.
_NEAR, _STEP = 1e-9, 1e-6


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Attribution:
    """Parts of the served log-odds of each row: ``base`` and a row's ``parts`` sum to its ``log_odds``.

    ``parts`` is (rows, families, columns), in the manifest's order; more than 0 speaks for the home side.
    """

    base: float
    parts: Floats
    log_odds: Floats

    @property
    def columns(self) -> Floats:
        """The parts of each column over all families, (rows, columns)."""
        return self.parts.sum(axis=1)

    @property
    def families(self) -> Floats:
        """The parts of each family over all columns, (rows, families)."""
        return self.parts.sum(axis=2)


def attribute(bundle: Bundle, X: Floats) -> Attribution:
    """Return what each column adds to the served log-odds of each row of ``X`` (rows, ``manifest.columns``).

    Raises:
        ModelError: a family has no opinion on a row, or its trees were stored without covers.
    """
    named = {name: bundle.families[name] for name in bundle.manifest.families}
    return attribute_blend(named, bundle.blend, X, bundle.family_probabilities(X))


def attribute_blend(families: Mapping[str, Compiled], blend: Blend, X: Floats, said: Floats) -> Attribution:
    """Return the same of families that are in no bundle; ``said`` (rows, families) is what they say of ``X``.

    Raises:
        ModelError: trees without covers.
    """
    weights = blend.weights
    parts = np.empty((X.shape[0], len(families), X.shape[1]))
    start = np.empty(len(families))
    for i, (name, compiled) in enumerate(families.items()):
        start[i], parts[:, i] = _of_family(name, compiled, X)
    slope = _slope(lambda q: _log_odds(calibration.apply(blend.calibrator, q)), float(start @ weights), said @ weights)
    return Attribution(
        base=float(_log_odds(blend.apply(start[None, :]))[0]),
        parts=parts * weights[None, :, None] * slope[:, None, None],
        log_odds=_log_odds(blend.apply(said)),
    )


def _of_family(name: str, compiled: Compiled, X: Floats) -> tuple[float, Floats]:
    """Return the probability that a family starts from, and what each column adds to it, (rows, columns)."""
    if isinstance(compiled, EnsembleArrays):
        return _ensemble(name, compiled, X)
    if isinstance(compiled, EstimatorScore):
        raise ModelError(f"{compiled.name} is on trial and has no arrays to take apart", family=name)
    if isinstance(compiled, OddArrays):
        return _odd(name, compiled, X)
    if isinstance(compiled, LinearArrays):
        base, parts = _linear(compiled, X)
    elif isinstance(compiled, MarginArrays):
        base, parts = _carried(lambda lead: _log_odds(compiled.at(lead)), *_linear(compiled, X))
    elif isinstance(compiled, ForestArrays):
        base, parts = _forest(name, compiled, X)
    else:
        base, parts = _of_few(compiled, X)
    return (base, parts) if isinstance(compiled, BaggedArrays) else _carried(_sigmoid, base, parts)


def _carried(step: Callable[[Floats], Floats], base: float, parts: Floats) -> tuple[float, Floats]:
    """Return where ``step`` leads from ``base``, and ``parts`` (rows, columns) as they are beyond it."""
    return float(step(np.array([base]))[0]), parts * _slope(step, base, base + parts.sum(axis=1))[:, None]


def _ensemble(name: str, compiled: EnsembleArrays, X: Floats) -> tuple[float, Floats]:
    """Return the same of parts that are pooled by weight, in log-odds or as they are."""
    base, parts = compiled.intercept, np.zeros(X.shape)
    for part, weight in zip(compiled.parts, compiled.weights.tolist(), strict=True):
        start, added = _of_family(name, part, X)
        if compiled.logits:
            start, added = _carried(_bounded_log_odds, start, added)
        base, parts = base + weight * start, parts + weight * added
    return _carried(_sigmoid, base, parts) if compiled.logits else (base, parts)


def _odd(name: str, compiled: OddArrays, X: Floats) -> tuple[float, Floats]:
    """Return the same of a score made odd: it starts from an even game, and each way round counts for half.

    What a column does in the row turned round is put down to where its value came from.
    """
    ways = (_carried(_clipped_log_odds, *_of_family(name, compiled.part, rows)) for rows in (X, compiled.turned(X)))
    (_, said), (_, turned) = ways
    parts = 0.5 * said
    parts[:, compiled.places] -= 0.5 * turned
    return _carried(_sigmoid, 0.0, parts)


def _linear(compiled: LinearArrays | MarginArrays, X: Floats) -> tuple[float, Floats]:
    # A column of no weight may be missing for good, and adds nothing.
    read = np.where(np.isnan(X), compiled.impute, X)
    added = compiled.weights * ((read - compiled.center) / compiled.scale)
    return compiled.intercept, np.where(compiled.weights == 0.0, 0.0, added)


def _of_few(compiled: DavidsonArrays | GoalArrays | CountArrays, X: Floats) -> tuple[float, Floats]:
    """Return the same of a form that reads few columns: their Shapley values, over every set of them.

    A column that is not in a set stands where the training rows do on average; log-odds stand at evens.
    """
    if isinstance(compiled, DavidsonArrays):
        read, usual, gaps = np.array([compiled.column]), np.zeros(1), np.full(1, np.nan)
    else:
        read, usual, gaps = compiled.columns, compiled.center, compiled.impute
    at = np.full(X.shape, np.nan)
    told = np.where(np.isnan(X[:, read]), gaps, X[:, read])
    said = np.empty((1 << read.size, X.shape[0]))
    for chosen in range(1 << read.size):
        inside = (chosen >> np.arange(read.size)) & 1 == 1
        at[:, read] = np.where(inside, told, usual)
        said[chosen] = _log_odds(compiled.score(at))
    parts = np.zeros(X.shape)
    for chosen in range(1 << read.size):
        size = chosen.bit_count()
        for j, column in enumerate(read.tolist()):
            if not chosen >> j & 1:
                share = 1.0 / (read.size * comb(read.size - 1, size))
                parts[:, column] += share * (said[chosen | 1 << j] - said[chosen])
    return float(said[0, 0]), parts


def _forest(name: str, compiled: ForestArrays, X: Floats) -> tuple[float, Floats]:
    inner = compiled.left >= 0
    if compiled.cover.size != compiled.left.size:
        raise ModelError(
            f"family {name!r} was stored without the covers of its nodes, so it cannot be explained; train it again",
            family=name,
        )
    if (np.minimum(compiled.left, compiled.right)[inner] <= np.flatnonzero(inner)).any():
        raise ModelError(f"family {name!r} has a node that lies before its parent; lay its trees out anew", family=name)
    laid_out = (compiled.left, compiled.right)
    base = expected_score(*laid_out, compiled.value, compiled.cover, compiled.roots, compiled.base)
    parts = tree_shap(
        np.ascontiguousarray(X), compiled.feature, compiled.threshold, *laid_out, compiled.default_left,
        compiled.value, compiled.cover, compiled.roots, compiled.float32_inputs,
    )  # fmt: skip
    return base, parts


def _slope(step: Callable[[Floats], Floats], start: float, end: Floats) -> Floats:
    """Return how steeply ``step`` leads from ``start`` to each of ``end``."""
    near = np.abs(end - start) < _NEAR
    low, high = np.where(near, start - _STEP, start), np.where(near, start + _STEP, end)
    return (step(high) - step(low)) / (high - low)


def _sigmoid(z: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-z))


def _log_odds(p: Floats) -> Floats:
    return np.log(p) - np.log1p(-p)


def _clipped_log_odds(p: Floats) -> Floats:
    return _log_odds(np.clip(p, EPSILON, 1.0 - EPSILON))


def _bounded_log_odds(p: Floats) -> Floats:
    """Return the log-odds that an ensemble pools, kept finite as its kernel does."""
    return np.maximum(_clipped_log_odds(p), LOWEST_LOGIT)
