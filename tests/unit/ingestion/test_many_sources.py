"""Several sources of one sport, from files to tables: parts, names, joins, days, disputes. All of it invented."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from antepost.domain.clock import FixedClock
from antepost.errors import DataError, SourceAbsent, SourceError
from antepost.ingestion import SOURCES, IngestReport, ingest, ingest_all, replay
from antepost.lake import asof, raw, silver
from antepost.lake.batches import batches, watermark
from antepost.settings import Settings, get_settings
from tests.payloads import football_data_co_uk, sackmann, tennis_data_co_uk

RECEIPT = datetime(2031, 9, 20, 8, tzinfo=UTC)
MATCHES = sackmann.PAYLOADS["sackmann_atp"][1]
ODDS = tennis_data_co_uk.PAYLOADS["tennis_data_atp"][1]
LEAGUE = football_data_co_uk.PAYLOADS["football_data_co_uk"][1]

type Put = Callable[[str, str, bytes], None]
type Load = Callable[..., IngestReport]


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    return get_settings(home=tmp_path / "home", mirror=str(tmp_path / "mirror"))


@pytest.fixture
def put(tmp_path: Path) -> Put:
    """Write a part of a source into the mirror."""

    def write(source: str, name: str, data: bytes) -> None:
        part = next(part for part in SOURCES[source].parts(2031) if part.name == name)
        path = tmp_path / "mirror" / part.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    return write


@pytest.fixture
def load(place: Settings) -> Load:
    def run(source: str, hours: int = 0) -> IngestReport:
        clock = FixedClock(RECEIPT + timedelta(hours=hours))
        return ingest(place, SOURCES[source].sport, clock, source=source)

    return run


@pytest.fixture
def tour(put: Put, load: Load) -> None:
    put("sackmann_atp", "matches-2019", MATCHES)
    put("tennis_data_atp", "atp-2019", ODDS)
    load("sackmann_atp")
    load("tennis_data_atp")


def table(place: Settings, sport: str, name: str) -> pl.DataFrame:
    facts = asof.settled(asof.facts(place, sport, tables=(name,)))[name]
    return asof.newest(facts, silver.table_of(name, sport).key)


@pytest.mark.usefixtures("tour")
def test_a_secondary_source_gives_the_day_and_everything_hangs_on_it(place: Settings) -> None:
    """Sackmann has the tournament's Monday only; a result is not known before the day on which it fell."""
    final = table(place, "atp", "fixtures").filter(pl.col("stage") == "F")
    assert final.select("start", "event_precision").row(0) == (datetime(2019, 1, 13, 12, tzinfo=UTC), "day")
    result = table(place, "atp", "results").join(final.select("fixture"), on="fixture")
    assert result["known_at"].to_list() == [datetime(2019, 1, 14, 12, tzinfo=UTC)]
    seen = asof.visible(
        asof.settled(asof.facts(place, "atp"))["results"], ("fixture",), datetime(2019, 1, 14, 12, tzinfo=UTC)
    )
    assert seen.join(final, on="fixture", how="semi").is_empty()


@pytest.mark.usefixtures("tour")
def test_prices_belong_to_the_side_they_were_offered_on(place: Settings) -> None:
    prices = table(place, "atp", "prices").filter(pl.col("book") == "pinnacle")
    final = table(place, "atp", "fixtures").filter(pl.col("stage") == "F")
    offered = prices.join(final.select("fixture", "home", "away"), on="fixture")
    of = {row["outcome"]: (row[str(row["outcome"])], row["odds"]) for row in offered.iter_rows(named=True)}
    assert of == {"home": ("900001", 1.14), "away": ("900007", 6.5)}


@pytest.mark.usefixtures("tour")
def test_a_court_and_a_surface_are_one_fact_of_two_sources(place: Settings) -> None:
    venues = table(place, "atp", "venues").join(table(place, "atp", "prices"), on="fixture", how="semi")
    assert set(venues.select("surface", "roof").iter_rows()) == {("Hard", "Outdoor")}


@pytest.mark.usefixtures("tour")
def test_a_walkover_and_a_retirement_have_a_winner_and_no_invented_score(place: Settings) -> None:
    ended = table(place, "atp", "results").filter(pl.col("ending") != "regulation").sort("ending")
    assert ended.select("ending", "home_score", "away_score", "outcome").rows() == [
        ("retired", 1, 1, "away"),
        ("walkover", None, None, "away"),
    ]
    assert silver.read(place, "disputes", "atp").is_empty()


@pytest.mark.usefixtures("tour")
def test_the_same_files_again_add_nothing(place: Settings, load: Load) -> None:
    before = watermark(place)
    for source in ("sackmann_atp", "tennis_data_atp"):
        again = load(source, hours=1)
        assert (again.batch, again.unchanged, again.payloads) == (None, 1, ())
    assert watermark(place) == before


@pytest.mark.usefixtures("tour")
def test_a_replay_of_both_sources_gives_the_same_tables(place: Settings) -> None:
    again = replay(batches(place), lambda sha: raw.read(place, sha))
    for name, frame in asof.facts(place, "atp").items():
        assert again[name].equals(frame), name


def test_a_score_that_two_sources_tell_differently_is_a_dispute(place: Settings, put: Put, load: Load) -> None:
    put("sackmann_atp", "matches-2019", MATCHES)
    put("tennis_data_atp", "atp-2019", ODDS.replace(b"1,6,7,5,6,4,2,1,Completed", b"1,6,7,5,6,4,2,0,Completed"))
    load("sackmann_atp")
    assert load("tennis_data_atp").added["disputes"] == 1
    [row] = silver.read(place, "disputes", "atp").select("source", "field", "ours", "theirs").rows()
    assert row == ("tennis_data_atp", "score", "1-2", "0-2")


