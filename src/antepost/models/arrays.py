"""A fitted family as flat arrays: all that scoring needs, and nothing that has to be unpickled."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from antepost.errors import ModelError
from antepost.models import kernels
from antepost.models.kernels import Flags, Floats, Integers

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
        )


Compiled = LinearArrays | ForestArrays

_DTYPES: Mapping[str, type[np.generic]] = {
    "feature": np.int32,
    "left": np.int32,
    "right": np.int32,
    "roots": np.int32,
    "default_left": np.uint8,
    "float32_inputs": np.bool_,
}
_FORMS: Mapping[str, type[LinearArrays | ForestArrays]] = {
    LinearArrays.form: LinearArrays,
    ForestArrays.form: ForestArrays,
}


def unpack(compiled: Compiled) -> dict[str, Array]:
    """Return the arrays of ``compiled`` under ``form/field``, scalars as arrays without dimensions.

    Covers that were never kept are left out, so that an old bundle keeps its digest.
    """
    stored: dict[str, Array] = {}
    for each in fields(compiled):
        value: Any = getattr(compiled, each.name)
        if each.name != "cover" or len(value):
            stored[f"{compiled.form}/{each.name}"] = np.asarray(value, dtype=_DTYPES.get(each.name, np.float64))
    return stored


def pack(stored: Mapping[str, Array]) -> Compiled:
    """Return what ``unpack`` took apart."""
    form = next(iter(stored)).partition("/")[0]
    values: dict[str, Any] = {
        key.partition("/")[2]: value.item() if value.ndim == 0 else value for key, value in stored.items()
    }
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
