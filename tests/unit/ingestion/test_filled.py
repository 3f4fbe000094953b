"""A box score that several publishers tell: the first to speak holds a figure, the others fill what it left empty."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl

from antepost.ingestion import Reading, get_source, new_rows
from antepost.ingestion.load import Tables, empty_tables
from antepost.lake import TABLES, asof
from antepost.lake.batches import Batch
from tests.payloads import football_data_co_uk
from tests.payloads.soccer import FIVETHIRTYEIGHT, FOOTYSTATS

RECEIPT = datetime(2031, 9, 20, 8, tzinfo=UTC)
MATCHES = football_data_co_uk.PAYLOADS["football_data_co_uk"][1]
FIXTURE = "soccer-E0-2019-antford-beebury"
NAMES = b"""source,name,entity,first,last
any,Antford Town,antford,,
any,Beebury Utd,beebury,,
"""
# The snapshot's match, moved to a day on which football-data.co.uk has one.
OTHER = FOOTYSTATS.replace(b"2020-09-12", b"2019-08-10")


def loaded(known: Tables, name: str, part: str, data: bytes, batch: int, mine: tuple[int, ...] = ()) -> Tables:
    source = get_source(name)
    parsed = source.read(data, next(each for each in source.parts(2026) if each.name == part))
    load = Batch(
        number=batch, sport="soccer", source=name, payloads=(), received_at=RECEIPT, parser=source.parser
    )  # fmt: skip
    return new_rows(known, [Reading(parsed=parsed, raw=f"raw{batch}")], source, load, NAMES, mine)


def beside(known: Tables, rows: Tables) -> Tables:
    return {name: pl.concat([frame, rows[name]]) if name in rows else frame for name, frame in known.items()}


def archive() -> Tables:
    known = empty_tables("soccer")
    return beside(known, loaded(known, "football_data_co_uk", "E0-2019", MATCHES, 1))


def filled() -> Tables:
    known = archive()
    return beside(known, loaded(known, "fivethirtyeight_soccer", "spi-matches", FIVETHIRTYEIGHT, 2))


def home(known: Tables) -> dict[str, object]:
    stats = asof.newest(known["team_stats"], TABLES["team_stats"].key)
    return stats.filter((pl.col("fixture") == FIXTURE) & (pl.col("side") == "home")).row(0, named=True)


def test_another_publishers_figures_are_filled_in() -> None:
    row = home(filled())
    assert (row["shots"], row["corners"], row["xg_fivethirtyeight"]) == (11, 6, 1.85)
    assert row["team"] == "antford"


def test_a_figure_that_is_filled_in_is_known_by_its_rule_and_no_correction() -> None:
    row = home(filled())
    assert (row["known_at"], row["known_how"]) == (home(archive())["known_at"], "assumed")


def test_a_row_that_is_filled_shows_no_figure_before_it_was_known() -> None:
    """A suspended game's box score is known days late; another publisher's figures must not bring it forward."""
    known = archive()
    late = (pl.col("known_at") + timedelta(days=3)).alias("known_at")
    known["team_stats"] = known["team_stats"].with_columns(late)
    row = home(beside(known, loaded(known, "fivethirtyeight_soccer", "spi-matches", FIVETHIRTYEIGHT, 2)))
    assert row["xg_fivethirtyeight"] == 1.85
    assert row["known_at"] == home(known)["known_at"]


def test_a_dispute_is_known_once_both_scores_are() -> None:
    known = archive()
    late = (pl.col("known_at") + timedelta(days=3)).alias("known_at")
    known["results"] = known["results"].with_columns(late, pl.lit(9, pl.Int64).alias("home_score"))
    disputes = loaded(known, "footystats", "E0-2020", OTHER, 2)["disputes"]
    ours = known["results"].filter(pl.col("fixture") == FIXTURE)["known_at"]
    assert disputes.filter(pl.col("fixture") == FIXTURE)["known_at"].to_list() == ours.to_list()


def test_the_first_to_speak_holds_his_figures() -> None:
    known = archive()
    row = home(beside(known, loaded(known, "footystats", "E0-2020", OTHER, 2)))
    assert (row["shots_on_target"], row["corners"], row["xg_footystats"]) == (5, 6, 1.04)


def test_the_same_again_adds_nothing() -> None:
    known = filled()
    second = loaded(known, "fivethirtyeight_soccer", "spi-matches", FIVETHIRTYEIGHT, 3, (2,))
    first = loaded(known, "football_data_co_uk", "E0-2019", MATCHES, 3, (1,))
    assert second["team_stats"].is_empty()
    assert first["team_stats"].is_empty()


def test_a_correction_leaves_the_others_figures_alone() -> None:
    known = filled()
    corrected = MATCHES.replace(b"A Whistle,11,9", b"A Whistle,12,9")
    row = home(beside(known, loaded(known, "football_data_co_uk", "E0-2019", corrected, 3, (1,))))
    assert (row["shots"], row["xg_fivethirtyeight"]) == (12, 1.85)
    assert (row["known_at"], row["known_how"]) == (RECEIPT, "recorded")


def test_a_correction_of_the_second_stands_too() -> None:
    known = filled()
    corrected = FIVETHIRTYEIGHT.replace(b",1.85,", b",1.95,")
    row = home(beside(known, loaded(known, "fivethirtyeight_soccer", "spi-matches", corrected, 3, (2,))))
    assert (row["shots"], row["xg_fivethirtyeight"], row["known_at"]) == (11, 1.95, RECEIPT)


def test_a_finer_start_does_not_undo_what_the_same_load_filled_in() -> None:
    """The third match has no clock; a publisher that gives one and figures says both in one load."""
    known = archive()
    late = FOOTYSTATS.replace(b"2020-09-12,11:00:00,Antford Town,Beebury Utd", b"2019-08-17,11:00:00,Beebury,Ceeham")
    second = beside(known, loaded(known, "footystats", "E0-2020", late, 2))
    stats = asof.newest(second["team_stats"], TABLES["team_stats"].key)
    row = stats.filter((pl.col("team") == "beebury") & (pl.col("xg_footystats") == 1.04)).row(0, named=True)
    assert (row["event_at"], row["event_precision"]) == (datetime(2019, 8, 17, 14, tzinfo=UTC), "second")
    assert not second["team_stats"].select(*TABLES["team_stats"].key, "batch").is_duplicated().any()


def test_what_fills_a_corrected_row_does_not_make_the_correction_known_earlier() -> None:
    known = archive()
    corrected = MATCHES.replace(b"A Whistle,11,9", b"A Whistle,12,9")
    known = beside(known, loaded(known, "football_data_co_uk", "E0-2019", corrected, 2, (1,)))
    row = home(beside(known, loaded(known, "fivethirtyeight_soccer", "spi-matches", FIVETHIRTYEIGHT, 3)))
    assert (row["shots"], row["xg_fivethirtyeight"], row["known_at"]) == (12, 1.85, RECEIPT)


def test_the_sides_of_a_filled_row_go_by_our_ids() -> None:
    known = archive()
    late = FOOTYSTATS.replace(b"2020-09-12,11:00:00,Antford Town,Beebury Utd", b"2019-08-17,11:00:00,Beebury,Ceeham")
    stats = loaded(known, "footystats", "E0-2020", late, 2)["team_stats"]
    assert set(stats["team"]) == {"beebury", "ceeham"}
