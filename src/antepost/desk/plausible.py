"""Results that are too good to be true: what nobody has reached is taken for a leak until somebody explains it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from antepost.errors import PolicyError

if TYPE_CHECKING:
    from antepost.desk.evaluate import Evaluation

CEILINGS: Mapping[tuple[str, str], float] = {("soccer", "1x2"): 0.60, ("nfl", "winner"): 0.72, ("nba", "winner"): 0.72}
"""The accuracy over a season, by sport and target, above which nobody is believed."""
GAMES = 100
"""As many games make a season; fewer go above a ceiling by chance."""


def require_plausible(found: Evaluation, explained: str | None, target: str = "winner") -> None:
    """Refuse a season whose likelier side won more often than anybody's does; a game said to be even is half right.

    Raises:
        PolicyError: there is one, and no explanation.
    """
    ceiling = CEILINGS.get((found.sport, target))
    if ceiling is None or explained:
        return
    right = np.where(found.p == 0.5, 0.5, (found.p > 0.5) == (found.y == 1))
    for season in np.unique(found.season):
        here = found.season == season
        share = float(right[here].mean())
        if here.sum() >= GAMES and share > ceiling:
            raise PolicyError(
                f"{found.sport} {season}, set {found.set}: {share:.1%} of {int(here.sum())} games called rightly is "
                f"too good to be true (nobody believes more than {ceiling:.0%}); look for a leak first, then say why "
                "it is true by --explained REASON",
                season=int(season),
                accuracy=share,
            )
