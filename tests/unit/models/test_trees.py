from __future__ import annotations

import numpy as np

from antepost.models.families.trees import Tree, join


def leaf(value: float) -> Tree:
    return Tree(
        feature=np.zeros(1, np.int32), threshold=np.zeros(1), left=np.full(1, -1, np.int32),
        right=np.full(1, -1, np.int32), default_left=np.zeros(1, np.uint8), value=np.array([value]),
    )  # fmt: skip


def test_children_move_with_their_tree() -> None:
    split = Tree(
        feature=np.zeros(3, np.int32), threshold=np.array([1.0, 0.0, 0.0]), left=np.array([1, -1, -1], np.int32),
        right=np.array([2, -1, -1], np.int32), default_left=np.zeros(3, np.uint8), value=np.array([0.0, -2.0, 2.0]),
    )  # fmt: skip
    forest = join([leaf(0.5), split, leaf(0.25)], base=0.0, float32_inputs=False)
    assert forest.roots.tolist() == [0, 1, 4]
    assert forest.left.tolist() == [-1, 2, -1, -1, -1]
    assert forest.right.tolist() == [-1, 3, -1, -1, -1]
    logits = np.array([0.75 - 2.0, 0.75 + 2.0])
    np.testing.assert_allclose(forest.score(np.array([[0.0], [1.0]])), 1.0 / (1.0 + np.exp(-logits)))


def test_a_forest_without_trees_says_its_base() -> None:
    forest = join([], base=0.0, float32_inputs=True)
    assert forest.score(np.zeros((2, 1))).tolist() == [0.5, 0.5]
