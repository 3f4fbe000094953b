"""What the desk offers about forecasts of home, draw and away; ``Desk`` takes it over."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from antepost.desk.feature_uses import listed
from antepost.settings import Settings
from antepost.telemetry import Progress

if TYPE_CHECKING:
    from antepost.desk.judging import Refit
    from antepost.desk.three_way import ThreeWay


class ThreeWayUses:
    """The use cases of three-way forecasts, over the places that ``settings`` name."""

    settings: Settings

    def evaluate_three_way(
        self,
        sport: str,
        season: int | Iterable[int],
        set: str = "none",  # noqa: A002
        *,
        league: str | None = None,
        refit: Refit = "season",
        families: str | Iterable[str] | None = None,
        explained: str | None = None,
        progress: Progress | None = None,
    ) -> ThreeWay:
        """Score forecasts of home, draw and away as ``evaluate`` does those of two outcomes."""
        from antepost.desk.three_way import evaluate_three_way

        return evaluate_three_way(
            self.settings, sport, listed(season), set,
            league=league, refit=refit, families=families, explained=explained, progress=progress,
        )  # fmt: skip
