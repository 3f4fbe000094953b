"""Which games the demo takes, and what it says where a home and a mirror do not go together."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.desk import Desk, demo, open_desk, predict
from antepost.errors import LeakageError, SettingsError
from antepost.features import lock_of
from antepost.ingestion import ingest
from antepost.models import load_bundle
from antepost.settings import Settings, get_settings
from tests import league, tour

NOBODY = "http://127.0.0.1:9"
PRICES = ("home_moneyline", "away_moneyline")


def opened(home: Path, mirror: str | None = None) -> Desk:
    """Return a desk over ``home`` without engines."""
    return open_desk(settings=get_settings(home=home, mirror=mirror, database_url=None, mlflow_url=None))


@pytest.fixture
def no_route(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody answers for the network."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, NOBODY)


def in_week_three() -> pl.DataFrame:
    """Return a league in the middle of its newest season: half a week is played, later games have no price yet.

    A season in between was never played, and the last finished game never got a price.
    """
    table = league.games((*range(2012, 2017), 2018))
    now = pl.col("season") == "2018"
    week = table.filter(now & (pl.col("week") == "3"))["game_id"].to_list()
    ahead = now & ((pl.col("week").cast(pl.Int64) > 3) | pl.col("game_id").is_in(week[8:]))
    unpriced = ahead | (pl.col("game_id") == week[7])
    return table.with_columns(
        *(pl.when(ahead).then(None).otherwise(name).alias(name) for name in ("home_score", "away_score")),
        *(pl.when(unpriced).then(None).otherwise(name).alias(name) for name in PRICES),
    )


def test_in_mid_season_the_last_played_week_is_sealed_and_what_has_no_price_is_named(
    settings: Settings, mlflow_url: str, tmp_path: Path
) -> None:
    """The last week of all, long ahead and without prices, was once asked for, and the demo failed at its end."""
    mirror = league.mirror_in(tmp_path / "mirror", in_week_three())
    own = get_settings(home=settings.home, mirror=mirror, database_url=settings.database_url, mlflow_url=mlflow_url)
    desk = open_desk(settings=own)
    ingest(own, "nfl", desk.clock)
    assert desk.seasons("nfl") == [*range(2012, 2017), 2018]
    assert desk.newest_season("nfl") == 2018
    trained = {
        name: desk.train("nfl", name, before=2018, families=families)
        for name, families in (("none", ("elo",)), ("close", ("market", "elo")))
    }
    for one in trained.values():
        desk.register("nfl", one.digest)

    steps = demo.Demo(desk=desk, season=2018)
    said = demo.predict(steps)
    played = desk.fixtures("nfl", 2018).filter(pl.col("week") == 3).drop_nulls("home_score")["fixture"].to_list()
    sealed = {name: {record["fixture"] for record in steps.sealed if record["set"] == name} for name in demo.SETS}
    assert sealed["none"] == set(played)
    (left_out,) = sealed["none"] - sealed["close"]
    assert said == f"15 sealed (15 late, as all history is), chain whole; no price, so not in set close: {left_out}"

    bundle = load_bundle(own.bundles, trained["none"].digest, lock=lock_of("nfl"))
    facts, later = predict.loaded(own, "nfl"), desk.clock.now() + timedelta(days=1)
    asked = desk.finale("nfl", 2018).with_columns(pl.lit(later).cast(pl.Datetime("us", "UTC")).alias("as_of"))
    with pytest.raises(LeakageError, match=f"{played[0]} was asked as of .* later than now"):
        predict.records(facts, bundle, asked, desk.policy, desk.clock)


def test_a_home_with_the_simulated_league_and_a_mirror_of_real_games_do_not_go_together(tmp_path: Path) -> None:
    """The mirror was passed over in silence, and the demo ended by saying that there was none."""
    desk = opened(tmp_path / "home")
    ingest(desk.settings, "nfl", desk.clock, source="simulated", seasons=(2018, 2018))
    mirror = league.mirror_in(tmp_path / "mirror", league.games([2018]))
    for given in (demo.Demo(desk=desk, mirror=mirror), demo.Demo(desk=opened(tmp_path / "home", mirror))):
        with pytest.raises(
            SettingsError, match=r"holds the simulated league, and the mirror .* set another ANTEPOST_HOME"
        ):
            demo.ingest(given)
    assert desk.simulated("nfl")


def test_without_a_route_no_league_is_invented_beside_real_facts_of_another_sport(
    tmp_path: Path, no_route: None
) -> None:
    """Any sport at all once stood for the NFL, whose newest season was then asked for in vain."""
    desk = opened(tmp_path / "home")
    ingest(desk.settings, "atp", desk.clock, mirror=tour.mirror_in(tmp_path / "mirror"))
    with pytest.raises(
        SettingsError, match=r"holds real facts of atp, .* name a mirror by ANTEPOST_MIRROR or --mirror"
    ):
        demo.ingest(demo.Demo(desk=desk))
    assert desk.sports() == ["atp"]


def test_without_a_route_the_demo_goes_on_with_the_games_that_it_has(tmp_path: Path, no_route: None) -> None:
    desk = opened(tmp_path / "home")
    ingest(desk.settings, "nfl", desk.clock, mirror=league.mirror_in(tmp_path / "mirror", league.games([2018])))
    steps = demo.Demo(desk=desk)
    assert demo.ingest(steps).startswith("no route to upstream; going on with what this home holds")
    assert steps.season == 2018
