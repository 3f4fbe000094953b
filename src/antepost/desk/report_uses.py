"""What the desk offers on reports about models; ``Desk`` takes it over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from antepost.desk.feature_uses import listed
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress

if TYPE_CHECKING:
    from antepost.desk.report import Report
    from antepost.desk.three_way_report import ThreeWayReport


class _Held(Protocol):
    settings: Settings

    def seasons(self, sport: str) -> list[int]: ...


class ReportUses:
    """The use cases of reports, over a desk that knows which seasons it holds."""

    def report(
        self: _Held,
        sport: str,
        season: int | Iterable[int] | None = None,
        set: str = "none",  # noqa: A002
        *,
        target: str | None = None,
        recipe: Path | None = None,
        explained: str | None = None,
        learning: bool = True,
        progress: Progress | None = None,
    ) -> Report | ThreeWayReport:
        """Return all that is to be said of a sport's models on seasons, by default the nine newest, as one page.

        ``target`` is by default who wins, and home, draw and away where a draw can be bet on.
        """
        from antepost.desk.report import report
        from antepost.desk.three_way_report import three_way_report

        about = get_sport(sport)
        asked = about.check_target(about.headline if target is None else target)
        chosen = self.seasons(sport)[-9:] if season is None else listed(season)
        if asked == "1x2":
            return three_way_report(
                self.settings, sport, chosen, set,
                recipe=recipe, explained=explained, learning=learning, progress=progress,
            )  # fmt: skip
        return report(
            self.settings, sport, chosen, set,
            target="draw" if asked == "draw" else "winner", recipe=recipe, explained=explained, learning=learning,
            progress=progress,
        )  # fmt: skip
