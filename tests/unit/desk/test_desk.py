"""What a person in a notebook may hand to the desk, and how it is told that something else was meant."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from antepost.desk import Desk, open_desk
from antepost.domain.clock import FixedClock
from antepost.errors import DataError, LeakageError, ModelError
from antepost.features import features_of
from antepost.ingestion import ingest
from antepost.settings import Settings, get_settings

# The fixture's own keys, which stand before the columns.
KEYS = (
    "fixture", "league", "season", "week", "stage", "home", "away", "neutral", "venue", "start", "as_of", "surface",
    "pair", "home_starter", "away_starter", "referee",
)  # fmt: skip


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    """A desk over a home nobody has written to."""
    return open_desk(settings=get_settings(home=tmp_path, mirror=None, database_url=None, mlflow_url=None))


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"refit": "month"}, "unknown refit 'month'; choose from season, week"),
        ({"league": "premier"}, "unknown league 'premier'"),
        ({"families": "foo"}, "family 'foo'"),
        ({"families": ["market"]}, "family 'market' is not in set 'none'"),
        ({"families": []}, "no family was named"),
    ],
    ids=repr,
)
def test_evaluate_names_what_it_cannot_do_before_it_reads_a_fact(
    wrong: dict[str, Any], error: str, empty: Desk
) -> None:
    with pytest.raises((DataError, ModelError), match=error):
        empty.evaluate("nfl", 2023, **wrong)


def test_train_refuses_a_family_before_it_reads_a_fact(empty: Desk) -> None:
    """It once walked forward for minutes first."""
    with pytest.raises(ModelError, match="'market' is not in set 'none'"):
        empty.train("nfl", "none", families=("elo", "market"))


def test_a_set_that_is_not_to_be_had_is_refused_with_the_reason_and_without_advice_to_train_it(empty: Desk) -> None:
    """Predict once said how to train its champion, which train always refused."""
    asked = pl.DataFrame({"fixture": ["a"], "as_of": [datetime(2031, 1, 1, tzinfo=UTC)]})
    with pytest.raises(DataError, match="no source of nfl has opening moneylines"):
        empty.predict("nfl", asked, "open")


def test_one_name_is_a_family_and_not_its_letters(empty: Desk) -> None:
    with pytest.raises(DataError, match="antepost ingest nfl"):
        empty.train("nfl", "none", families="elo")


def test_one_season_one_column_and_a_frame_of_moments_are_understood(settings: Settings) -> None:
    desk = open_desk(settings=settings)
    desk.ingest("nfl", simulate=True, seasons=(2019, 2020))
    every = desk.features("nfl", set="close")
    assert set(desk.columns("nfl", "close")) == {feature.name for feature in features_of("nfl")}
    assert set(every.columns) - set(desk.columns("nfl", "close")) == set(KEYS)
    one = desk.features("nfl", seasons=2020, columns="elo.logit.now.fixture")
    assert one["season"].unique().to_list() == [2020]
    assert "elo.logit.now.fixture" in one.columns
    first = one["fixture"][0]
    asked = pl.DataFrame({"fixture": [first], "as_of": [datetime(2021, 9, 1, tzinfo=UTC)]})
    assert desk.features("nfl", as_of=asked)["fixture"].to_list() == [first]
    for wrong in (
        pl.DataFrame({"a": [1]}),
        pl.DataFrame({"fixture": [first]}),
        asked.select(pl.lit(1).alias("fixture"), "as_of"),
        asked.with_columns(pl.col("as_of").dt.replace_time_zone(None)),
    ):
        with pytest.raises(DataError, match=r"fixture \(text\) and as_of"):
            desk.features("nfl", as_of=wrong)
    for seasons, told in (
        ("2019", r"'2019' is no season; give a year"),
        ([2019, "2020"], r"'2020' is no season"),
        (2019.5, r"2019\.5 is no season"),
        ([None], "None is no season"),
        ([], "no season is asked for"),
        ([1871, 2019], r"no nfl season \[1871\] at hand; there are 2019 to 2020"),
    ):
        with pytest.raises(DataError, match=told):
            desk.features("nfl", seasons)  # pyright: ignore[reportArgumentType]
    strangers = pl.concat([asked, asked.with_columns(fixture=pl.lit("nfl-1871-01-A-B"))])
    with pytest.raises(DataError, match=r"no nfl fixture 'nfl-1871-01-A-B' at hand; antepost lake read fixtures nfl"):
        desk.features("nfl", as_of=strangers)
    with pytest.raises(DataError, match=r"no nfl fixture was known; the schedule at hand begins to be known at 2019-"):
        desk.features("nfl", as_of=datetime(2001, 1, 1, tzinfo=UTC))
    with pytest.raises(DataError, match=r"as_of is of type pandas DataFrame; .* pl\.from_pandas"):
        desk.features("nfl", as_of=asked.to_pandas())  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=r"as_of is of type int; give close"):
        desk.features("nfl", as_of=5)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=f"fixture '{first}' has no as_of; give each a moment"):
        desk.features("nfl", as_of=asked.with_columns(as_of=pl.lit(None, pl.Datetime("us", "UTC"))))
    with pytest.raises(DataError, match="columns is 5; give the name of a feature"):
        desk.features("nfl", columns=5)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=r"name 'elo\.logit\.now\.fixture' twice"):
        desk.features("nfl", columns=["elo.logit.now.fixture"] * 2)
    ahead = desk.clock.now() + timedelta(days=1)
    for moment in (ahead, asked.with_columns(as_of=pl.lit(ahead).cast(pl.Datetime("us", "UTC")))):
        with pytest.raises(LeakageError, match=r"is later than now, .*; ask as of now"):
            desk.features("nfl", as_of=moment)
    # A cached matrix that was cut short is computed again, and whole afterwards.
    cached = [*desk.settings.gold.glob("*.parquet")]
    assert cached
    for path in cached:
        path.write_bytes(path.read_bytes()[:-99])
    assert_frame_equal(desk.features("nfl", set="close"), every)
    (whole,) = (path for path in cached if path.read_bytes().endswith(b"PAR1"))
    assert_frame_equal(pl.read_parquet(whole), every)


def test_a_game_ahead_is_asked_as_of_now_and_a_past_one_as_of_its_kick_off(tmp_path: Path) -> None:
    """A week that was still ahead was once sealed as of a moment that had not come."""
    now = datetime(2020, 10, 11, 18, tzinfo=UTC)
    settings = get_settings(home=tmp_path, mirror=None, database_url=None, mlflow_url=None)
    desk = open_desk(settings=settings, clock=FixedClock(now))
    ingest(settings, "nfl", desk.clock, source="simulated", seasons=(2020, 2020))
    asked = desk.at_kickoff("nfl", season=2020).join(desk.fixtures("nfl"), on="fixture")
    assert asked.filter(pl.col("event_at") > now)["as_of"].unique().to_list() == [now]
    past = asked.filter(pl.col("event_at") <= now)
    assert past.height == 74
    assert past["as_of"].equals(past["event_at"], check_names=False)


def test_tables_that_are_gone_while_the_log_has_their_loads_are_missed_and_come_back(settings: Settings) -> None:
    """Without silver the desk once said that there was no fixture, and trained on no games before season None."""
    desk = open_desk(settings=settings)
    desk.ingest("nfl", simulate=True, seasons=(2019, 2020))
    held = desk.fixtures("nfl").height
    shutil.rmtree(settings.silver / "nfl" / "fixtures")
    for ask in (
        lambda: desk.at_kickoff("nfl", week=1),
        lambda: desk.train("nfl", families=("elo",)),
    ):
        with pytest.raises(DataError, match=f"says {held} rows of fixtures, .* has 0; run: antepost ingest nfl"):
            ask()
    desk.ingest("nfl", simulate=True, seasons=(2019, 2020))
    assert desk.fixtures("nfl").height == held
    with pytest.raises(DataError, match="no finished nfl games before season 1990 in set none"):
        desk.train("nfl", before=1990, families=("elo",))
