"""What a desk does with features: build them, prove them, explain one, try a new group and promote it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, SupportsInt

import polars as pl

from antepost import features as feature_room
from antepost.desk import frames, tables
from antepost.domain.clock import Clock
from antepost.errors import DataError
from antepost.features.audit import Audit, audit
from antepost.features.drift import told_by_season
from antepost.features.prove import MOST
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress

if TYPE_CHECKING:
    from antepost.desk.explain_feature import FeatureExplanation
    from antepost.desk.promote import Promoted
    from antepost.desk.trial import Trial
    from antepost.features.declaration import Declare, Group


def listed(seasons: int | Iterable[int]) -> list[int]:
    """Return one season, or several, as a list.

    >>> listed(2023), listed(range(2021, 2024))
    ([2023], [2021, 2022, 2023])

    Raises:
        DataError: it is a text, or holds something that is no year.
    """
    given = [seasons] if isinstance(seasons, int) else seasons
    if isinstance(given, str) or not isinstance(given, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise DataError(f"{seasons!r} is no season; give a year, 2023, or several, range(2019, 2024)", seasons=seasons)
    years = list(given)
    # A notebook has no checker of types: a text or nothing at all may be among them.
    strange = [year for year in years if not isinstance(year, SupportsInt) or int(year) != year]  # pyright: ignore[reportUnnecessaryIsInstance]
    if strange:
        raise DataError(f"{strange[0]!r} is no season; give years, as range(2019, 2024)", seasons=strange)
    return [int(year) for year in years]


class FeatureUses:
    """The part of a desk that is about features, over the places that ``settings`` name."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self.settings = settings
        self.clock = clock

    def features(
        self,
        sport: str,
        seasons: int | Iterable[int] | None = None,
        set: str = "none",  # noqa: A002
        as_of: str | datetime | pl.DataFrame | None = None,
        columns: str | Iterable[str] | None = None,
    ) -> pl.DataFrame:
        """Return one row a fixture: its keys as of the moment, then the feature columns, null where not known.

        As of: the moment the set is bound to, or ``as_of``: a named moment, a timestamp, or a frame (fixture, as_of).

        Raises:
            DataError: no such fixture or season is at hand, or nothing was known at that moment.
            LeakageError: a column asked for is not known that early, or a moment is later than now.
        """
        chosen = None if seasons is None else listed(seasons)
        asked = frames.ask(sport, set, as_of, [columns] if isinstance(columns, str) else columns)
        frames.check_moments(asked.moment, self.clock.now())
        batch, facts = tables.newest(self.settings, sport)
        frames.check_at_hand(sport, facts, asked.moment, chosen)
        frame = frames.matrix(self.settings, sport, facts, asked, batch)
        return frame if chosen is None else frame.filter(pl.col("season").is_in(chosen))

    def build(self, sport: str) -> Path:
        """Build the feature matrices of every set into the gold cache, write ``features.lock``, return its path."""
        for name in feature_room.sets_of(sport):
            self.features(sport, set=name)
        path = self.settings.home / "feature_store" / "features.lock"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(feature_room.render_lock())
        return path

    def columns(self, sport: str, set: str = "none") -> tuple[str, ...]:  # noqa: A002
        """Return the names of the features that an information set sees."""
        return frames.ask(sport, set).columns

    def told(self, sport: str) -> dict[str, str]:
        """Return for each column in which seasons of this home's facts it has values as of the close, in words.

        A column that is real may be told in some seasons only: a publisher ended, or began, in between.
        """
        return told_by_season(self.features(sport, set="close"), self.columns(sport, "close"))

    def prove(self, sport: str, *, draw: int = 300, seed: int = 0, most: int | None = None) -> list[feature_room.Proof]:
        """Return the outcome of every leak and parity proof over this home's facts.

        Of more than ``most`` fixtures, 7,000 where nothing is said, the newest seasons are taken.

        Raises:
            DataError: ``draw`` or ``most`` is below 1, or nothing was loaded.
        """
        facts = tables.load(self.settings, sport)
        return feature_room.prove(get_sport(sport), facts, draw=draw, seed=seed, most=MOST if most is None else most)

    def audit(self, sport: str) -> Audit:
        """Return what pads the sport's columns over this home's facts, each fixture as of its close."""
        return audit(sport, self.features(sport, set="close"))

    def explain_feature(self, name: str, sport: str | None = None, *, importance: bool = True) -> FeatureExplanation:
        """Return what a feature means, how it was distributed season by season, what it rests on and who uses it.

        ``sport`` may be left out where only one at hand has the feature; ``importance`` asks the champions, which
        starts MLflow where models were trained.

        Raises:
            DataError: no such feature or sport, several sports at hand have it, or nothing was loaded.
        """
        from antepost.desk.explain_feature import explain_feature

        return explain_feature(self.settings, name, sport, importance=importance)

    def trial(
        self,
        declare: Declare | Group,
        sport: str = "nfl",
        set: str = "none",  # noqa: A002
        *,
        seasons: int | Iterable[int] | None = None,
        families: str | Iterable[str] | None = ("logistic", "lightgbm"),
        draw: int = 100,
        seed: int = 0,
        progress: Progress | None = None,
    ) -> Trial:
        """Return what comes of a feature group that nobody has added yet: leak proofs, coverage, and what it adds.

        Raises:
            DataError: the declaration breaks a rule, or its facts cannot be found.
            LeakageError: no column of it may be used in the set.
            PolicyError: a season that the recipe was tuned on, or that is kept aside for finished models.
        """
        from antepost.desk.trial import trial

        chosen = None if seasons is None else listed(seasons)
        return trial(
            self.settings, declare, sport, set,
            seasons=chosen, families=families, draw=draw, seed=seed, progress=progress,
        )  # fmt: skip

    def promote_trial(self, trial: Trial, path: str | Path | None = None) -> Promoted:
        """Write the group of a trial as a file of the catalogue, by default in the checkout that antepost runs from.

        Raises:
            LeakageError: it leaks.
            PolicyError: another of its proofs does not hold.
            DataError: it cannot be a file by itself, or its name is taken.
        """
        from antepost.desk.promote import promote
        from antepost.desk.trial import Trial

        if not isinstance(trial, Trial):  # pyright: ignore[reportUnnecessaryIsInstance]  # a notebook has no checker
            raise DataError(
                f"what is promoted is a Trial, as desk.trial gives one, and this is a {type(trial).__name__}"
            )
        return promote(trial, path)
