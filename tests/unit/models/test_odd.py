"""Where it is chance who is named first, both ways round a game has the same chances, from a family to the bundle."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from antepost.evaluation import WalkForward
from antepost.evaluation.calibration import ODD_KINDS
from antepost.models import Bundle, Frame, Recipe, fit_bundle, walk_forward
from antepost.models.arrays import BaggedArrays, OddArrays, one_column, pack, unpack
from antepost.models.bundle import assemble
from antepost.models.explain import attribute
from antepost.models.frame import Mirror
from antepost.models.manifest import FeatureLock

MIRROR = Mirror(places=np.array([0, 1, 3, 2, 4, 5]), signs=np.array([-1.0, -1.0, 1.0, 1.0, 1.0, 1.0]))
FAMILIES = ("market", "elo", "logistic", "forest", "xgboost", "lightgbm")
ATOL = 1e-12


@pytest.fixture(scope="module")
def tour(frame: Frame) -> Frame:
    """The little league as a tour, in which it is chance who is named first."""
    return replace(frame, mirror=MIRROR)


@pytest.fixture(scope="module")
def odd(tour: Frame, recipe: Recipe, splitter: WalkForward, lock: FeatureLock) -> Bundle:
    """All families in one bundle on the tour."""
    forest = {"trees": 8, "max_depth": 3, "min_samples_leaf": 10, "max_features": "sqrt"}
    recipe = recipe.model_copy(update={"families": {**recipe.families, "forest": forest}})
    oof = walk_forward(tour, FAMILIES, recipe, splitter)
    return fit_bundle(
        tour, oof, FAMILIES, recipe, sport="atp", target="winner", set="close", lock=lock, batch=1, simulated=True,
        refits=20,
    )  # fmt: skip


def test_both_sides_of_a_game_have_one_chance_between_them(odd: Bundle, frame: Frame) -> None:
    """Of a blend with a shift in its calibrator, what was said of both sides once missed 1 by up to 0.03."""
    X, turned = frame.X, MIRROR.of(frame.X)
    assert odd.manifest.calibrator in ODD_KINDS
    for name, family in odd.families.items():
        np.testing.assert_allclose(family.score(X) + family.score(turned), 1.0, rtol=0.0, atol=ATOL, err_msg=name)
    np.testing.assert_allclose(odd.predict(X) + odd.predict(turned), 1.0, rtol=0.0, atol=ATOL)
    home, away = odd.p_low(X, 0.1)
    as_away, as_home = odd.p_low(turned, 0.1)
    np.testing.assert_allclose(home, as_home, rtol=0.0, atol=ATOL)
    np.testing.assert_allclose(away, as_away, rtol=0.0, atol=ATOL)
    assert np.ptp(odd.predict(X)) > 0.3


def test_what_is_served_from_a_file_is_the_same_one_row_or_many(odd: Bundle, frame: Frame) -> None:
    served = assemble(odd.manifest, odd.files, {})
    assert served.digest == odd.digest
    together = served.predict(frame.X)
    assert together.tobytes() == odd.predict(frame.X).tobytes()
    np.testing.assert_array_equal(together[:50], [served.predict(frame.X[i : i + 1])[0] for i in range(50)])


def test_the_parts_of_an_odd_prediction_sum_to_it_and_change_sign_with_the_sides(odd: Bundle, frame: Frame) -> None:
    there, back = attribute(odd, frame.X), attribute(odd, MIRROR.of(frame.X))
    assert np.abs(there.base + there.columns.sum(axis=1) - there.log_odds).max() < 1e-9
    assert there.base == pytest.approx(0.0, abs=1e-12)
    np.testing.assert_allclose(there.columns[:, MIRROR.places], -back.columns, atol=1e-9)


def test_a_question_whose_answer_is_the_same_both_ways_round_is_not_turned(tour: Frame) -> None:
    assert tour.odd
    assert not replace(tour, target="draw").odd
    assert not replace(tour, mirror=None).odd


def test_who_has_no_opinion_one_way_round_has_none() -> None:
    columns = ("a", "b")
    made = OddArrays(part=one_column(columns, "a"), places=np.array([1, 0]), signs=np.ones(2))
    assert np.isnan(made.score(np.array([[1.0, np.nan], [np.nan, 1.0]]))).all()
    assert made.score(np.array([[1.0, 0.0]])) == pytest.approx(1.0 / (1.0 + np.exp(-0.5)))


def test_a_part_that_is_sure_is_halved_and_survives_being_taken_apart() -> None:
    sure = BaggedArrays(
        feature=np.array([0, 0, 0], dtype=np.int32), threshold=np.array([0.5, 0.0, 0.0]),
        left=np.array([1, -1, -1], dtype=np.int32), right=np.array([2, -1, -1], dtype=np.int32),
        default_left=np.array([1, 0, 0], dtype=np.uint8), value=np.array([0.0, 0.0, 1.0]),
        roots=np.array([0], dtype=np.int32), base=0.0, float32_inputs=False,
    )  # fmt: skip
    made = OddArrays(part=sure, places=np.array([0]), signs=np.array([-1.0]))
    said = made.score(np.array([[0.9], [-0.9], [0.2]]))
    assert np.isfinite(said).all()
    assert said[0] > 1.0 - 1e-8
    assert said[0] + said[1] == pytest.approx(1.0, abs=1e-15)
    assert said[2] == 0.5
    again = pack(unpack(made))
    assert {key: array.tobytes() for key, array in unpack(again).items()} == {
        key: array.tobytes() for key, array in unpack(made).items()
    }