def test_a_source_that_came_too_early_is_read_again_once_its_fixtures_are_there(
    place: Settings, put: Put, load: Load
) -> None:
    put("sackmann_atp", "matches-2019", MATCHES)
    put("tennis_data_atp", "atp-2019", ODDS)
    with pytest.raises(DataError, match="have a side nobody knows"):
        load("tennis_data_atp")
    assert watermark(place) == 0
    load("sackmann_atp")
    assert load("tennis_data_atp").added["prices"] > 0


def test_names_nobody_knows_stop_a_file_and_leave_the_lake_as_it_was(place: Settings, put: Put, load: Load) -> None:
    put("sackmann_atp", "matches-2019", MATCHES)
    put("tennis_data_atp", "atp-2019", ODDS.replace(b"Lob G.", b"Nobody X."))
    load("sackmann_atp")
    with pytest.raises(DataError, match=r"unmapped name 'Nobody X\.'.*names/atp\.csv"):
        load("tennis_data_atp")
    assert [
        frame.height for name, frame in asof.facts(place, "atp", batch=2).items() if set(frame["batch"]) - {1}
    ] == []
    (place.home / "names").mkdir()
    told = "source,name,entity,first,last\ntennis_data_atp,Nobody X.,900007,,\n"
    (place.home / "names" / "atp.csv").write_text(told)
    assert load("tennis_data_atp").refused == 0


def test_a_season_of_clubs_that_nobody_knew_loads_without_a_person(place: Settings, put: Put, load: Load) -> None:
    put("football_data_co_uk", "E0-2019", LEAGUE)
    first = load("football_data_co_uk")
    assert first.added["entities"] == 3
    put("football_data_co_uk", "E0-2020", LEAGUE.replace(b"/2019", b"/2020").replace(b"Ceeham", b"Deeton Rovers"))
    second = load("football_data_co_uk", hours=1)
    assert (len(second.payloads), second.unchanged) == (1, 1)
    assert second.added["entities"] == 1
    assert "deeton-rovers" in set(table(place, "soccer", "entities")["entity"])


def test_one_changed_file_is_read_and_the_others_are_not(place: Settings, put: Put, load: Load) -> None:
    put("football_data_co_uk", "E0-2019", LEAGUE)
    put("football_data_co_uk", "E0-2020", LEAGUE.replace(b"/2019", b"/2020"))
    load("football_data_co_uk")
    put("football_data_co_uk", "E0-2019", LEAGUE.replace(b"Antford,Beebury,2,1,H", b"Antford,Beebury,3,1,H"))
    corrected = load("football_data_co_uk", hours=1)
    assert [part for part, _ in corrected.payloads] == ["E0-2019"]
    assert corrected.added == {"results": 1, "periods": 1}
    results = silver.read(place, "results", "soccer").filter(pl.col("batch") == 2)
    assert results.select("known_at", "known_how").row(0) == (RECEIPT + timedelta(hours=1), "recorded")


def test_a_season_asked_for_is_the_only_one_that_is_read(place: Settings, put: Put) -> None:
    put("football_data_co_uk", "E0-2019", LEAGUE)
    put("football_data_co_uk", "E0-2020", LEAGUE.replace(b"/2019", b"/2020"))
    report = ingest(place, "soccer", FixedClock(RECEIPT), seasons=(2020, 2020))
    assert [part for part, _ in report.payloads] == ["E0-2020"]


def test_a_season_that_no_file_holds_is_an_error_and_not_an_empty_load(place: Settings, put: Put) -> None:
    put("football_data_co_uk", "E0-2019", LEAGUE)
    with pytest.raises(SourceError, match="2025"):
        ingest(place, "soccer", FixedClock(RECEIPT), seasons=(2025, 2025))
    assert watermark(place) == 0


def test_all_sources_of_a_sport_load_and_those_not_at_hand_are_named(place: Settings, put: Put) -> None:
    put("sackmann_atp", "matches-2019", MATCHES)
    loads = ingest_all(place, "atp", FixedClock(RECEIPT))
    assert [report.source for report in loads.reports] == ["sackmann_atp"]
    assert "tennis_data_atp" in loads.left_out


def test_a_source_that_is_refused_is_named_and_the_others_load(place: Settings, put: Put) -> None:
    """One odds file with strange names stopped all sources that came after it."""
    put("sackmann_atp", "matches-2019", MATCHES)
    put("tennis_data_atp", "atp-2019", ODDS.replace(b"Lob G.", b"Nobody X."))
    loads = ingest_all(place, "atp", FixedClock(RECEIPT))
    assert [report.source for report in loads.reports] == ["sackmann_atp"]
    assert set(loads.refused) == {"tennis_data_atp"}
    assert "unmapped name 'Nobody X.'" in loads.refused["tennis_data_atp"]
    assert "the_odds_api_atp" in loads.left_out


def test_without_the_deciding_source_nothing_is_loaded(place: Settings, put: Put) -> None:
    put("tennis_data_atp", "atp-2019", ODDS)
    with pytest.raises(SourceAbsent, match="has no tennis/JeffSackmann"):
        ingest_all(place, "atp", FixedClock(RECEIPT))
