"""Trees of any library, joined into one flat forest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from antepost.models.arrays import ForestArrays
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


def join(trees: Sequence[Tree], *, base: float, float32_inputs: bool) -> ForestArrays:
    """Return ``trees`` one after another, each one's children moved to their place in the whole."""
    ends = np.cumsum([0, *(tree.left.size for tree in trees)])
    starts = ends[:-1].astype(np.int32)
    moved = list(zip(trees, starts.tolist(), strict=True))
    covered = all(tree.cover.size == tree.left.size for tree in trees)
    return ForestArrays(
        feature=np.concatenate([np.zeros(0, np.int32), *(tree.feature for tree in trees)]),
        threshold=np.concatenate([np.zeros(0), *(tree.threshold for tree in trees)]),
        left=np.concatenate([np.zeros(0, np.int32), *(_moved(tree.left, offset) for tree, offset in moved)]),
        right=np.concatenate([np.zeros(0, np.int32), *(_moved(tree.right, offset) for tree, offset in moved)]),
        default_left=np.concatenate([np.zeros(0, np.uint8), *(tree.default_left for tree in trees)]),
        value=np.concatenate([np.zeros(0), *(tree.value for tree in trees)]),
        roots=starts,
        base=base,
        float32_inputs=float32_inputs,
        cover=np.concatenate([np.zeros(0), *(tree.cover for tree in trees if covered)]),
    )
