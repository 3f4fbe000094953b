"""A fitted family as flat arrays: all that scoring needs, and nothing that has to be unpickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models import kernels
from antepost.models.counts import CountArrays
from antepost.models.davidson import DavidsonArrays
from antepost.models.estimator import EstimatorScore
from antepost.models.goals import GoalArrays
from antepost.models.kernels import Flags, Floats, Integers
from antepost.models.margin import MarginArrays

Array = NDArray[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearArrays:
    """A logistic score of standardised columns; ``impute`` stands in for a missing value before that."""

    form: ClassVar[str] = "linear"

    weights: Floats
    intercept: float
    center: Floats
    scale: Floats
    impute: Floats

    def score(self, X: Floats) -> Floats:
        """Return P(home) of each row of ``X``; NaN where a needed value is missing for good."""
        return kernels.score_linear(
            np.ascontiguousarray(X), self.weights, self.intercept, self.center, self.scale, self.impute
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ForestArrays:
    """A boosted forest: one entry a node, trees one after another, ``roots`` their first nodes.

    ``float32_inputs`` says that the native library rounds its inputs to 32 bits before it compares. ``cover`` is how
    much of the training rows came through each node, in the library's own measure; only explanations read it, and a
    bundle of before it was kept has none.
    """

    form: ClassVar[str] = "forest"
    boosted: ClassVar[bool] = True

    feature: Integers
    threshold: Floats
    left: Integers
    right: Integers
    default_left: Flags
    value: Floats
    roots: Integers
    base: float
    float32_inputs: bool
    cover: Floats = field(default_factory=lambda: np.zeros(0))

    def score(self, X: Floats) -> Floats:
        """Return P(home) of each row of ``X``."""
        return kernels.score_forest(
            np.ascontiguousarray(X),
            self.feature,
            self.threshold,
            self.left,
            self.right,
            self.default_left,
            self.value,
            self.roots,
            self.base,
            self.float32_inputs,
            self.boosted,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class BaggedArrays(ForestArrays):
    """A forest of equals: each leaf holds its share of a mean probability, so that their sum is P(home)."""

    form: ClassVar[str] = "bagged"
    boosted: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EnsembleArrays:
    """Parts pooled by ``weights`` (parts,): by ``intercept`` and log-odds where ``logits``, else as they are."""

    form: ClassVar[str] = "ensemble"

    parts: tuple[LinearArrays | ForestArrays, ...]
    weights: Floats
    intercept: float
    logits: bool

    def score(self, X: Floats) -> Floats:
        """Return P(home) of each row of ``X``; NaN where a part of some weight has no opinion."""
        said = np.column_stack([part.score(X) for part in self.parts])
        if self.logits:
            return kernels.pool_logits(said, self.weights, self.intercept)
        return kernels.pool(said, self.weights)


@dataclass(frozen=True, slots=True, kw_only=True)
class OddArrays:
    """A score made odd: half of what ``part`` says of a row and half of what it says of the row turned round.

    For sides of which it is chance who is named first: P(a beats b) and P(b beats a) then sum to 1. Column j of a row
    turned round is ``signs[j]`` times its column ``places[j]``, see ``frame.Mirror``.
    """

    form: ClassVar[str] = "odd"

    part: Compiled
    places: NDArray[np.int64]
    signs: Floats

    def turned(self, X: Floats) -> Floats:
        """Return the rows with the sides in each other's place."""
        return kernels.and_turned(np.ascontiguousarray(X), self.places, self.signs)[len(X) :]

    def score(self, X: Floats) -> Floats:
        """Return P(home) of each row of ``X``; NaN where the part has no opinion."""
        return kernels.halfway(self.part.score(kernels.and_turned(np.ascontiguousarray(X), self.places, self.signs)))


Compiled = (
    LinearArrays
    | ForestArrays
    | EnsembleArrays
    | DavidsonArrays
    | GoalArrays
    | CountArrays
    | MarginArrays
    | OddArrays
    | EstimatorScore
)

_DTYPES: Mapping[str, type[np.generic]] = {
    "feature": np.int32,
    "left": np.int32,
    "right": np.int32,
    "roots": np.int32,
    "default_left": np.uint8,
    "float32_inputs": np.bool_,
    "logits": np.bool_,
    "column": np.int32,
    "columns": np.int32,
    "of_draw": np.bool_,
    "kind": np.int32,
    "places": np.int64,
    "freedom": np.int32,
    "reach": np.int32,
}
_ALL = (
    LinearArrays, ForestArrays, BaggedArrays, EnsembleArrays, DavidsonArrays, GoalArrays, CountArrays, MarginArrays,
    OddArrays,
)  # fmt: skip
_FORMS: Mapping[str, type[Compiled]] = {form.form: form for form in _ALL}
_PARTS, _PART = "parts", "part"


def unpack(compiled: Compiled) -> dict[str, Array]:
    """Return the arrays of ``compiled`` under ``form/field``, scalars as arrays without dimensions.

    Those of the parts of an ensemble lie under ``ensemble/parts/<number>/form/field``, and likewise what is made odd
    under ``odd/part/form/field``. Covers that were never kept are left out, so that an old bundle keeps its digest.

    Raises:
        ModelError: it is somebody's own estimator, which has no arrays.
    """
    if isinstance(compiled, EstimatorScore):
        raise ModelError(
            f"{compiled.name} is on trial: only what is laid out in arrays is stored and served; make a family of it",
            estimator=compiled.name,
        )
    stored: dict[str, Array] = {}
    for each in fields(compiled):
        value: Any = getattr(compiled, each.name)
        place = f"{compiled.form}/{each.name}"
        if each.name == _PARTS:
            for number, part in enumerate(value):
                stored |= {f"{place}/{number}/{key}": array for key, array in unpack(part).items()}
        elif each.name == _PART:
            stored |= {f"{place}/{key}": array for key, array in unpack(value).items()}
        elif each.name != "cover" or len(value):
            stored[place] = np.asarray(value, dtype=_DTYPES.get(each.name, np.float64))
    return stored


def pack(stored: Mapping[str, Array]) -> Compiled:
    """Return what ``unpack`` took apart."""
    form = next(iter(stored)).partition("/")[0]
    values: dict[str, Any] = {}
    parts: dict[int, dict[str, Array]] = {}
    part: dict[str, Array] = {}
    for key, value in stored.items():
        name, _, rest = key.partition("/")[2].partition("/")
        if name == _PARTS:
            number, _, inner = rest.partition("/")
            parts.setdefault(int(number), {})[inner] = value
        elif name == _PART:
            part[rest] = value
        else:
            values[name] = value.item() if value.ndim == 0 else value
    if parts:
        values[_PARTS] = tuple(pack(parts[number]) for number in sorted(parts))
    if part:
        values[_PART] = pack(part)
    return _FORMS[form](**values)


def one_column(columns: tuple[str, ...], column: str) -> LinearArrays:
    """Return the score that reads its logit from ``column`` alone.

    Without that value it has no opinion: its probability is NaN, never a half.

    Raises:
        ModelError: the column is not among ``columns``.
    """
    if column not in columns:
        raise ModelError(f"{column} is not among the columns; build its group, or ask a set that has it", column=column)
    size = len(columns)
    weights = np.zeros(size)
    weights[columns.index(column)] = 1.0
    return LinearArrays(
        weights=weights,
        intercept=0.0,
        center=np.zeros(size),
        scale=np.ones(size),
        impute=np.full(size, np.nan),
    )
