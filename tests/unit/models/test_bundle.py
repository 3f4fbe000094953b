from __future__ import annotations

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.evaluation import calibration
from antepost.models import Bundle, Frame
from antepost.models.bundle import ARRAYS, assemble


def test_a_bundle_predicts_the_calibrated_pool_of_its_families(frame: Frame, bundle: Bundle) -> None:
    said = bundle.family_probabilities(frame.X)
    assert said.shape == (480, 5)
    pooled = said @ bundle.blend.weights
    assert bundle.predict(frame.X) == pytest.approx(calibration.apply(bundle.blend.calibrator, pooled), abs=1e-12)


def test_one_row_and_all_rows_agree_to_the_bit(frame: Frame, bundle: Bundle) -> None:
    p = bundle.predict(frame.X)
    home, away = bundle.p_low(frame.X, 0.05)
    for i in range(0, 480, 37):
        one = frame.X[i : i + 1]
        assert bundle.predict(one)[0] == p[i]
        assert [low[0] for low in bundle.p_low(one, 0.05)] == [home[i], away[i]]


def test_the_low_quantiles_lie_on_the_cautious_side(frame: Frame, bundle: Bundle) -> None:
    home, away = bundle.p_low(frame.X, 0.05)
    median, _ = bundle.p_low(frame.X, 0.5)
    assert (home <= median).all()
    assert (home + away < 1.0).all()


def test_a_row_without_its_price_is_refused_by_name(frame: Frame, bundle: Bundle) -> None:
    unpriced = frame.X[:3].copy()
    unpriced[1, 0] = np.nan
    with pytest.raises(ModelError, match=r"'market'.*row 1"):
        bundle.predict(unpriced)


def test_columns_of_another_number_are_refused(frame: Frame, bundle: Bundle) -> None:
    with pytest.raises(ModelError, match="6 columns"):
        bundle.predict(frame.X[:, :4])


@pytest.mark.parametrize("quantile", [0.0, 1.0, -0.1])
def test_a_quantile_is_strictly_between_nought_and_one(frame: Frame, bundle: Bundle, quantile: float) -> None:
    with pytest.raises(ModelError, match="quantile"):
        bundle.p_low(frame.X, quantile)


def test_a_bundle_put_together_from_its_files_is_the_same_bundle(frame: Frame, bundle: Bundle) -> None:
    again = assemble(bundle.manifest, bundle.files, bundle.native)
    assert again.digest == bundle.digest
    assert again.features == bundle.features
    assert again.predict(frame.X).tobytes() == bundle.predict(frame.X).tobytes()
    assert again.p_low(frame.X, 0.05)[0].tobytes() == bundle.p_low(frame.X, 0.05)[0].tobytes()


def test_arrays_that_do_not_fit_the_manifest_are_refused(bundle: Bundle) -> None:
    other = bundle.manifest.model_copy(update={"families": ("elo", "oracle")})
    with pytest.raises(ModelError, match="oracle"):
        assemble(other, bundle.files, {})
    with pytest.raises(ModelError, match="do not fit"):
        assemble(bundle.manifest, {**bundle.files, ARRAYS: b"no archive"}, {})


def test_native_files_ride_along_outside_the_digest(bundle: Bundle) -> None:
    assert set(bundle.native) == {"xgboost.json", "lightgbm.txt"}
    bare = assemble(bundle.manifest, bundle.files, {})
    assert bare.digest == bundle.digest
