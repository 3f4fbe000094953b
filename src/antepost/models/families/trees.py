"""Trees of any library, joined into one flat forest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from antepost.models.arrays import BaggedArrays, ForestArrays
from antepost.models.kernels import Flags, Floats, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """One tree: children are places in these arrays, the root is the first, a leaf has left < 0.

    ``cover`` may be left out by a library that does not tell it; its forest can then not be explained.
    """

    feature: Integers
    threshold: Floats
    left: Integers
    right: Integers
    default_left: Flags
    value: Floats
    cover: Floats = field(default_factory=lambda: np.zeros(0))


def _moved(children: Integers, offset: int) -> NDArray[np.int32]:
    return np.where(children < 0, -1, children + offset).astype(np.int32)


def _laid_out[Forest: ForestArrays](
    form: type[Forest], trees: Sequence[Tree], *, base: float, float32_inputs: bool
) -> Forest:
    ends = np.cumsum([0, *(tree.left.size for tree in trees)])
    starts = ends[:-1].astype(np.int32)
    moved = list(zip(trees, starts.tolist(), strict=True))
    told = all(tree.cover.size == tree.left.size for tree in trees)
    return form(
        feature=np.concatenate([np.zeros(0, np.int32), *(tree.feature for tree in trees)]),
        threshold=np.concatenate([np.zeros(0), *(tree.threshold for tree in trees)]),
        left=np.concatenate([np.zeros(0, np.int32), *(_moved(tree.left, offset) for tree, offset in moved)]),
        right=np.concatenate([np.zeros(0, np.int32), *(_moved(tree.right, offset) for tree, offset in moved)]),
        default_left=np.concatenate([np.zeros(0, np.uint8), *(tree.default_left for tree in trees)]),
        value=np.concatenate([np.zeros(0), *(tree.value for tree in trees)]),
        roots=starts,
        base=base,
        float32_inputs=float32_inputs,
        cover=np.concatenate([np.zeros(0), *(tree.cover for tree in trees if told)]),
    )


def join(trees: Sequence[Tree], *, base: float, float32_inputs: bool) -> ForestArrays:
    """Return boosted ``trees`` one after another, each one's children moved to their place in the whole."""
    return _laid_out(ForestArrays, trees, base=base, float32_inputs=float32_inputs)


def bag(trees: Sequence[Tree], *, float32_inputs: bool, complement: bool = False) -> BaggedArrays:
    """Return ``trees`` whose leaves hold P(home) as the forest that says their mean; P(away) under ``complement``."""
    said = [1.0 - tree.value if complement else tree.value for tree in trees]
    shares = [
        replace(tree, value=np.where(tree.left < 0, value / len(trees), 0.0))
        for tree, value in zip(trees, said, strict=True)
    ]
    return _laid_out(BaggedArrays, shares, base=0.0, float32_inputs=float32_inputs)


def covered(tree: Tree, X: Floats, *, float32_inputs: bool) -> Tree:
    """Return ``tree`` covered by how many rows of ``X`` (rows, columns), those it grew on, come through each node."""
    inputs = X.astype(np.float32).astype(np.float64) if float32_inputs else X
    cover = np.zeros(tree.left.size)
    rows: NDArray[np.int64] = np.arange(X.shape[0], dtype=np.int64)
    node: NDArray[np.int64] = np.zeros(X.shape[0], dtype=np.int64)
    while rows.size:
        np.add.at(cover, node, 1.0)
        on = tree.left[node] >= 0
        rows, node = rows[on], node[on]
        x = inputs[rows, tree.feature[node]]
        goes_left = np.where(np.isnan(x), tree.default_left[node] == 1, x < tree.threshold[node])
        node = np.where(goes_left, tree.left[node], tree.right[node]).astype(np.int64)
    # A node that none of them reaches still has to be weighed against its sibling.
    return replace(tree, cover=np.maximum(cover, 1e-9))
