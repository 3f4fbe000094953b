"""Shapley values of forests against the definition, one subset of the columns after another."""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np
import pytest

from antepost.models.arrays import ForestArrays
from antepost.models.tree_shap import expected_score, tree_shap


def invented_forest(
    rng: np.random.Generator, trees: int, columns: int, depth: int, *, float32_inputs: bool = False
) -> ForestArrays:
    """Return trees that stop early here and there, ask for a column twice on a path, and count their rows."""
    nodes: list[list[float]] = []

    def grow(left_to_go: int, rows: float) -> int:
        place = len(nodes)
        nodes.append([])
        if left_to_go == 0 or rng.random() < 0.2:
            nodes[place] = [0, 0.0, -1, -1, 0, rng.normal(), rows]
            return place
        share = rng.uniform(0.1, 0.9)
        split = [int(rng.integers(columns)), round(rng.normal(), 1)]
        children = [grow(left_to_go - 1, rows * share), grow(left_to_go - 1, rows * (1.0 - share))]
        nodes[place] = [*split, *children, int(rng.integers(2)), 0.0, rows]
        return place

    roots = [grow(depth, 100.0) for _ in range(trees)]
    feature, threshold, left, right, default_left, value, cover = np.array(nodes).T
    return ForestArrays(
        feature=feature.astype(np.int32), threshold=threshold, left=left.astype(np.int32),
        right=right.astype(np.int32), default_left=default_left.astype(np.uint8), value=value,
        roots=np.array(roots, np.int32), base=0.3, float32_inputs=float32_inputs, cover=cover,
    )  # fmt: skip


def invented_rows(rng: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    """Return rows on the thresholds' own grid, so that ties happen; a fifth is missing."""
    X = np.round(rng.normal(size=(rows, columns)), 1)
    X[rng.random(X.shape) < 0.2] = np.nan
    return X


def explained(forest: ForestArrays, X: np.ndarray) -> np.ndarray:
    return tree_shap(
        X, forest.feature, forest.threshold, forest.left, forest.right, forest.default_left, forest.value,
        forest.cover, forest.roots, forest.float32_inputs,
    )  # fmt: skip


def expected(forest: ForestArrays) -> float:
    return expected_score(forest.left, forest.right, forest.value, forest.cover, forest.roots, forest.base)


def told(forest: ForestArrays, row: np.ndarray, columns: frozenset[int]) -> float:
    """Return the score where only ``columns`` are told; at another's split a row goes both ways, by cover."""

    def below(node: int) -> float:
        if forest.left[node] < 0:
            return float(forest.value[node])
        children = (int(forest.left[node]), int(forest.right[node]))
        x = row[forest.feature[node]]
        if int(forest.feature[node]) in columns:
            x = np.float32(x) if forest.float32_inputs else x
            goes_left = forest.default_left[node] == 1 if np.isnan(x) else x < forest.threshold[node]
            return below(children[0] if goes_left else children[1])
        covers = [float(forest.cover[child]) for child in children]
        return sum(below(child) * cover for child, cover in zip(children, covers, strict=True)) / sum(covers)

    return forest.base + sum(below(int(root)) for root in forest.roots)


def by_definition(forest: ForestArrays, row: np.ndarray) -> list[float]:
    """Return the Shapley values over all 2^k subsets."""
    k = row.size
    values = []
    for column in range(k):
        others = [other for other in range(k) if other != column]
        total = 0.0
        for size in range(k):
            weight = math.factorial(size) * math.factorial(k - size - 1) / math.factorial(k)
            for chosen in map(frozenset, combinations(others, size)):
                total += weight * (told(forest, row, chosen | {column}) - told(forest, row, chosen))
        values.append(total)
    return values


@pytest.mark.parametrize("float32_inputs", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_every_column_has_the_value_of_the_definition(seed: int, *, float32_inputs: bool) -> None:
    rng = np.random.default_rng(seed)
    forest = invented_forest(rng, trees=4, columns=5, depth=4, float32_inputs=float32_inputs)
    X = invented_rows(rng, 5, 5)
    np.testing.assert_allclose(explained(forest, X), [by_definition(forest, row) for row in X], atol=1e-12)
    assert expected(forest) == pytest.approx(told(forest, X[0], frozenset()), abs=1e-12)


def test_the_values_and_what_is_expected_make_the_score() -> None:
    rng = np.random.default_rng(9)
    forest = invented_forest(rng, trees=60, columns=12, depth=7)
    X = invented_rows(rng, 300, 12)
    p = forest.score(X)
    np.testing.assert_allclose(
        expected(forest) + explained(forest, X).sum(axis=1), np.log(p) - np.log1p(-p), atol=1e-9, rtol=0
    )


def test_a_column_that_no_tree_asks_for_adds_nothing() -> None:
    rng = np.random.default_rng(10)
    forest = invented_forest(rng, trees=5, columns=3, depth=4)
    assert not explained(forest, invented_rows(rng, 50, 5))[:, 3:].any()


def test_columns_that_play_the_same_part_add_the_same() -> None:
    # Both columns are asked the same question by trees that mirror each other, and both get the same answer.
    leaves = [0.0, -1.0, 0.0, 1.0, 4.0]
    trees = [
        (np.array([first, 0, second, 0, 0]), np.array([0.5, 0, 0.5, 0, 0]))
        for first, second in ((0, 1), (1, 0))
    ]  # fmt: skip
    children = np.array([1, -1, 3, -1, -1]), np.array([2, -1, 4, -1, -1])
    forest = ForestArrays(
        feature=np.concatenate([feature for feature, _ in trees]).astype(np.int32),
        threshold=np.concatenate([threshold for _, threshold in trees]),
        left=np.concatenate([np.where(children[0] < 0, -1, children[0] + 5 * i) for i in range(2)]).astype(np.int32),
        right=np.concatenate([np.where(children[1] < 0, -1, children[1] + 5 * i) for i in range(2)]).astype(np.int32),
        default_left=np.zeros(10, np.uint8), value=np.array(leaves * 2), roots=np.array([0, 5], np.int32), base=0.0,
        float32_inputs=False, cover=np.array([10.0, 4.0, 6.0, 2.0, 4.0] * 2),
    )  # fmt: skip
    phi = explained(forest, np.array([[1.0, 1.0], [0.0, 0.0], [np.nan, np.nan]]))
    np.testing.assert_allclose(phi[:, 0], phi[:, 1], atol=1e-15)
    assert (np.abs(phi) > 0.1).all()


def test_one_row_and_many_rows_agree_to_the_bit() -> None:
    rng = np.random.default_rng(11)
    forest, X = invented_forest(rng, trees=9, columns=6, depth=5), invented_rows(rng, 40, 6)
    together = explained(forest, X)
    assert all(explained(forest, X[i : i + 1]).tobytes() == together[i].tobytes() for i in range(len(X)))


def test_a_forest_without_trees_is_its_base() -> None:
    empty = invented_forest(np.random.default_rng(0), trees=1, columns=1, depth=1)
    none = np.zeros(0, np.int32)
    assert expected_score(none, none, np.zeros(0), np.zeros(0), none, 0.7) == 0.7
    phi = tree_shap(
        np.ones((2, 3)), none, np.zeros(0), none, none, np.zeros(0, np.uint8), np.zeros(0), np.zeros(0), none,
        empty.float32_inputs,
    )  # fmt: skip
    assert phi.shape == (2, 3)
    assert not phi.any()
