"""What a desk does with models: search their settings, train and judge them; ``Desk`` takes it over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from antepost.desk.feature_uses import listed
from antepost.settings import Settings
from antepost.telemetry import Progress

if TYPE_CHECKING:
    from antepost.desk.evaluate import Evaluation
    from antepost.desk.judging import Refit
    from antepost.desk.three_way import ThreeWay
    from antepost.desk.train import Trained
    from antepost.desk.tune import Tuned
    from antepost.models.frame import Dichotomy


class ModelUses:
    """The use cases of models, over the places that ``settings`` name.

    ``recipe`` is a file of your own by which to train; by default it is the sport's, see ``models/recipes``.
    """

    settings: Settings

    def tune(
        self,
        sport: str,
        set: str = "none",  # noqa: A002
        *,
        target: Dichotomy = "winner",
        families: str | Iterable[str] | None = None,
        through: int | None = None,
        trials: int = 40,
        study: str | None = None,
        recipe: Path | None = None,
        progress: Progress | None = None,
    ) -> Tuned:
        """Search the settings of a recipe's families on seasons ``through`` one, and write the best into its file.

        See ``desk.tune.tune``.
        """
        from antepost.desk.tune import tune

        return tune(
            self.settings, sport, set, target=target, families=families, through=through, trials=trials, study=study,
            recipe=recipe, progress=progress,
        )  # fmt: skip

    def train(
        self,
        sport: str,
        set: str = "none",  # noqa: A002
        *,
        target: str | None = None,
        before: int | None = None,
        families: str | Iterable[str] | None = None,
        recipe: Path | None = None,
        progress: Progress | None = None,
    ) -> Trained:
        """Train on all seasons, or those before ``before``, and store a signed bundle.

        ``target`` is by default who wins, and home, draw and away where a draw can be bet on.
        """
        from antepost.desk.train import train

        return train(
            self.settings, sport, set,
            target=target, before=before, families=families, recipe=recipe, progress=progress,
        )  # fmt: skip

    def evaluate(
        self,
        sport: str,
        season: int | Iterable[int],
        set: str = "none",  # noqa: A002
        *,
        target: Dichotomy = "winner",
        league: str | None = None,
        refit: Refit = "season",
        families: str | Iterable[str] | None = None,
        recipe: Path | None = None,
        model: object = None,
        explained: str | None = None,
        progress: Progress | None = None,
    ) -> Evaluation:
        """Score a season, or several, each by what was trained on everything before it.

        ``model`` is an estimator of scikit-learn's interface: a clone of it is fitted in each fold instead of the
        families, or beside those that are named, and what comes of it is a trial run in MLflow. It is never served.

        Raises:
            PolicyError: a result that is too good to be true, unless ``explained`` says why it is.
            ModelError: an estimator that cannot be judged, or takes no gaps.
        """
        from antepost.desk.evaluate import evaluate

        found = evaluate(
            self.settings, sport, listed(season), set, target=target, league=league, refit=refit, families=families,
            recipe=recipe, model=model, explained=explained, progress=progress,
        )  # fmt: skip
        if model is None:
            return found
        from antepost.desk.register import note_trial

        return note_trial(self.settings, found)

    def evaluate_three_way(
        self,
        sport: str,
        season: int | Iterable[int],
        set: str = "none",  # noqa: A002
        *,
        league: str | None = None,
        refit: Refit = "season",
        families: str | Iterable[str] | None = None,
        recipe: Path | None = None,
        explained: str | None = None,
        progress: Progress | None = None,
    ) -> ThreeWay:
        """Score forecasts of home, draw and away as ``evaluate`` does those of two outcomes."""
        from antepost.desk.three_way import evaluate_three_way

        return evaluate_three_way(
            self.settings, sport, listed(season), set, league=league, refit=refit, families=families, recipe=recipe,
            explained=explained, progress=progress,
        )  # fmt: skip
