"""Results that are too good to be true: what nobody has reached is taken for a leak until somebody explains it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from antepost.errors import PolicyError

CEILINGS: Mapping[tuple[str, str], float] = {("soccer", "1x2"): 0.60, ("nfl", "winner"): 0.72, ("nba", "winner"): 0.72}
"""The accuracy over a season, by sport and target, above which nobody is believed."""
GAMES = 100
"""As many games make a season; fewer go above a ceiling by chance."""


def require_plausible(
    sport: str,
    target: str,
    set: str,  # noqa: A002
    season: np.ndarray,
    right: np.ndarray,
    explained: str | None = None,
) -> None:
    """Refuse a season in which more was called rightly than anybody does.

    ``season`` and ``right`` are (n,): whether the likeliest outcome came, a half where two were equally likely.

    Raises:
        PolicyError: there is one, and it is not ``explained``.
    """
    ceiling = CEILINGS.get((sport, target))
    if ceiling is None or explained:
        return
    for name in np.unique(season):
        here = season == name
        share = float(right[here].mean())
        if here.sum() >= GAMES and share > ceiling:
            raise PolicyError(
                f"{sport}.{target} {name}, set {set}: {share:.1%} of {int(here.sum())} games called rightly is too "
                f"good to be true (nobody believes more than {ceiling:.0%}); look for a leak first, then say why it is "
                "true by --explained REASON",
                season=int(name),
                accuracy=share,
            )
