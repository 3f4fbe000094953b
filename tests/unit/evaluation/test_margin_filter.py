from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import norm

from antepost.errors import DataError
from antepost.evaluation.margin_filter import WEEK, MarginFilter, Margins, fit_margin_filter

DAY = WEEK // 7
SIDES, ROUNDS, SEASONS = 8, 24, 4
TRUE = MarginFilter(spread=0.5, keep=0.7, drift=0.004, sigma=10.0)


def league(seed: int, sides: int = SIDES, rounds: int = ROUNDS, seasons: int = SEASONS) -> tuple[Margins, np.ndarray]:
    """Return games of an invented league and each one's true chance of a home win: half the sides meet every week."""
    dice = np.random.default_rng(seed)
    strength = dice.normal(0.0, 10.0 * np.sqrt(TRUE.spread), sides)
    rows, true = [], []
    for season in range(seasons):
        if season:
            left = 10.0 * np.sqrt(TRUE.spread * (1.0 - TRUE.keep**2))
            strength = TRUE.keep * strength + dice.normal(0.0, left, sides)
        for week in range(rounds):
            if week:
                strength = strength + dice.normal(0.0, 10.0 * np.sqrt(TRUE.drift), sides)
            pairs = dice.permutation(sides).reshape(-1, 2)
            for home, away in pairs[: sides // 4]:
                neutral = dice.random() < 0.1
                lead = strength[home] - strength[away] + (0.0 if neutral else 3.0)
                asked = (52 * season + week) * WEEK
                rows.append((home, away, neutral, season, asked, asked + DAY, lead + dice.normal(0.0, 10.0)))
                true.append(norm.cdf(lead / 10.0))
    home, away, neutral, year, asked, known, margin = (np.array(column) for column in zip(*rows, strict=True))
    games = Margins(home=home, away=away, neutral=neutral, season=year, as_of=asked, known_at=known, margin=margin)
    return games, np.array(true)


def told_by_all_at_once(games: Margins, at: int) -> float:
    """Return P(home wins) of game ``at``: the joint normal of every strength at every moment, conditioned at once."""
    moments = np.unique(games.as_of)
    seasons = {int(moment): int(games.season[games.as_of == moment][0]) for moment in moments}
    steps = moments.size
    # One side's strength over time: a walk within a season, of which a share is kept between two.
    one = np.zeros((steps, steps))
    one[0, 0] = TRUE.spread
    for t in range(1, steps):
        new = seasons[int(moments[t])] - seasons[int(moments[t - 1])]
        keep = TRUE.keep**new
        one[t, :t] = one[:t, t] = keep * one[t - 1, :t]
        added = (1.0 - keep**2) * TRUE.spread if new else TRUE.drift * (moments[t] - moments[t - 1]) / WEEK
        one[t, t] = keep**2 * one[t - 1, t - 1] + added
    place = np.searchsorted(moments, games.as_of)
    earlier = np.flatnonzero(games.known_at < games.as_of[at])
    rows = np.append(earlier, at)
    side = [(games.home[i], 1.0) for i in rows], [(games.away[i], -1.0) for i in rows]
    cover = np.zeros((rows.size, rows.size))
    for a in side:
        for b in side:
            for i, (p, x) in enumerate(a):
                for j, (q, y) in enumerate(b):
                    # What is told on a day is of the strengths as they were believed then, at the next question.
                    cover[i, j] += x * y * one[place[rows[i]], place[rows[j]]] if p == q else 0.0
    at_home = (~games.neutral[rows]).astype(float)
    cover += TRUE.spread * np.outer(at_home, at_home)
    past, last = slice(0, -1), -1
    weights = np.linalg.solve(cover[past, past] + np.eye(earlier.size), cover[past, last])
    mean = weights @ games.margin[earlier]
    variance = cover[last, last] - weights @ cover[past, last]
    return float(norm.cdf(mean / (TRUE.sigma * np.sqrt(1.0 + variance))))


def test_it_says_what_conditioning_on_all_margins_at_once_says() -> None:
    games, _ = league(5, rounds=5, seasons=3)
    said = TRUE.chances(games)
    assert said[0] == pytest.approx(0.5)
    for at in (5, 11, 17, 29):
        assert said[at] == pytest.approx(told_by_all_at_once(games, at), abs=1e-9)


def test_a_margin_that_is_not_told_yet_changes_nothing() -> None:
    games, _ = league(6)
    now = int(games.as_of[60])
    spoilt = replace(games, margin=np.where(games.known_at < now, games.margin, 50.0))
    asked = games.as_of <= now
    np.testing.assert_array_equal(TRUE.chances(spoilt)[asked], TRUE.chances(games)[asked])
    assert not np.array_equal(TRUE.chances(spoilt), TRUE.chances(games))


def test_the_order_of_the_rows_does_not_matter_and_untold_margins_are_passed_over() -> None:
    games, _ = league(7)
    back = games.where(np.ones(games.home.size, np.bool_))
    turned = Margins(**{name: getattr(games, name)[::-1] for name in games.__dataclass_fields__})
    np.testing.assert_allclose(TRUE.chances(turned)[::-1], TRUE.chances(back), rtol=1e-9)
    silent = TRUE.chances(replace(games, margin=np.full(games.home.size, np.nan)))
    np.testing.assert_allclose(silent, 0.5)


def test_the_fit_finds_what_the_games_were_made_with() -> None:
    games, true = league(8, sides=24, rounds=20, seasons=5)
    found = fit_margin_filter(games)
    assert found.sigma == pytest.approx(10.0, rel=0.08)
    assert found.spread == pytest.approx(TRUE.spread, rel=0.5)
    assert 0.4 < found.keep < 0.95
    late = games.season > 1
    y = games.margin[late] > 0.0

    def loss(p: np.ndarray) -> float:
        return float(-np.log(np.where(y, p, 1.0 - p)).mean())

    said = found.chances(games)[late]
    assert loss(said) < 0.75 * loss(np.full(y.size, y.mean())) + 0.25 * loss(true[late])
    assert abs(said.mean() - y.mean()) < 0.06


def test_too_few_margins_are_refused() -> None:
    games, _ = league(9, rounds=2)
    with pytest.raises(DataError, match="a hundred games at least, not to 16"):
        fit_margin_filter(games)
