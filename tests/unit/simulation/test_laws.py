"""What a law says may come of a game is what comes of it when it is played often."""

from __future__ import annotations

import numpy as np
import pytest

from antepost.simulation import WORLDS
from antepost.simulation.laws import NOT_PLAYED, Floats, Law
from antepost.simulation.lines import Belief, lines_of
from antepost.simulation.races import Duel, Race

TIMES = 20_000
LAWS = {name: (told.law, told.level) for name, told in WORLDS.items() if name not in {"wta", "ncaab", "ncaaf"}}


def far(share: float, chance: float) -> float:
    """Return by how many standard errors a share of ``TIMES`` lies from its chance."""
    return abs(share - chance) / max((chance * (1.0 - chance) / TIMES) ** 0.5, 1.0 / TIMES)


def arrays(edge: float, level: float, n: int = 1) -> tuple[Floats, Floats]:
    return np.full(n, edge), np.full(n, level)


@pytest.mark.parametrize("name", LAWS)
@pytest.mark.parametrize("part", [0.0, 0.3, -0.6])
def test_outcomes_margins_and_totals_come_as_often_as_the_law_says(name: str, part: float) -> None:
    law, level = LAWS[name]
    edge = part * min(law.reach, level)
    played = law.play(np.random.default_rng(3), *arrays(edge, level, TIMES))
    outcomes = law.outcomes(*arrays(edge, level))[0]
    assert outcomes.sum() == pytest.approx(1.0)
    for outcome, chance in enumerate(outcomes):
        assert far(float(np.mean(played.outcome == outcome)), float(chance)) < 4.5
    margins, totals = law.margins(*arrays(edge, level))[0], law.totals(*arrays(edge, level))[0]
    assert margins.sum() == pytest.approx(1.0)
    assert totals.sum() == pytest.approx(1.0)
    middle = len(margins) // 2
    for line in np.quantile(played.home - played.away, (0.1, 0.4, 0.7, 0.9)):
        beyond = margins[middle + int(np.floor(line)) + 1 :].sum()
        assert far(float(np.mean(played.home - played.away > np.floor(line) + 0.5)), float(beyond)) < 4.5
    for line in np.quantile(played.home + played.away, (0.1, 0.5, 0.9)):
        over = totals[int(np.floor(line)) + 1 :].sum()
        assert far(float(np.mean(played.home + played.away > np.floor(line) + 0.5)), float(over)) < 4.5


@pytest.mark.parametrize("name", LAWS)
def test_the_better_side_wins_more_often_and_changing_places_changes_only_places(name: str) -> None:
    law, level = LAWS[name]
    edges = np.linspace(-0.9, 0.9, 19) * min(law.reach, level)
    home, _, away = law.outcomes(edges, np.full(19, level)).T
    assert (np.diff(home) > 0.0).all()
    assert home == pytest.approx(away[::-1])


@pytest.mark.parametrize("name", LAWS)
def test_scores_are_what_the_periods_add_up_to(name: str) -> None:
    law, level = LAWS[name]
    played = law.play(np.random.default_rng(4), *arrays(0.2, level, 500))
    if isinstance(law, Race | Duel):
        won = (played.course == 1.0).sum(axis=1) if isinstance(law, Race) else None
        assert won is None or (won == played.home).all()
        return
    counted = np.where(played.periods == NOT_PLAYED, 0, played.periods).sum(axis=2)
    assert (counted == np.column_stack([played.home, played.away])).all()


def test_a_race_ends_with_its_target_and_overtime_with_four_of_six() -> None:
    law = Race(target=13, overtime=True)
    played = law.play(np.random.default_rng(5), *arrays(0.0, 0.0, 5000))
    most, least = np.maximum(played.home, played.away), np.minimum(played.home, played.away)
    assert ((most[~played.overtime] == 13) & (least[~played.overtime] <= 11)).all()
    assert ((most[played.overtime] - 16) % 3 == 0).all()
    assert np.isin((most - least)[played.overtime], (2, 3, 4)).all()


def test_the_chance_at_a_score_is_the_chance_of_the_whole_at_the_start() -> None:
    edge = np.linspace(-0.5, 0.5, 5)
    law = Race(target=13, overtime=True)
    assert law.ahead(edge)[:, 0, 0] == pytest.approx(law.outcomes(edge, edge)[:, 0])


@pytest.mark.parametrize("name", LAWS)
def test_a_table_of_lines_answers_as_the_law_does(name: str) -> None:
    law, level = LAWS[name]
    spread = WORLDS[name].doubt
    dice = np.random.default_rng(6)
    edge = dice.uniform(-0.7, 0.7, 40) * min(law.reach, level)
    scored = level + spread * dice.uniform(-2.0, 2.0, 40)
    sure = np.zeros(40)
    table = lines_of(law, level, spread)
    belief = Belief(edge=edge, edge_doubt=sure, level=scored, level_doubt=sure)
    assert table.outcomes(belief) == pytest.approx(law.outcomes(edge, scored), abs=2e-3)
    assert table.covers(belief, np.full(40, 1.5)) == pytest.approx(_beyond(law, edge, scored, 1.5), abs=3e-3)


def _beyond(law: Law, edge: Floats, level: Floats, line: float) -> Floats:
    margins = law.margins(edge, level)
    return margins[:, margins.shape[1] // 2 + int(np.floor(line)) + 1 :].sum(axis=1)
