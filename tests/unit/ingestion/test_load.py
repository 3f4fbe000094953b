"""New facts, corrections, and everything again from raw bytes; pure, on invented games."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from antepost.errors import DataError
from antepost.ingestion import Parsed, Reading, new_rows, replay
from antepost.ingestion.load import Tables, empty_tables, refuse_shrunk
from antepost.ingestion.sources.nflverse import NFLVERSE, parse
from antepost.lake import TABLES, visible
from antepost.lake.batches import Batch, Payload

type Row = dict[str, str]
type MakeGame = Callable[..., Row]
type MakeFile = Callable[..., bytes]

RECEIPT = datetime(2031, 9, 20, 8, tzinfo=UTC)
NOTHING: Tables = empty_tables("nfl")


def added(known: Tables, parsed: Parsed, received_at: datetime = RECEIPT, batch: int = 1) -> Tables:
    load = Batch(
        number=batch, sport="nfl", source="nflverse", payloads=(), received_at=received_at, parser=NFLVERSE.parser
    )
    return new_rows(known, [Reading(parsed=parsed, raw=f"raw{batch}")], NFLVERSE, load, b"", range(1, batch))


def after(known: Tables, parsed: Parsed, received_at: datetime = RECEIPT, batch: int = 1) -> Tables:
    rows = added(known, parsed, received_at, batch)
    return {name: pl.concat([known[name], rows[name]]) if name in rows else known[name] for name in known}


def test_the_first_load_of_an_archive_is_known_by_the_rule(game: MakeGame, file: MakeFile) -> None:
    parsed = parse(file(game(), game("LAR", "SEA")))
    rows = added(NOTHING, parsed)
    for name in parsed.tables:
        frame = rows[name]
        assert frame.select(parsed.tables[name].columns).equals(parsed.tables[name])
        assert set(frame["batch"]) == {1}
        assert set(frame["raw"]) == {"raw1"}


def test_the_same_facts_again_add_nothing(game: MakeGame, file: MakeFile) -> None:
    parsed = parse(file(game(), game("LAR", "SEA", gametime="")))
    again = added(after(NOTHING, parsed), parsed, RECEIPT, 2)
    assert all(frame.is_empty() for frame in again.values())


def test_a_changed_score_is_a_correction_known_from_its_receipt(game: MakeGame, file: MakeFile) -> None:
    first = after(NOTHING, parse(file(game())))
    second = after(first, parse(file(game(home_score="21"))), RECEIPT, 2)
    results = second["results"]
    assert results.select("home_score", "known_how", "batch").rows() == [
        (20, "assumed", 1),
        (21, "recorded", 2),
    ]
    assert results["known_at"][1] == RECEIPT
    assert {name for name in second if second[name].height > first[name].height} == {"results"}
    key = TABLES["results"].key
    assert visible(results, key, RECEIPT)["home_score"].to_list() == [20]
    assert visible(results, key, RECEIPT + timedelta(microseconds=1))["home_score"].to_list() == [21]


def test_a_correction_that_is_taken_back_is_a_third_revision(game: MakeGame, file: MakeFile) -> None:
    tables = after(NOTHING, parse(file(game())))
    tables = after(tables, parse(file(game(home_score="21"))), RECEIPT, 2)
    tables = after(tables, parse(file(game())), RECEIPT + timedelta(days=1), 3)
    assert tables["results"]["home_score"].to_list() == [20, 21, 20]


def test_a_postponement_is_a_new_version_of_the_fixture(game: MakeGame, file: MakeFile) -> None:
    """The schedule that stood before is still what a read before the announcement sees."""
    ahead = {"home_score": "", "away_score": "", "overtime": ""}
    opener = game("MIA", "NYJ", gameday="2031-09-04")
    announced = datetime(2031, 9, 5, 15, tzinfo=UTC)
    tables = after(NOTHING, parse(file(opener, game(**ahead))), announced - timedelta(days=40))
    tables = after(tables, parse(file(opener, game(gameday="2031-09-09", **ahead))), announced, 2)
    moved = tables["fixtures"].filter(pl.col("fixture") == "nfl-2031-01-KC-BUF")
    assert moved["start"].dt.day().to_list() == [7, 9]
    assert moved["known_at"][1] == announced
    key = TABLES["fixtures"].key
    assert visible(moved, key, announced)["start"].dt.day().to_list() == [7]
    assert visible(moved, key, announced + timedelta(seconds=1))["start"].dt.day().to_list() == [9]


def test_a_closing_price_that_moves_before_the_game_is_not_known_before_the_close(
    game: MakeGame, file: MakeFile
) -> None:
    """Until kick-off the file holds today's line under the closing line's name."""
    ahead = {"home_score": "", "away_score": "", "overtime": ""}
    wednesday = datetime(2031, 9, 3, 12, tzinfo=UTC)
    tables = after(NOTHING, parse(file(game(**ahead))), wednesday)
    tables = after(tables, parse(file(game(**ahead, home_moneyline="-160"))), wednesday + timedelta(days=1), 2)
    moved = tables["prices"].filter(pl.col("batch") == 2)
    assert moved["known_at"].to_list() == [datetime(2031, 9, 7, 16, 59, 59, tzinfo=UTC)]
    assert moved["known_how"].to_list() == ["assumed"]
    newest = visible(tables["prices"], TABLES["prices"].key, datetime(2031, 9, 7, 17, tzinfo=UTC))
    home = newest.filter((pl.col("market") == "moneyline") & (pl.col("outcome") == "home"))
    assert home["odds"].to_list() == [pytest.approx(1.625)]


def test_a_file_that_lost_part_of_a_season_is_refused(game: MakeGame, file: MakeFile) -> None:
    """A file cut off between two rows parses; only what is known shows that it is short."""
    pairs = [("KC", "BUF"), ("MIA", "NYJ"), ("DAL", "SF"), ("GB", "CHI"), ("LAR", "SEA")]
    games = [game(away, home) for away, home in pairs]
    known = after(NOTHING, parse(file(*games)))["fixtures"]
    refuse_shrunk(known, parse(file(*games[:2])).tables["fixtures"])
    with pytest.raises(DataError, match="lacks 4 games of season 2031"):
        refuse_shrunk(known, parse(file(games[0])).tables["fixtures"])


def test_a_file_of_other_seasons_has_lost_nothing(game: MakeGame, file: MakeFile) -> None:
    known = after(NOTHING, parse(file(game())))["fixtures"]
    refuse_shrunk(known, parse(file(game(season="2032", gameday="2032-09-07"))).tables["fixtures"])


def test_a_replay_refuses_bytes_that_another_parser_read() -> None:
    batch = Batch(
        number=1,
        sport="nfl",
        source="nflverse",
        payloads=(Payload(part="games", raw="x"),),
        received_at=RECEIPT,
        parser="older",
    )
    with pytest.raises(DataError, match="read by parser older"):
        replay([batch], lambda _: b"")


EDITS = st.fixed_dictionaries(
    {
        "home_score": st.sampled_from(["20", "21", "20"]),
        "gameday": st.sampled_from(["2031-09-07", "2031-09-08"]),
        "home_moneyline": st.sampled_from(["-150", "-160", "50", ""]),
        "surface": st.sampled_from(["grass ", "fieldturf", ""]),
        "temp": st.sampled_from(["70", "hot"]),
    }
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=st.lists(EDITS, min_size=1, max_size=4))
def test_a_replay_gives_the_tables_that_the_loads_made(
    game: MakeGame, file: MakeFile, edits: list[dict[str, str]]
) -> None:
    others = (game("MIA", "NYJ"), game("DAL", "SF"))
    tables, raws, log = NOTHING, dict[str, bytes](), list[Batch]()
    for number, edit in enumerate(edits, start=1):
        raws[f"raw{number}"] = file(*others, game(**edit))
        received = RECEIPT + timedelta(days=number)
        tables = after(tables, parse(raws[f"raw{number}"]), received, number)
        log.append(
            Batch(
                number=number, sport="nfl", source="nflverse", received_at=received,
                payloads=(Payload(part="games", raw=f"raw{number}"),),
                parser=NFLVERSE.parser,
            )
        )  # fmt: skip
    again = replay(log, raws.__getitem__)
    for name, frame in tables.items():
        if name == "quarantine":
            continue
        key = ["event_at", *TABLES[name].key, "batch"]
        assert again[name].equals(frame.sort(key)), name
        assert not frame.select(*TABLES[name].key, "batch").is_duplicated().any()
