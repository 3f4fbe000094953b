"""How a side has been doing, exponentially weighted: no game drops out of a window, and no season starts afresh.

Source: the weighting is that of pandas, https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.ewm.html
(``halflife``, ``adjust=True``); the half-lives are ours.
"""

from __future__ import annotations

from antepost.features.declaration import Group
from antepost.features.groups.form import facts
from antepost.features.means import BETWEEN, SIDES, Decay, Mean, means
from antepost.sports import Sport


def ewm(sport: Sport) -> Group:
    """Return the group; every sport has it, its scores only where no box score tells how a side plays."""
    roles = BETWEEN if sport.rates else SIDES
    margin = Mean(name="margin", unit=sport.score, of="points_for - points_against", windows=(Decay(5),), roles=roles)
    win_rate = Mean(name="win_rate", unit="share", of="half_wins", per="2", windows=(Decay(20),), roles=roles)
    scores = tuple(
        Mean(name=name, unit=sport.score, of=name, windows=(Decay(10),)) for name in ("points_for", "points_against")
    )
    return means(
        "ewm",
        tuple(mean for mean in (margin, win_rate, *(() if sport.rates else scores)) if mean.unit),
        facts,
        version=2,
        null="null before the side's first game",
    )
