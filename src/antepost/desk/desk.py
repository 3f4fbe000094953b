"""The desk itself: one object that knows where things are and offers every use case as a method."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from antepost.betting import BettingPolicy
from antepost.desk import frames, predict, star, tables
from antepost.desk.feature_uses import FeatureUses
from antepost.desk.hot import HotState
from antepost.desk.lake import AsOf, Lake
from antepost.desk.model_uses import ModelUses
from antepost.desk.policy import Policies, load_policies
from antepost.desk.rebuild import Rebuilt, rebuild
from antepost.desk.report_uses import ReportUses
from antepost.domain import Record
from antepost.domain.clock import Clock, SystemClock
from antepost.errors import AntepostError, DataError
from antepost.lake import asof, bets, connect, heads, ledger
from antepost.lake.batches import loaded_sports
from antepost.settings import Settings, get_settings
from antepost.sports import get_sport
from antepost.telemetry import log

if TYPE_CHECKING:
    from antepost.desk.evaluate import Evaluation
    from antepost.desk.explain import Explained
    from antepost.desk.three_way import ThreeWay
    from antepost.ingestion import IngestReport, Loads
    from antepost.ingestion.polling import Bell, Event, Planned


class Desk(FeatureUses, ModelUses, ReportUses):
    """Every use case, over the places that ``settings`` name. Cheap to make; engines start when first needed."""

    def __init__(self, settings: Settings, clock: Clock, policies: Policies) -> None:
        super().__init__(settings, clock)
        self.policies = policies
        self.hot = HotState(settings, clock)

    @property
    def policy(self) -> BettingPolicy:
        """What we decide about betting."""
        return self.policies.betting

    def ingest(
        self,
        sport: str,
        *,
        source: str | None = None,
        mirror: str | None = None,
        seasons: tuple[int, int] | None = None,
        simulate: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> IngestReport:
        """Load a sport's primary source, or ``source``, and bring the star schema up to it.

        Raises:
            SourceUnreachable: there is neither a mirror nor a route; ``simulate=True`` takes the invented one.
            SourceAbsent: the mirror has none of the source's files.
        """
        from antepost.ingestion import ingest

        report = ingest(
            self.settings, sport, self.clock,
            mirror=mirror, seasons=seasons, source=source, progress=progress, simulated=simulate,
        )  # fmt: skip
        self.project(sport)
        return report

    def ingest_all(
        self,
        sport: str,
        *,
        mirror: str | None = None,
        seasons: tuple[int, int] | None = None,
        simulate: bool = False,
        progress: Callable[[str], None] | None = None,
    ) -> Loads:
        """Load every source of a sport, the primary first; one that is not to be had, or is refused, is named.

        ``simulate`` takes the invented sport instead, from all that tell of it.

        Raises:
            SourceError: the primary source is not to be had.
            DataError: a payload of the primary source breaks its contract; what was loaded before stays.
        """
        from antepost.ingestion import ingest_all

        loads = ingest_all(
            self.settings, sport, self.clock, mirror=mirror, seasons=seasons, progress=progress, simulated=simulate
        )
        self.project(sport)
        return loads

    def collect(
        self,
        bell: Bell,
        tell: Callable[[Event], None],
        *,
        once: bool = False,
        sports: Collection[str] = (),
        sources: Collection[str] = (),
        mirror: str | None = None,
    ) -> None:
        """Poll the live feeds, or those named, by policy until ``bell`` is set, or ``once`` for what is due now.

        Raises:
            SettingsError: this home has a collector already.
            SourceError: a source does not exist, or is not polled.
        """
        from antepost.desk.collect import collect

        collect(
            self.settings, self.policies.collect, self.clock, bell, tell,
            once=once, sports=sports, sources=sources, mirror=mirror,
        )  # fmt: skip

    def collect_plan(
        self, *, sports: Collection[str] = (), sources: Collection[str] = (), mirror: str | None = None
    ) -> list[Planned]:
        """Return when each feed is asked next by ``collect``, and why then; nothing is asked for."""
        from antepost.desk.collect import planned

        return planned(self.settings, self.policies.collect, self.clock, sports=sports, sources=sources, mirror=mirror)

    def project(self, sport: str) -> None:
        """Let the star schema show of ``sport`` what silver holds now; what it shows already is left alone."""
        star.bring_up(self.settings, sport)

    def fixtures(self, sport: str, season: int | None = None) -> pl.DataFrame:
        """Return the fixtures in their newest version, in order of kick-off.

        Columns: fixture, season, week, stage, event_at (UTC), home, away, neutral, venue, home_score, away_score.
        """
        facts = tables.load(self.settings, sport)
        newest = asof.newest(facts["fixtures"], ("fixture",))
        scores = asof.newest(facts["results"], ("fixture",)).select("fixture", "home_score", "away_score")
        if season is not None:
            newest = newest.filter(pl.col("season") == season)
        columns = ("fixture", "season", "week", "stage", "event_at", "home", "away", "neutral", "venue")
        joined = newest.select(columns).join(scores, on="fixture", how="left")
        return joined.sort("event_at", "fixture")

    @property
    def lake(self) -> Lake:
        """What the lake knows, and when it knew it."""
        return Lake(self.settings, self.clock, self.policies.quality)

    def prices(self, sport: str, *, as_of: AsOf = None, market: str | None = None) -> pl.DataFrame:
        """Return the newest price of each outcome at each book as it stood at ``as_of``, see ``Lake.prices``."""
        return self.lake.prices(sport, as_of=as_of, market=market)

    def diff(self, sport: str, fixture: str, since: datetime, until: datetime) -> pl.DataFrame:
        """Return what became known of a fixture between two moments, see ``Lake.diff``."""
        return self.lake.diff(sport, fixture, since, until)

    def register(
        self, sport: str, digest: str, evaluation: Evaluation | ThreeWay | None = None, alias: str | None = "champion"
    ) -> str:
        """Register a bundle in MLflow with the figures and plots of ``evaluation``; return the version.

        The same bundle again keeps its version; figures that come later join it.
        """
        from antepost.desk.register import register

        return register(self.settings, sport, digest, evaluation, alias, self.clock)

    def predict(
        self,
        sport: str,
        asked: pl.DataFrame,
        set: str | None = None,  # noqa: A002
        target: str | None = None,
    ) -> list[Record]:
        """Return a sealed record for each fixture of ``asked`` (fixture, as_of); the champions predict.

        Without ``set`` each fixture gets the richest information set whose prices are known at its ``as_of``;
        ``target`` is by default who wins, and home, draw and away where a draw can be bet on.

        Raises:
            DataError: there is no such set or target, or not for this sport.
            ModelError: no champion stands, or its bundle is refused.
            LeakageError: the champion has learnt from what was not known at an ``as_of``, or that is later than now.
        """
        from antepost.desk.champion import champion

        if set is not None:
            # A set that is not to be had has no champion, and never will: that is to be said, not how to train one.
            frames.ask(sport, set)
        about = get_sport(sport)
        wanted = about.check_target(about.headline if target is None else target)
        loaded = predict.loaded(self.settings, sport)
        parts = {set: asked["fixture"].to_list()} if set else predict.richest_set(loaded, asked, wanted)
        made: list[Record] = []
        for name, fixtures in parts.items():
            bundle = champion(self.settings, f"{sport}.{wanted}.{name}")
            chosen = asked.filter(pl.col("fixture").is_in(fixtures))
            made += predict.records(loaded, bundle, chosen, self.policy, self.clock)
        made.sort(key=lambda record: (str(record["start"]), str(record["fixture"])))
        engine = connect(self.settings)
        sealed = ledger.append(engine, made)
        heads.note(self.settings, engine)
        return sealed

    def explain(
        self,
        sport: str,
        fixture: str,
        set: str | None = None,  # noqa: A002
        target: str | None = None,
    ) -> Explained:
        """Return why a prediction is what it is, see ``desk.explain.explain_fixture``."""
        from antepost.desk.explain import explain_fixture

        return explain_fixture(self, sport, fixture, set, target)

    def explanation(self, record: Mapping[str, object], top: int) -> Mapping[str, object]:
        """Return why a sealed record is what it is, its ``top`` factors in words, as JSON holds it."""
        from antepost.desk.explain import explain_sealed

        return explain_sealed(self.settings, record).as_json(top)

    def sealed_under_another_policy(self, made: Iterable[Record]) -> list[str]:
        """Return the hashes of those of ``made`` whose decision is not this home's present policy's.

        One seal stands for a fixture, set, bundle and facts: what was sealed before a policy changed stays as it is.
        """
        ours = self.policy.digest()
        return [str(record["hash"]) for record in made if record["policy"] != ours]

    def at_kickoff(
        self, sport: str, *, season: int | None = None, week: int | None = None, day: date | None = None
    ) -> pl.DataFrame:
        """Return (fixture, as_of) of a week or a day, each as of its own kick-off, or as of now where that is ahead.

        The season defaults to the newest.
        """
        every = frames.compute(sport, tables.load(self.settings, sport), frames.ask(sport, "close", columns=()))
        if day is not None:
            every = every.filter(pl.col("start").dt.date() == day)
        else:
            newest = every["season"].max() if season is None else season
            every = every.filter(pl.col("season") == newest)
            if week is not None:
                every = every.filter(pl.col("week") == week)
        now = pl.lit(self.clock.now()).cast(pl.Datetime("us", "UTC"))
        return every.select("fixture", pl.min_horizontal("as_of", now).alias("as_of"))

    def newest_season(self, sport: str) -> int:
        """Return the newest season that has a result.

        Raises:
            DataError: this home holds none.
        """
        held = self.seasons(sport)
        if not held:
            raise DataError(f"{self.settings.lake} holds no finished {sport} game; load a season that has begun")
        return held[-1]

    def seasons(self, sport: str) -> list[int]:
        """Return the seasons that have a result, in order."""
        return self.fixtures(sport).drop_nulls("home_score")["season"].unique().sort().to_list()

    def finale(self, sport: str, season: int) -> pl.DataFrame:
        """Return (fixture, as_of: kick-off) of a season's finished games in its last played week and its play-offs."""
        fixtures = self.fixtures(sport, season).drop_nulls("home_score")
        last = fixtures.filter(pl.col("stage") == get_sport(sport).stages[0])["week"].max()
        chosen = fixtures.filter(pl.col("week") >= last).select("fixture")
        return self.at_kickoff(sport, season=season).join(chosen, on="fixture", how="semi")

    def upcoming(self, sport: str) -> pl.DataFrame:
        """Return (fixture, as_of) of all fixtures that start after now, as of now."""
        now = self.clock.now()
        ahead = self.fixtures(sport).filter(pl.col("event_at") > now)
        return ahead.select("fixture", pl.lit(now).cast(pl.Datetime("us", "UTC")).alias("as_of"))

    def rebuild(self, record: Mapping[str, object]) -> Rebuilt:
        """Recompute a sealed record from raw bytes, batch log, lock and bundle, under its own policy, and compare."""
        return rebuild(self.settings, record, self.policy)

    def predictions(
        self,
        sport: str | None = None,
        set: str | None = None,  # noqa: A002
        fixture: str | None = None,
        limit: int = 100,
        offset: int = 0,
        target: str | None = None,
    ) -> Sequence[Record]:
        """Return sealed records that match, newest first."""
        return ledger.find(connect(self.settings), sport, set, fixture, limit, offset, target)

    def prediction(self, hash: str) -> Record:  # noqa: A002
        """Return the sealed record with this hash, of which the first characters do where no other begins so.

        Raises:
            DataError: the ledger has none, or several.
        """
        return ledger.read(connect(self.settings), hash)

    def verify_ledger(self) -> list[str]:
        """Return every fault found in the ledger's chains: altered fields, order, length, heads this home has noted."""
        engine = connect(self.settings)
        return ledger.verify(engine) + bets.verify(engine) + heads.faults(self.settings, engine)

    def simulated(self, sport: str) -> bool:
        """Return whether the sport's facts are invented."""
        return tables.is_simulated(self.settings, sport)

    def sports(self) -> list[str]:
        """Return the sports that have facts in this home."""
        return loaded_sports(self.settings)

    def ready(self) -> dict[str, str]:
        """Return each thing an answer needs and how it is: ``ok``, or what is wrong; no more is asked after a fault.

        Anybody may read this over HTTP, so what an error says of folders and servers goes into the log alone.
        """
        checks: dict[str, Callable[[], object]] = {
            "lake": self.sports,
            "postgres": lambda: connect(self.settings),
            "ledger": lambda: ledger.find(connect(self.settings), limit=1),
        }
        found: dict[str, str] = {}
        for name, check in checks.items():
            try:
                seen = check()
            except AntepostError as error:
                log.error("%s is not ready: %s", name, error)
                found[name] = "not ready; the server's log says why, and antepost doctor on it what to do"
                break
            empty = name == "lake" and not seen
            found[name] = "empty; run: antepost ingest nfl" if empty else "ok"
        return found


def open_desk(home: str | Path | None = None, *, settings: Settings | None = None, clock: Clock | None = None) -> Desk:
    """Return a desk over ``home`` (default: ``ANTEPOST_HOME``, else ``./.antepost``), embedded unless a URL is set.

    A ``policy.yaml`` in the home overrides the policies for betting, for polling and for the quality of facts.
    """
    if settings is None:
        settings = get_settings() if home is None else get_settings(home=Path(home))
    elif home is not None:
        raise DataError("give either home or settings, not both")
    file = settings.home / "policy.yaml"
    return Desk(settings, clock or SystemClock(), load_policies(file if file.exists() else None))
