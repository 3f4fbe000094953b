from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq

from antepost.domain.margin import DEVIG, additive, multiplicative, overround, power, shin
from antepost.errors import DataError

THREE_WAY = [2.6, 2.4, 4.3]
METHODS = pytest.mark.parametrize("method", DEVIG.values(), ids=DEVIG)

type Method = Callable[[ArrayLike], NDArray[np.float64]]


def test_the_overround_is_the_sum_of_the_inverse_prices() -> None:
    assert overround([1.9, 1.9]) == pytest.approx(2 / 1.9)
    np.testing.assert_allclose(overround([[2.0, 2.0], [1.5, 2.5]]), [1.0, 1 / 1.5 + 0.4])


def test_shin_gives_the_figures_published_with_the_shin_package() -> None:
    """Source: the worked example in the README of https://github.com/mberk/shin."""
    published = [0.37299406033208965, 0.4047794109200184, 0.2222265287474275]
    np.testing.assert_allclose(shin(THREE_WAY), published, atol=1e-9)


def test_shin_solves_the_equation_of_the_paper() -> None:
    implied = 1 / np.array(THREE_WAY)
    booksum = implied.sum()

    def textbook(z: float) -> NDArray[np.float64]:
        return (np.sqrt(z**2 + 4 * (1 - z) * implied**2 / booksum) - z) / (2 * (1 - z))

    insiders = brentq(lambda z: textbook(z).sum() - 1, 0, 0.5, xtol=1e-15)
    np.testing.assert_allclose(shin(THREE_WAY), textbook(insiders), atol=1e-12)


def test_shin_of_two_outcomes_is_the_additive_method() -> None:
    odds = [[1.5, 2.6], [1.9, 1.9], [1.12, 6.5]]
    np.testing.assert_allclose(shin(odds), additive(odds), atol=1e-12)


def test_power_solves_its_equation() -> None:
    implied = 1 / np.array(THREE_WAY)
    exponent = brentq(lambda k: (implied**k).sum() - 1, 0.1, 10, xtol=1e-15)
    np.testing.assert_allclose(power(THREE_WAY), implied**exponent, atol=1e-12)


def test_power_also_answers_for_a_book_below_one() -> None:
    fair = power([2.2, 2.1])
    assert fair.sum() == pytest.approx(1.0)
    assert fair[0] < fair[1]


def test_shin_has_no_answer_for_a_book_below_one_and_says_so() -> None:
    assert np.isnan(shin([2.2, 2.1])).all()


def test_additive_has_no_answer_where_a_long_shot_is_left_with_nothing() -> None:
    assert np.isnan(additive([1.01, 15.0, 500.0])).all()


@METHODS
def test_the_two_ways_of_a_long_shot_differ_from_the_headline_method_in_the_known_direction(
    method: Method,
) -> None:
    odds = [1.2, 4.5]
    assert method(odds)[1] <= multiplicative(odds)[1]


@METHODS
def test_a_fair_book_is_left_as_it_is(method: Method) -> None:
    np.testing.assert_allclose(method([1.6, 1 / (1 - 1 / 1.6)]), [1 / 1.6, 1 - 1 / 1.6], atol=1e-9)


@METHODS
def test_a_missing_price_makes_its_own_row_missing_and_no_other(method: Method) -> None:
    fair = method([[1.9, np.nan], [1.9, 1.9]])
    np.testing.assert_allclose(fair, [[np.nan, np.nan], [0.5, 0.5]], atol=1e-12)


@METHODS
@pytest.mark.parametrize("price", [1.0, 0.5, -2.0, np.inf])
def test_an_impossible_price_is_refused(method: Method, price: float) -> None:
    with pytest.raises(DataError, match="no decimal price"):
        method([[1.9, 1.9], [1.9, price]])


@METHODS
def test_one_outcome_is_no_book(method: Method) -> None:
    with pytest.raises(DataError, match="two outcomes"):
        method([1.9])


@METHODS
def test_a_row_alone_and_in_company_agree_to_the_bit(method: Method) -> None:
    random = np.random.default_rng(7)
    odds = 1 / (random.dirichlet([3, 2, 2], size=200) * 1.06)
    odds = odds[(odds > 1).all(axis=1)]
    together = method(odds)
    np.testing.assert_array_equal(together, [method(row) for row in odds])
    np.testing.assert_array_equal(together, method(np.asfortranarray(odds)))
