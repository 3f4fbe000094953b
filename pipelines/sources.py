"""An asset for every source beside the main job's own, and a check on what each one refused."""

import dagster as dg

from antepost.desk.demo import SPORT
from antepost.ingestion import SOURCES, Source, sources_of
from pipelines.resources import DeskResource

MOST_REFUSED = 0.1
"""The share of a source's rows in quarantine beyond which somebody should look."""


def key_of(source: Source) -> dg.AssetKey:
    """Return a source's asset key; the main job's source is the asset ``ingest``."""
    decides = source.sport == SPORT and source.primary
    return dg.AssetKey([source.sport, "ingest" if decides else source.name])


def source_asset(source: Source) -> dg.AssetsDefinition:
    """Return the asset that loads one source; one that does not decide the fixtures waits for the one that does."""
    first = sources_of(source.sport)[0]

    @dg.asset(
        key=key_of(source),
        group_name="sources",
        deps=[] if source.primary else [key_of(first)],
        description=f"{source.name}: {source.terms}. Upstream changes {source.cadence}.",
    )
    def load(desk: DeskResource) -> dg.MaterializeResult[None]:
        report = desk.open().ingest(source.sport, source=source.name)
        return dg.MaterializeResult(
            metadata={
                "files read": len(report.payloads),
                "files as before": report.unchanged,
                "batch": report.batch or "nothing new",
                "rows in": report.games,
                "quarantined": report.refused,
                "rows added": dict(report.added),
                "known_how": dict(report.known_how),
            }
        )

    return load


def source_check(source: Source) -> dg.AssetChecksDefinition:
    """Return the check that a source's quarantine is small beside what it brought."""

    @dg.asset_check(asset=key_of(source), name="hardly_any_refused")
    def hardly_any_refused(desk: DeskResource) -> dg.AssetCheckResult:
        loads = desk.open().lake.loads().rows_by_key("source", named=True)
        [load] = loads[source.name]
        share = load["refused"] / max(load["games"], 1)
        return dg.AssetCheckResult(passed=share <= MOST_REFUSED, metadata={"share refused": share})

    return hardly_any_refused


_OTHERS = [source for source in SOURCES.values() if not source.simulated and key_of(source).path[-1] != "ingest"]
SOURCE_ASSETS = {source.name: source_asset(source) for source in _OTHERS}
SOURCE_CHECKS = {source.name: source_check(source) for source in _OTHERS}
POLLED = [asset for name, asset in SOURCE_ASSETS.items() if any(part.url for part in SOURCES[name].parts(2000))]
"""Those with an upstream that can be asked every day; the others are archives that come by a mirror."""
