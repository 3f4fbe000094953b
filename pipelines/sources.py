"""An asset for every source beside the main job's own, and the checks of each: those that the lake's report shows."""

from collections.abc import Iterator

import dagster as dg

from antepost.desk.demo import SPORT
from antepost.ingestion import SOURCES, Source, sources_of
from antepost.ingestion.findings import CHECKS
from pipelines.resources import DeskResource

SEVERITIES = {"warning": dg.AssetCheckSeverity.WARN, "error": dg.AssetCheckSeverity.ERROR}


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
    """Return the checks of a source; what does not apply to its tables passes."""
    specs = [dg.AssetCheckSpec(name, asset=key_of(source)) for name in CHECKS]

    @dg.multi_asset_check(name=f"{source.name}_checks", specs=specs)
    def judge(desk: DeskResource) -> Iterator[dg.AssetCheckResult]:
        told = desk.open().lake.findings([source.sport], source=source.name)
        found = {row["check"]: row for row in told.iter_rows(named=True)}
        for name, severity in CHECKS.items():
            row = found.get(name)
            yield dg.AssetCheckResult(
                asset_key=key_of(source),
                check_name=name,
                passed=row is None or row["passed"],
                severity=SEVERITIES[severity],
                metadata={} if row is None else {key: row[key] for key in ("found", "judged", "example")},
            )

    return judge


_OTHERS = [source for source in SOURCES.values() if not source.simulated and key_of(source).path[-1] != "ingest"]
SOURCE_ASSETS = {source.name: source_asset(source) for source in _OTHERS}
SOURCE_CHECKS = {name: source_check(source) for name, source in SOURCES.items() if not source.simulated}
POLLED = [asset for name, asset in SOURCE_ASSETS.items() if any(part.url for part in SOURCES[name].parts(2000))]
"""Those with an upstream that can be asked every day; the others are archives that come by a mirror."""
