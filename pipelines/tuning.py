"""The search for settings, a job of its own: what comes of it changes a recipe's file, which a person commits."""

import dagster as dg
from pydantic import Field

from antepost.desk.demo import SPORT
from pipelines.resources import DeskResource


class Search(dg.Config):
    """What to search, see ``antepost tune``."""

    sport: str = Field(default=SPORT, description="whose recipe")
    odds: str = Field(default="none", description="information set: none, open or close")
    through: int | None = Field(default=None, description="last season to look at; the recipe's own if unset")
    trials: int = Field(default=40, ge=1, description="configurations of each family, by all workers together")


@dg.op
def tune(context: dg.OpExecutionContext, desk: DeskResource, config: Search) -> None:
    """Search, and write the best into the recipe. A run that was broken off goes on where it was."""
    found = desk.open().tune(config.sport, config.odds, through=config.through, trials=config.trials)
    figures = {f"{one.family}/log_loss": one.log_loss for one in found.searched}
    figures |= {f"{one.family}/as it stood": one.present for one in found.searched}
    context.add_output_metadata({
        "recipe": dg.MetadataValue.path(found.file), "tuned_through": found.recipe.tuned_through,
        "configurations": found.recipe.configurations, **figures,
    })  # fmt: skip


@dg.job(description="Search the settings of a recipe's families, as antepost tune.")
def tuning_job() -> None:
    """Tune."""
    tune()
