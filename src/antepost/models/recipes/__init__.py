"""How each sport's families are trained: one YAML file a sport, read as a frozen model."""

from __future__ import annotations

from importlib import resources

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from antepost.errors import ModelError

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
    differs there from ``families``.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    sport: str
    tuned_through: int
    seed: int
    threads: int = Field(ge=1)
    walk_forward: Walk
    families: dict[str, dict[str, Parameter]]
    targets: dict[str, dict[str, dict[str, Parameter]]] = Field(default_factory=dict)

    @property
    def first_train_seasons(self) -> int:
        """Seasons that are only ever learnt from."""
        return self.walk_forward.first_train_seasons

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


def read_recipe(sport: str) -> Recipe:
    """Return the recipe of ``sport``.

    Raises:
        ModelError: there is none, or it does not parse.
    """
    file = resources.files(__name__).joinpath(f"{sport}.yaml")
    if not file.is_file():
        raise ModelError(f"{sport} has no training recipe; add models/recipes/{sport}.yaml", sport=sport)
    try:
        return Recipe.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (yaml.YAMLError, ValidationError) as error:
        raise ModelError(f"models/recipes/{sport}.yaml does not parse: {error}", sport=sport) from error
