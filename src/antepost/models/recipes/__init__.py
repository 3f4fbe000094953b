"""How each sport's families are trained: one YAML file a sport, read as a frozen model."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np
import yaml
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from antepost.errors import ModelError
from antepost.evaluation import WalkForward

Parameter = bool | int | float | str


class Walk(BaseModel):
    """How training walks forward: by seasons from ``since`` on, of ``leagues`` or, where none is named, of all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_train_seasons: int = Field(ge=1)
    since: int = 0
    leagues: tuple[str, ...] = ()


class Recipe(BaseModel):
    """The settings of a sport's families, and the last season that was looked at while choosing them.

    ``threads`` is recorded because the bits of some libraries follow it. ``targets`` holds by two-way question what
    differs there from ``families``. ``tried`` says by study how many configurations were tried until then.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    sport: str
    tuned_through: int
    seed: int
    threads: int = Field(ge=1)
    walk_forward: Walk
    families: dict[str, dict[str, Parameter]]
    targets: dict[str, dict[str, dict[str, Parameter]]] = Field(default_factory=dict)
    tried: dict[str, int] = Field(default_factory=dict)

    @property
    def first_train_seasons(self) -> int:
        """Seasons that are only ever learnt from."""
        return self.walk_forward.first_train_seasons

    @property
    def configurations(self) -> int:
        """How many configurations were tried in all; of a recipe that nobody searched for, the one it is."""
        return sum(self.tried.values()) or 1

    def splitter(self, season: NDArray[np.integer], cadence: Literal["season", "week"] = "season") -> WalkForward:
        """Return how training walks over rows of these seasons.

        Where there are no more of them than are only ever to be learnt from, half of them are.
        """
        held = np.unique(season).size
        first = self.first_train_seasons if held > self.first_train_seasons else max(1, held // 2)
        return WalkForward(cadence=cadence, first_train_seasons=first)

    def of(self, family: str, target: str = "winner") -> dict[str, Parameter]:
        """Return the parameters of ``family`` for the two-way question ``target``.

        Raises:
            ModelError: the recipe does not say how to train it.
        """
        if family not in self.families:
            raise ModelError(
                f"the {self.sport} recipe lacks {family!r}; add it to models/recipes/{self.sport}.yaml",
                family=family,
            )
        return {**self.families[family], **self.targets.get(target, {}).get(family, {})}


def recipe_file(sport: str) -> Path:
    """Return where the recipe of ``sport`` lies in the checkout that antepost runs from.

    Raises:
        ModelError: it runs from no checkout, whose files would be nobody's to change.
    """
    file = Path(__file__).parent / f"{sport}.yaml"
    if not (file.parents[4] / "pyproject.toml").is_file():
        raise ModelError(f"antepost runs from {file.parent}, which is no checkout; name a recipe file of your own")
    return file


def read_recipe(sport: str, file: Path | None = None) -> Recipe:
    """Return the recipe of ``sport``, or one of your own for it from a ``file``.

    Raises:
        ModelError: there is none, it does not parse, or is another sport's.
    """
    found = resources.files(__name__).joinpath(f"{sport}.yaml") if file is None else file
    told = f"models/recipes/{sport}.yaml" if file is None else str(file)
    if not found.is_file():
        raise ModelError(f"{sport} has no training recipe; add {told}", sport=sport)
    try:
        recipe = Recipe.model_validate(yaml.safe_load(found.read_text(encoding="utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError) as error:
        raise ModelError(f"{told} does not parse: {error}", sport=sport) from error
    if recipe.sport != sport:
        raise ModelError(f"{told} is a recipe of {recipe.sport}, not of {sport}", sport=sport)
    return recipe
