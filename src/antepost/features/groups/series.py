"""What a side does in series of maps: series and maps won, sweeps, and deciders."""

from __future__ import annotations

from antepost.features.declaration import Group
from antepost.features.groups.maps import facts
from antepost.features.means import Mean, Role, means
from antepost.sports import Sport

BETWEEN = (Role(key="home_in_series", less="away_in_series", suffix="fixture", parity="odd"),)
# The loser of a series that went to its last map is a map behind.
_DECIDER = (
    "(CASE WHEN abs(points_for - points_against) = 1 THEN 1 WHEN abs(points_for - points_against) <> 1 THEN 0 END)"
)
_SWEEP = "(CASE WHEN points_against = 0 THEN 1 WHEN points_against > 0 THEN 0 END)"


def series(sport: Sport) -> Group | None:
    """Return the group where maps are told from series."""
    if sport.maps is None:
        return None

    def between(name: str, unit: str, of: str, per: str = "1", window: int = 20) -> Mean:
        return Mean(name=name, unit=unit, of=of, per=per, windows=(window,), roles=BETWEEN)

    return means(
        "series",
        (
            between("win_rate", "share", "half_wins", "2"),
            between("map_share", "share", "points_for", "points_for + points_against"),
            between("sweeps", "share", f"half_wins * {_SWEEP}", "half_wins"),
            between("deciders", "share", _DECIDER),
            between("decider_win_rate", "share", f"half_wins * {_DECIDER}", f"2 * {_DECIDER}", 40),
            Mean(name="played", unit="series", of="1", per=None, windows=("all",), roles=BETWEEN),
        ),
        facts,
        version=1,
        null="null before either side's first such series",
    )
