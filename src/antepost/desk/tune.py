"""Search the settings by which a sport's families are trained, on seasons that judge nobody afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from antepost.desk.examples import examples
from antepost.errors import DataError, ModelError
from antepost.lake import connect
from antepost.lake.database import url_of_schema
from antepost.lake.files import write_whole
from antepost.lake.turns import turns
from antepost.models import check_families, read_recipe
from antepost.models.families import space_of
from antepost.models.frame import DICHOTOMIES, Dichotomy
from antepost.models.recipes import Parameter, Recipe, recipe_file
from antepost.models.recipes.revise import revised
from antepost.models.tuning import Search, Searched, search_family
from antepost.settings import Settings
from antepost.sports import get_sport
from antepost.telemetry import Progress

SCHEMA = "tuning"
"""Where in the platform's database the studies lie."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tuned:
    """What came of a search, and the recipe's ``file`` that it was written to.

    ``recipe`` is what the file says now; a family of ``searched`` whose ``log_loss`` is ``present`` stays as it was.
    """

    sport: str
    target: str
    set: str
    through: int
    searched: tuple[Searched, ...]
    file: Path
    recipe: Recipe


def tune(
    settings: Settings,
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
    """Search the settings of each family until ``trials`` were tried, and write the best into the recipe's file.

    Only seasons up to ``through`` are looked at, by default those that the recipe was chosen on already, and of their
    answers those that were known when the next season opened; ``evaluate`` refuses all of them from then on. The trials
    lie in the platform's database under the name ``study``, by default the recipe's, target's, set's and season's:
    several workers with equal arguments share them, and what was broken off goes on.

    Raises:
        MissingExtra: Optuna is not installed.
        DataError: no such question about this sport, no trial to make, or too few seasons to search on.
        ModelError: no recipe, no family with anything to search, or a study that rests on something else.
    """
    if get_sport(sport).check_target(target) not in DICHOTOMIES[target]:
        raise DataError(f"target {target!r} is two questions; tune {' and '.join(DICHOTOMIES[target])}", target=target)
    if trials < 1:
        raise DataError(f"a search of {trials} trials finds nothing; give it at least one")
    file = recipe_file(sport) if recipe is None else recipe
    present = read_recipe(sport, file)
    through = present.tuned_through if through is None else through
    names = check_families(families, set, present.families)
    if families is None:
        names = tuple(name for name in names if space_of(name).keys() & present.of(name, target).keys())
    if not names:
        raise ModelError(f"no family of {file} has settings to search; name some that have", sport=sport)
    found = examples(settings, sport, set, target).learnt_by(present)
    frame = found.frame.where(found.frame.season <= through)
    named = study or f"{file.stem}.{target}.{set}.{through}"
    y, _ = found.frame.answers(found.cut(through + 1))
    asked = Search(
        frame=frame, y=y[found.frame.season <= through], recipe=present, study=named, trials=trials,
        storage=url_of_schema(settings, SCHEMA),
    )  # fmt: skip
    searched: list[Searched] = []
    for place, name in enumerate(names):
        with turns(connect(settings), f"{named}/{name}") as held:
            searched.append(search_family(asked, name, held, _part(progress, place, len(names))))
    if progress is not None:
        progress("searched", 1.0)
    text = revised(file.read_text(encoding="utf-8"), _changes(present, target, through, searched))
    write_whole(file, text.encode())
    return Tuned(
        sport=sport, target=target, set=set, through=through, searched=tuple(searched), file=file,
        recipe=read_recipe(sport, file),
    )  # fmt: skip


def _part(progress: Progress | None, place: int, parts: int) -> Progress | None:
    if progress is None:
        return None
    return lambda what, share: progress(what, (place + share) / parts)


def _changes(
    present: Recipe, target: Dichotomy, through: int, searched: Iterable[Searched]
) -> dict[tuple[str, ...], Parameter]:
    """Return what a recipe is to say otherwise; a setting that is the same anyway is not touched."""
    changes: dict[tuple[str, ...], Parameter] = {("tuned_through",): max(present.tuned_through, through)}
    for one in searched:
        above = ("families",) if target == "winner" else ("targets", target)
        held = present.of(one.family, target)
        for key, value in one.settings.items():
            if held[key] != value:
                changes[*above, one.family, key] = value
        changes["tried", one.study] = one.tried
    return changes
