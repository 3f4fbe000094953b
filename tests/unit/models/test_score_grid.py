from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import poisson, skellam

from antepost.errors import DataError
from antepost.models.score_grid import Line, handicap, margins, outcomes, over, settled, totals

GOALS = np.arange(40)
GRID = np.outer(poisson.pmf(GOALS, 1.6), poisson.pmf(GOALS, 1.2))


def by_hand(grid: np.ndarray, line: float, number: str) -> tuple[float, float, float]:
    """Return the shares won, given back and lost, score by score and half stake by half stake."""
    found = np.zeros(3)
    halves = (line,) if (4 * line) % 2 == 0 else (line - 0.25, line + 0.25)
    for half in halves:
        for x in GOALS:
            for y in GOALS:
                left = x - y + half if number == "handicap" else x + y - half
                found[0 if left > 0 else 2 if left < 0 else 1] += grid[x, y] / len(halves)
    return tuple(found)


def test_outcomes_margins_and_totals_of_two_poisson_counts_are_those_of_the_books() -> None:
    said = outcomes(GRID)
    assert sum(said.values()) == pytest.approx(1.0)
    assert said["draw"] == pytest.approx(skellam.pmf(0, 1.6, 1.2), abs=1e-12)
    assert said["home"] == pytest.approx(skellam.sf(0, 1.6, 1.2), abs=1e-12)
    lead = margins(GRID)
    assert [lead[k] for k in range(-5, 6)] == pytest.approx(skellam.pmf(np.arange(-5, 6), 1.6, 1.2).tolist(), abs=1e-12)
    np.testing.assert_allclose(totals(GRID)[:12], poisson.pmf(np.arange(12), 2.8), atol=1e-12)


@pytest.mark.parametrize("line", [-1.5, -1.25, -1.0, -0.75, 0.0, 0.25, 0.5, 2.0])
def test_a_handicap_is_settled_half_stake_by_half_stake(line: float) -> None:
    found = handicap(GRID, line)
    assert (found.won, found.back, found.lost) == pytest.approx(by_hand(GRID, line, "handicap"), abs=1e-12)
    other = handicap(GRID.T, -line)
    assert (other.won, other.back, other.lost) == pytest.approx((found.lost, found.back, found.won), abs=1e-12)
    assert found.turned.fair_odds == pytest.approx(other.fair_odds)
    assert found.won * (found.fair_odds - 1.0) == pytest.approx(found.lost)


@pytest.mark.parametrize("line", [2.0, 2.25, 2.5, 2.75, 3.0])
def test_a_total_is_settled_likewise(line: float) -> None:
    found = over(GRID, line)
    assert (found.won, found.back, found.lost) == pytest.approx(by_hand(GRID, line, "total"), abs=1e-12)


def test_a_half_line_gives_nothing_back_and_even_handicap_is_draw_no_bet() -> None:
    assert over(GRID, 2.5).back == 0.0
    said, level = outcomes(GRID), handicap(GRID, 0.0)
    assert level == Line(won=pytest.approx(said["home"]), back=pytest.approx(said["draw"]), lost=level.lost)
    assert level.fair_odds == pytest.approx((said["home"] + said["away"]) / said["home"])


def test_what_is_no_line_and_what_is_no_grid_is_refused() -> None:
    with pytest.raises(DataError, match=r"line 0\.3 is no whole number of quarters"):
        settled({0: 1.0}, 0.3)
    with pytest.raises(DataError, match=r"sum to 0\.9"):
        outcomes(0.9 * GRID)
