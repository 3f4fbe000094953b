"""Everything Dagster loads: ``dagster dev -m pipelines.definitions``."""

import dagster as dg

from antepost.desk.demo import SPORT
from pipelines import assets, checks, tuning, upkeep
from pipelines.hot import HOT_STATES
from pipelines.resources import DeskResource
from pipelines.sources import POLLED, SOURCE_ASSETS, SOURCE_CHECKS

STEPS = (
    assets.ingest,
    assets.lake,
    assets.features,
    assets.train,
    assets.evaluate,
    assets.register,
    assets.predict,
    assets.serve,
)
CHECKS = (checks.proofs_hold, checks.ledger_chain_whole)

main_job = dg.define_asset_job(
    "main_job", dg.AssetSelection.assets(*STEPS), description="All eight steps, as antepost demo."
)
facts_job = dg.define_asset_job(
    "facts_job",
    dg.AssetSelection.groups("facts") | dg.AssetSelection.assets(*POLLED, HOT_STATES[SPORT]),
    description="What the day brought, from every source that has an upstream, and what then stands for the NFL.",
)

daily_ingest = dg.ScheduleDefinition(
    name="daily_ingest",
    job=facts_job,
    cron_schedule="0 6 * * *",
    execution_timezone="America/New_York",
    description="Every morning, when the night's games are over.",
)

# Each load of a day writes a file a table; by the next morning they are one again, before that day's loads begin.
daily_compaction = dg.ScheduleDefinition(
    name="daily_compaction",
    job=upkeep.compaction_job,
    cron_schedule="0 4 * * *",
    execution_timezone="America/New_York",
    description="Every night: few files of many in every table, as antepost lake compact.",
)

# The week of the NFL ends with Monday night. A weekly partition would begin on Sunday, before the week's last
# games, or on Monday with day_offset=1; and a retraining always learns from what is known when it runs, so that a
# partition would promise a past it cannot give back. Hence a plain cron.
weekly_retraining = dg.ScheduleDefinition(
    name="weekly_retraining",
    job=main_job,
    cron_schedule="0 8 * * TUE",
    execution_timezone="America/New_York",
    run_config=dg.RunConfig(
        ops={f"{SPORT}__{step}": assets.Horizon(ahead=True) for step in ("train", "predict")},
    ),
    description="Tuesday morning, after Monday night: learn from every finished game, price those ahead.",
)

# One process for all steps: they share its lease on the embedded engines, which would else start and stop with each.
defs = dg.Definitions(
    assets=[*STEPS, *SOURCE_ASSETS.values(), *HOT_STATES.values()],
    asset_checks=[*CHECKS, *SOURCE_CHECKS.values()],
    jobs=[main_job, facts_job, upkeep.compaction_job, tuning.tuning_job],
    schedules=[daily_ingest, daily_compaction, weekly_retraining],
    resources={"desk": DeskResource()},
    executor=dg.in_process_executor,
)
