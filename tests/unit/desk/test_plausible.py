from __future__ import annotations

import numpy as np
import pytest

from antepost.desk.plausible import CEILINGS, require_plausible
from antepost.errors import PolicyError

SEASON = np.repeat([2020, 2021], 200)


def called(share: float) -> np.ndarray:
    """Return two seasons, the first with half of its games called rightly, the second with ``share`` of them."""
    right = np.zeros(400)
    right[:100] = 1.0
    right[200 : 200 + round(200 * share)] = 1.0
    return right


@pytest.mark.parametrize(("sport", "target"), CEILINGS)
def test_a_season_above_the_ceiling_is_named_and_one_below_passes(sport: str, target: str) -> None:
    ceiling = CEILINGS[sport, target]
    require_plausible(sport, target, "none", SEASON, called(ceiling - 0.005))
    with pytest.raises(
        PolicyError, match=rf"{sport}\.{target} 2021, set none.*200 games.*--explained REASON"
    ) as refused:
        require_plausible(sport, target, "none", SEASON, called(ceiling + 0.01))
    assert refused.value.evidence["season"] == 2021


def test_who_says_why_passes_and_so_does_what_has_no_ceiling_or_no_season() -> None:
    require_plausible("nfl", "winner", "none", SEASON, called(0.9), "the results were written into the games file")
    require_plausible("atp", "winner", "none", SEASON, called(0.9))
    require_plausible("nfl", "winner", "none", SEASON[:99], np.ones(99))
