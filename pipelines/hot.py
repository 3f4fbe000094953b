"""An asset for the hot state of every sport: what its API answers from between two loads."""

import dagster as dg

from antepost.ingestion import sources_of
from antepost.sports import SPORTS
from pipelines.resources import DeskResource
from pipelines.sources import key_of


def hot_state(sport: str) -> dg.AssetsDefinition:
    """Return the asset that lays out what stands for the fixtures of ``sport`` that are ahead."""

    @dg.asset(
        key=[sport, "hot"],
        group_name="features",
        deps=[key_of(source) for source in sources_of(sport) if not source.simulated],
        description=f"What stands for the {sport} fixtures ahead, in Valkey and Postgres.",
    )
    def lay_out(desk: DeskResource) -> dg.MaterializeResult[None]:
        found = desk.open().hot.refresh(sport)
        return dg.MaterializeResult(metadata={"fixtures": found.fixtures, "batch": found.batch})

    return lay_out


HOT_STATES = {sport: hot_state(sport) for sport in SPORTS}
