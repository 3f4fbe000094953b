"""What keeps the lake quick and changes no fact; jobs of their own, since no asset comes of them."""

import dagster as dg

from pipelines.resources import DeskResource


@dg.op
def compact(context: dg.OpExecutionContext, desk: DeskResource) -> None:
    """Make few files of many in every table."""
    tables = desk.open().lake.compact()
    files = {"files before": int(tables["before"].sum()), "files after": int(tables["after"].sum())}
    context.add_output_metadata({"tables": tables.height, **files})


@dg.job(description="Few files of many in every table, as antepost lake compact.")
def compaction_job() -> None:
    """Compact."""
    compact()
