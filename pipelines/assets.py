"""The eight steps of the main job as assets, under the names that ``antepost demo`` prints."""

from collections import Counter

import dagster as dg
import httpx
from pydantic import Field

from antepost.desk.demo import JUDGED_SEASONS, SETS, SPORT, refuse_mixture, seal_finale
from antepost.desk.evaluate import Evaluation
from antepost.serving import serve_for_a_moment
from pipelines.resources import DeskResource


class Load(dg.Config):
    """What to ingest."""

    seasons: list[int] | None = Field(
        default=None, min_length=2, max_length=2, description="first and last season to take; all if unset"
    )
    simulate: bool = Field(default=False, description="take the simulated league instead of real games")


class Horizon(dg.Config):
    """Which games to price, and so what may be learnt from."""

    ahead: bool = Field(
        default=False,
        description="learn from every finished game and price those ahead; "
        "else, as the demo, learn from seasons before the newest and price the end of that one",
    )


class Judged(dg.Config):
    """Which seasons to judge on."""

    seasons: int = Field(default=JUDGED_SEASONS, ge=1, description="number of seasons, the newest last")


@dg.asset(key_prefix=SPORT, group_name="facts")
def ingest(desk: DeskResource, config: Load) -> dg.MaterializeResult[None]:
    """Games as canonical rows with their three stamps, and their raw bytes. A source out of reach fails the run."""
    at = desk.open()
    seasons = (config.seasons[0], config.seasons[1]) if config.seasons else None
    if not config.simulate:
        refuse_mixture(at)
    report = at.ingest(SPORT, seasons=seasons, simulate=config.simulate or at.simulated(SPORT))
    return dg.MaterializeResult(
        metadata={
            "source": report.source,
            "origin": report.origin,
            "simulated": report.simulated,
            "payloads": dict(report.payloads),
            "unchanged": report.unchanged,
            "batch": report.batch or "nothing new",
            "games": report.games,
            "quarantined": report.refused,
            "rows added": dict(report.added),
            "known_how": dict(report.known_how),
        }
    )


@dg.asset(key_prefix=SPORT, group_name="facts", deps=[ingest])
def lake(desk: DeskResource) -> dg.MaterializeResult[None]:
    """The star schema in Postgres, brought up to what silver holds."""
    at = desk.open()
    at.project(SPORT)
    fixtures = at.fixtures(SPORT)
    return dg.MaterializeResult(
        metadata={
            "fixtures": fixtures.height,
            "finished": fixtures.drop_nulls("home_score").height,
            "seasons": f"{fixtures['season'].min()}-{fixtures['season'].max()}",
        }
    )


@dg.asset(key_prefix=SPORT, group_name="features", deps=[lake])
def features(desk: DeskResource) -> dg.MaterializeResult[None]:
    """The feature matrices of both information sets in the gold cache, and the lock."""
    at = desk.open()
    lock = at.build(SPORT)
    return dg.MaterializeResult(
        metadata={
            "lock": dg.MetadataValue.path(lock),
            "fixtures": at.features(SPORT, set="close").height,
            "columns": len(at.columns(SPORT, "close")),
        }
    )


@dg.asset(key_prefix=SPORT, group_name="models", deps=[features])
def train(desk: DeskResource, config: Horizon) -> dg.MaterializeResult[dict[str, str]]:
    """A signed bundle for each information set; its value is their digests by set."""
    at = desk.open()
    before = None if config.ahead else at.newest_season(SPORT)
    trained = {name: at.train(SPORT, name, before=before) for name in SETS}
    metadata: dict[str, str | int] = {}
    for name, one in trained.items():
        metadata |= {
            f"{name}/bundle": one.digest,
            f"{name}/games": one.n,
            f"{name}/trained_through": one.manifest.trained_through,
        }
    return dg.MaterializeResult(value={name: one.digest for name, one in trained.items()}, metadata=metadata)


@dg.asset(key_prefix=SPORT, group_name="models", deps=[features])
def evaluate(desk: DeskResource, config: Judged) -> dg.MaterializeResult[dict[str, Evaluation]]:
    """The skill of both information sets on held-back seasons, beside the closing line, Elo and the base rate."""
    at = desk.open()
    seasons = at.seasons(SPORT)[-config.seasons :]
    judged = {name: at.evaluate(SPORT, seasons, name) for name in SETS}
    metadata: dict[str, dg.MetadataValue | int | float] = {}
    for name, one in judged.items():
        reliability, skill = one.save_plots(at.settings.reports)
        metadata[f"{name}/reliability"] = dg.MetadataValue.path(reliability)
        metadata[f"{name}/skill"] = dg.MetadataValue.path(skill)
        metadata[f"{name}/n"] = one.n
        metadata |= {f"{name}/{key}": value for key, value in one.figures().items() if isinstance(value, float)}
    return dg.MaterializeResult(value=judged, metadata=metadata)


@dg.asset(
    key_prefix=SPORT,
    group_name="models",
    ins={"trained": dg.AssetIn(train.key), "judged": dg.AssetIn(evaluate.key)},
)
def register(desk: DeskResource, trained: dict[str, str], judged: dict[str, Evaluation]) -> dg.MaterializeResult[None]:
    """The bundles as versions in MLflow, with figures and plots; the alias champion stands on them."""
    at = desk.open()
    versions = {name: at.register(SPORT, digest, judged[name]) for name, digest in trained.items()}
    return dg.MaterializeResult(metadata={f"{name}/version": str(version) for name, version in versions.items()})


@dg.asset(key_prefix=SPORT, group_name="predictions", deps=[register])
def predict(desk: DeskResource, config: Horizon) -> dg.MaterializeResult[list[str]]:
    """Sealed predictions in the ledger; its value is their hashes, in order of kick-off within a set."""
    at = desk.open()
    left_out: list[str] = []
    if config.ahead:
        asked = at.upcoming(SPORT)
        sealed = [] if asked.is_empty() else at.predict(SPORT, asked)
    else:
        sealed, left_out = seal_finale(at, at.newest_season(SPORT))
    return dg.MaterializeResult(
        value=[str(record["hash"]) for record in sealed],
        metadata={
            "sealed": len(sealed),
            "late": sum(bool(record["late"]) for record in sealed),
            "tiers": dict(Counter(str(record["tier"]) for record in sealed)),
            "without a price": left_out,
            "simulated": at.simulated(SPORT),
        },
    )


@dg.asset(key_prefix=SPORT, group_name="predictions", ins={"sealed": dg.AssetIn(predict.key)})
def serve(desk: DeskResource, sealed: list[str]) -> dg.MaterializeResult[None]:
    """The answer of the API, started for a moment, to a question for the last seal; for its readiness without one."""
    path = f"/api/v1/predictions/{sealed[-1]}" if sealed else "/readyz"
    with serve_for_a_moment(desk.open()) as url:
        # The server is on the loopback address, of which no proxy knows.
        answer = httpx.get(url + path, timeout=30, trust_env=False).raise_for_status()
    return dg.MaterializeResult(metadata={"asked": path, "answer": dg.MetadataValue.json(answer.json())})
