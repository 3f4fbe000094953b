"""Whom an unmapped name may stand for: who met that opponent about that day, with that result."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import polars as pl

from antepost.ingestion.load import Tables, empty_tables
from antepost.ingestion.suggest import SUGGESTIONS, suggestions

SATURDAY = datetime(2019, 8, 10, 14, tzinfo=UTC)
PLAYED = (
    ("antford", "beebury", 0, 2, 1),
    ("ceeham", "deebury", 0, 0, 3),
    ("beebury", "ceeham", 7, 1, 1),
    ("deebury", "antford", 7, 4, 2),
    ("antford", "ceeham", 14, 3, 0),
)


def world(
    sport: str = "soccer", precision: str = "day", played: Sequence[tuple[str, str, int, int, int]] = PLAYED
) -> Tables:
    """Return the matches ``played`` (home, away, days after the first, score) and whoever played them."""
    known = empty_tables(sport)
    starts = [SATURDAY + timedelta(days=days) for _, _, days, _, _ in played]
    games = pl.DataFrame({
        "fixture": [f"f{number}" for number in range(len(played))],
        "home": [game[0] for game in played],
        "away": [game[1] for game in played],
        "start": starts,
        "event_precision": [precision] * len(played),
        "home_score": [game[3] for game in played],
        "away_score": [game[4] for game in played],
        "outcome": ["draw" if game[3] == game[4] else "home" if game[3] > game[4] else "away" for game in played],
        "ending": ["regulation"] * len(played),
    })  # fmt: skip
    who = sorted({side for game in played for side in game[:2]})
    told = {
        "fixtures": games.select("fixture", "home", "away", "start", "event_precision"),
        "results": games.select("fixture", "home_score", "away_score", "outcome", "ending"),
        "entities": pl.DataFrame({"entity": who, "name": [name.title() for name in who]}),
    }
    return known | {name: pl.concat([known[name], rows], how="diagonal_relaxed") for name, rows in told.items()}


def refused(home: str, away: str, days: int, score: tuple[int, int] | None = None, **more: str) -> dict[str, str]:
    row: dict[str, object] = {
        "fixture": f"{home}{away}{days}",
        "their_start": str(SATURDAY + timedelta(days=days)),
        "their_home": home,
        "their_away": away,
    }
    if score:
        row |= {"their_home_score": score[0], "their_away_score": score[1]}
    return {"source": "oddsportal_soccer", "reason": "unmapped name 'x'", "row": json.dumps(row), **more}


def asked(known: Tables, *rows: dict[str, str], names: bytes = b"") -> list[tuple[object, ...]]:
    found = suggestions(known, pl.DataFrame(rows), {"oddsportal_soccer": names})
    assert dict(found.schema) == SUGGESTIONS
    return found.select("name", "entity", "games", "agreeing").rows()


def test_whoever_met_the_same_opponents_on_the_same_days_is_suggested() -> None:
    rows = (refused("FC Ant", "Beebury", 0), refused("Deebury", "FC Ant", 7), refused("FC Ant", "Ceeham", 14))
    assert asked(world(), *rows) == [("FC Ant", "antford", 3, 3)]


def test_a_day_that_is_too_far_off_supports_nobody() -> None:
    assert asked(world(), refused("FC Ant", "Beebury", 3)) == []


def test_a_result_that_contradicts_supports_nobody() -> None:
    assert asked(world(), refused("FC Ant", "Beebury", 0, (2, 2))) == []
    assert asked(world(), refused("FC Ant", "Beebury", 0, (2, 1))) == [("FC Ant", "antford", 1, 1)]


def test_where_nobody_knows_either_side_the_score_of_the_day_tells() -> None:
    rows = (refused("FC Ant", "SV Bee", 0, (2, 1)), refused("SV Dee", "FC Ant", 7, (4, 2)))
    assert asked(world(), *rows) == [
        ("FC Ant", "antford", 2, 2), ("SV Bee", "beebury", 1, 1), ("SV Dee", "deebury", 1, 1),
    ]  # fmt: skip


def test_a_mapped_opponent_is_known_by_his_map() -> None:
    names = b"source,name,entity,first,last\noddsportal_soccer,SV Bee,beebury,,\n"
    assert asked(world(), refused("FC Ant", "SV Bee", 0), names=names) == [("FC Ant", "antford", 1, 1)]


def test_a_rarer_candidate_scores_less() -> None:
    rows = (refused("FC Ant", "Beebury", 0), refused("FC Ant", "Deebury", 0))
    found = suggestions(world(), pl.DataFrame(rows))
    assert set(found["entity"]) == {"antford", "ceeham"}
    assert found["entity"][0] == "antford", "the likeness of names decides between equals"
    assert (found["score"] <= 0.5).all()


def test_within_a_tournament_any_day_may_be_the_day() -> None:
    """Sackmann gives the Monday only; who met whom in that fortnight is told by opponent and result."""
    known = world("atp", "tournament", (("104", "105", 0, 2, 0), ("105", "106", 4, 2, 1)))
    row = refused("Ceeham A.", "105", 6, (0, 2)) | {"source": "tennis_data_atp"}
    mapped = b"source,name,entity,first,last\ntennis_data_atp,105,105,,\n"
    found = suggestions(known, pl.DataFrame([row]), {"tennis_data_atp": mapped})
    assert found.is_empty(), "neither lost to him by that score"
    row = refused("Ceeham A.", "105", 6, (1, 2)) | {"source": "tennis_data_atp"}
    assert suggestions(known, pl.DataFrame([row]), {"tennis_data_atp": mapped})["entity"].to_list() == ["106"]


def test_a_known_name_that_fits_no_fixture_again_and_again_is_asked_for() -> None:
    """One publisher's Dolgopolov O. was the son, whose first name another writes with an A; the father fitted."""
    known = world("soccer", "day", [(f"side{at}", "antford", 7 * at, 1, 0) for at in range(6)])
    known["fixtures"] = known["fixtures"].with_columns(
        pl.when(pl.col("fixture") == "f5").then(pl.lit("elder")).otherwise("away").alias("away")
    )
    known["entities"] = pl.concat([known["entities"], pl.DataFrame({"entity": ["elder"]})], how="diagonal_relaxed")
    reason = "no fixture of these two sides on this day"
    rows = [refused(f"side{at}", "Elder", 7 * at, (1, 0), reason=reason) for at in range(5)]
    assert asked(known, *rows) == [("Elder", "antford", 5, 5)]
    assert asked(known, *rows[:4]) == []


def test_rows_refused_for_another_reason_are_left_alone() -> None:
    assert asked(world(), refused("FC Ant", "Beebury", 0, reason="not played")) == []
