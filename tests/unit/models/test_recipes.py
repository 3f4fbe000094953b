from __future__ import annotations

from importlib import resources

import pytest
from pydantic import ValidationError

from antepost.errors import ModelError
from antepost.models import FAMILIES, Recipe, read_recipe
from antepost.sports import SPORTS

RECIPES = sorted(path.stem for path in resources.files("antepost.models.recipes").iterdir() if path.suffix == ".yaml")


@pytest.mark.parametrize("sport", RECIPES)
def test_every_recipe_is_of_a_sport_and_has_every_family(sport: str) -> None:
    assert sport in SPORTS
    recipe = read_recipe(sport)
    assert recipe.sport == sport
    assert set(recipe.families) == set(FAMILIES)
    assert recipe.first_train_seasons == recipe.walk_forward.first_train_seasons


def test_nfl_was_tuned_on_the_seasons_kept_for_that() -> None:
    assert read_recipe("nfl").tuned_through == 2011


def test_a_sport_without_a_recipe_is_named() -> None:
    with pytest.raises(ModelError, match=r"curling.*models/recipes/curling\.yaml"):
        read_recipe("curling")


def test_a_family_without_a_recipe_is_named() -> None:
    with pytest.raises(ModelError, match="oracle"):
        read_recipe("nfl").of("oracle")


def test_a_key_nobody_knows_is_refused() -> None:
    stored = read_recipe("nfl").model_dump()
    with pytest.raises(ValidationError, match="tuned_trough"):
        Recipe.model_validate({**stored, "tuned_trough": 2011})
