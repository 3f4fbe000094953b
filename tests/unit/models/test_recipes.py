from __future__ import annotations

from importlib import resources

import pytest
from pydantic import ValidationError

from antepost.errors import ModelError
from antepost.models import FAMILIES, Recipe, read_recipe
from antepost.models.frame import DICHOTOMIES
from antepost.sports import SPORTS

RECIPES = sorted(path.stem for path in resources.files("antepost.models.recipes").iterdir() if path.suffix == ".yaml")


@pytest.mark.parametrize("sport", RECIPES)
def test_every_recipe_is_of_a_sport_and_of_families_that_there_are(sport: str) -> None:
    assert sport in SPORTS
    recipe = read_recipe(sport)
    assert recipe.sport == sport
    assert set(recipe.families) <= set(FAMILIES)
    assert {name for changed in recipe.targets.values() for name in changed} <= set(recipe.families)
    assert set(recipe.targets) <= {part for target in SPORTS[sport].targets for part in DICHOTOMIES[target]}
    assert set(recipe.walk_forward.leagues) <= set(SPORTS[sport].leagues)
    assert recipe.first_train_seasons == recipe.walk_forward.first_train_seasons


KEPT = {
    "nfl": 2011, "soccer": 2013, "atp": 2009, "nba": 2011, "nhl": 2011, "mlb": 2015, "wta": 2014, "ncaaf": 2012,
    "ncaab": 2016, "wnba": 2009, "dota2": 2018, "cs2": 2017,
}  # fmt: skip


@pytest.mark.parametrize("sport", KEPT)
def test_what_is_judged_was_not_tuned_on(sport: str) -> None:
    assert read_recipe(sport).tuned_through == KEPT[sport]


def test_a_question_of_its_own_changes_only_what_it_names() -> None:
    recipe = read_recipe("soccer")
    whole, drawn = recipe.of("logistic"), recipe.of("logistic", "draw")
    assert drawn != whole == recipe.of("logistic", "winner")
    assert recipe.of("xgboost", "draw") == {**recipe.of("xgboost"), **recipe.targets["draw"]["xgboost"]}


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
