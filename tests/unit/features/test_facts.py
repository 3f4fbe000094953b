from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import polars as pl

from antepost.features import build_states, features_of, read_states, spine
from antepost.features.facts import finish, retract, revisions, sides
from antepost.lake.schemas import TABLES
from tests.worlds import TINY, Game, Row, at, starter_row, tables_of

GAME = Game(fixture="g", season=2001, start=at("2001-09-02T17:00"), home="ANT", away="BEE")
OVER = GAME.start + timedelta(minutes=225)
HOUR = timedelta(hours=1)


def rosters(*rows: Row) -> pl.DataFrame:
    """Return the starters of GAME's home side as the column ``home_qb``."""
    frame = pl.DataFrame(list(rows), schema=TABLES["rosters"].schema, orient="row")
    return frame.rename({"player": "home_qb"})


def turns(*rows: Row) -> list[tuple[object, ...]]:
    """Return when the result of GAME and its starter stood in which way."""
    joined = revisions(tables_of([GAME])["results"], rosters(*rows), ("home_qb",))
    return joined.sort("known_at").select("known_at", "home_qb", "batch").rows()


def test_a_join_of_revisions_starts_with_the_first_table() -> None:
    assert turns(starter_row(GAME, "home", "anna")) == [(OVER, "anna", 1)]


def test_a_join_of_revisions_shows_what_was_known_and_null_before() -> None:
    late = starter_row(GAME, "home", "anna", OVER + HOUR, 2)
    later = starter_row(GAME, "home", "cleo", OVER + 2 * HOUR, 3)
    assert turns(late, later) == [(OVER, None, 1), (OVER + HOUR, "anna", 2), (OVER + 2 * HOUR, "cleo", 3)]


def test_of_two_revisions_at_one_moment_the_later_load_counts() -> None:
    rows = [starter_row(GAME, "home", name, OVER - HOUR, batch) for name, batch in (("cleo", 2), ("anna", 1))]
    assert turns(*rows) == [(OVER, "cleo", 2)]


def test_a_fact_that_a_revision_no_longer_makes_gets_a_tombstone() -> None:
    told = pl.DataFrame(
        [
            {"source": "g", "entity": "anna", "key": "g", "known_at": OVER, "live": True},
            {"source": "g", "entity": "bert", "key": "g", "known_at": OVER, "live": True},
            {"source": "g", "entity": "cleo", "key": "g", "known_at": OVER + HOUR, "live": True},
            {"source": "g", "entity": "bert", "key": "g", "known_at": OVER + HOUR, "live": True},
        ]
    )
    gone = retract(told).filter(~pl.col("live"))
    assert gone.select("entity", "known_at").rows() == [("anna", OVER + HOUR)]
    assert retract(told).height == 5


def test_facts_that_nobody_revised_are_left_alone() -> None:
    frame = sides(tables_of([GAME])["results"], "home", "away")
    assert finish(frame, ("points_for",))["live"].to_list() == [True, True]


def test_each_side_sees_its_own_points_first_and_a_tie_is_half_a_win() -> None:
    games = [replace(GAME, away_score=17), replace(GAME, fixture="tie", home_score=9, away_score=9)]
    seen = sides(tables_of(games)["results"], "home", "away").sort("key", "entity")
    told = seen.select("entity", "points_for", "points_against", "half_wins").rows()
    assert told == [("ANT", 20, 17, 2), ("BEE", 17, 20, 0), ("ANT", 9, 9, 1), ("BEE", 9, 9, 1)]


def test_what_a_later_load_had_replaced_does_not_stand_up_again() -> None:
    # A game brought forward by a day: the load before had stamped its starter for the old day.
    old = starter_row(GAME, "home", "anna")
    new = starter_row(replace(GAME, start=GAME.start - 24 * HOUR), "home", "cleo", batch=2)
    frame = pl.DataFrame([old, new], schema=TABLES["rosters"].schema, orient="row")
    tables = {**tables_of([GAME]), "rosters": frame}
    assert spine(tables, TINY)["home_starter"].to_list() == ["cleo"]


def test_a_man_named_on_both_sides_is_read_the_same_in_any_order() -> None:
    twice = replace(GAME, home_qb="anna", away_qb="anna")
    following = replace(GAME, fixture="h", start=GAME.start + 96 * HOUR, home_qb="anna", away_qb="bert")
    tables = tables_of([twice, following])
    columns = tuple(feature.name for feature in features_of("nfl") if feature.group == "starter")
    found = set()
    for seed in range(8):
        mixed = {name: frame.sample(fraction=1.0, shuffle=True, seed=seed) for name, frame in tables.items()}
        asked = spine(mixed, TINY).tail(1)
        found.add(read_states(TINY, build_states(TINY, mixed), asked, columns).tobytes())
    assert len(found) == 1
