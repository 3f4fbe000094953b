"""Which of several games a row is about, where its final score tells."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from antepost.ingestion import stamps
from antepost.ingestion.matching import Scores, match

NOON = datetime(2031, 7, 4, 12, tzinfo=UTC)
WHO = pl.DataFrame(
    {"name": ["Ants", "Bees"], "entity": ["ANT", "BEE"], "first": [None, None], "last": [None, None]},
    schema={"name": pl.String, "entity": pl.String, "first": pl.Date, "last": pl.Date},
)
GAME = {
    "raw": pl.String, "start": pl.Datetime("us", "UTC"), "event_precision": pl.String, "league": pl.String,
    "season": pl.Int32, "week": pl.Int32, "home": pl.String, "away": pl.String, "fixture": pl.String,
}  # fmt: skip


def games(*rows: tuple[str, str, str, datetime]) -> pl.DataFrame:
    """Return fixtures: id, home, away, start."""
    return pl.DataFrame(
        [
            {"fixture": fixture, "home": home, "away": away, "start": start, "event_precision": "day", "season": 2031}
            for fixture, home, away, start in rows
        ],
        schema=GAME,
    )


def scores(**told: tuple[int, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [(fixture, *score) for fixture, score in told.items()],
        schema={"fixture": pl.String, "home_score": pl.Int64, "away_score": pl.Int64},
        orient="row",
    )


def linked(theirs: pl.DataFrame, ours: pl.DataFrame, their_scores: pl.DataFrame, our_scores: pl.DataFrame) -> object:
    found = match(theirs, WHO, ours, 0, "UTC", Scores(theirs=their_scores, ours=our_scores))
    return sorted(found.links.select("local", "fixture").rows()), found.refused.select("fixture", "reason").rows()


OURS = games(("one", "ANT", "BEE", NOON), ("two", "ANT", "BEE", NOON))


def test_the_score_tells_the_games_of_a_double_header_apart() -> None:
    theirs = games(("a", "Ants", "Bees", NOON), ("b", "Ants", "Bees", NOON))
    told = linked(theirs, OURS, scores(a=(1, 2), b=(5, 0)), scores(one=(5, 0), two=(1, 2)))
    assert told == ([("a", "two"), ("b", "one")], [])


def test_two_games_with_one_score_stay_out() -> None:
    theirs = games(("a", "Ants", "Bees", NOON))
    several = "several fixtures of these two sides fit"
    assert linked(theirs, OURS, scores(a=(1, 2)), scores(one=(1, 2), two=(1, 2))) == ([], [("a", several)])
    assert linked(theirs, OURS, scores(), scores(one=(1, 2), two=(3, 2))) == ([], [("a", several)])


def test_a_score_that_differs_does_not_part_a_row_from_its_only_fixture() -> None:
    """It is a dispute, and has to be seen as one."""
    told = linked(games(("a", "Ants", "Bees", NOON)), OURS.head(1), scores(a=(1, 2)), scores(one=(5, 0)))
    assert told == ([("a", "one")], [])


def test_of_a_game_and_its_reverse_the_one_at_home_is_meant() -> None:
    ours = games(("one", "BEE", "ANT", NOON), ("two", "ANT", "BEE", NOON))
    assert linked(games(("a", "Ants", "Bees", NOON)), ours, scores(a=(2, 1)), scores(one=(1, 2), two=(2, 1))) == (
        [("a", "two")], [],
    )  # fmt: skip


def test_a_row_without_day_or_week_is_found_in_its_season_by_the_score() -> None:
    ours = games(("one", "ANT", "BEE", NOON), ("two", "ANT", "BEE", datetime(2031, 8, 9, 12, tzinfo=UTC)))
    undated = games(("a", "Ants", "Bees", stamps.UNDATED))
    assert linked(undated, ours, scores(a=(3, 1)), scores(one=(1, 2), two=(3, 1))) == ([("a", "two")], [])
