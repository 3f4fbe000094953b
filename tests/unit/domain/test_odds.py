from __future__ import annotations

import numpy as np
import pytest

from antepost.domain.odds import american_to_decimal
from antepost.errors import DataError


@pytest.mark.parametrize(
    ("american", "decimal"),
    [(100, 2.0), (-100, 2.0), (150, 2.5), (-200, 1.5), (-110, 1 + 100 / 110), (900, 10)],
)
def test_american_odds_become_the_decimal_odds_of_any_betting_primer(american: int, decimal: float) -> None:
    assert american_to_decimal(american) == pytest.approx(decimal, rel=1e-15)


def test_a_number_in_is_a_number_out_and_an_array_in_is_an_array_out() -> None:
    assert type(american_to_decimal(-110)) is float
    column = np.array([150.0, -200.0, np.nan])
    np.testing.assert_array_equal(american_to_decimal(column), [2.5, 1.5, np.nan])


@pytest.mark.parametrize("impossible", [0, 50, -99, float("inf")])
def test_a_number_that_is_no_american_price_is_refused(impossible: float) -> None:
    with pytest.raises(DataError, match="no price") as caught:
        american_to_decimal(np.array([150.0, impossible]))
    assert caught.value.evidence == {"value": impossible, "rows": 1}
