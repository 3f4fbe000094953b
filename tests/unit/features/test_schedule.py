from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from antepost.features.groups.schedule import schedule
from antepost.sports.nba import NBA
from antepost.sports.nfl import NFL
from tests.worlds import TINY, Game, Row, at, fixture_row, said

TOURING = replace(TINY, touring=True, rest_horizon=timedelta(days=14))
LISTED = at("2001-08-01T00:00")
# A Monday evening in New York, which is Tuesday in UTC.
NOW = Game(fixture="now", season=2001, start=at("2001-11-13T01:00"), home="ANT", away="BEE", listed=LISTED)


def before(nights: int, home: str, away: str, clock: timedelta = timedelta(0)) -> Game:
    """Return a game so many nights before, earlier in the evening by ``clock``."""
    return replace(
        NOW, fixture=f"{nights}-{home}", start=NOW.start - timedelta(days=nights) - clock, home=home, away=away
    )


def ask(*games: Game, extra: dict[str, list[Row]] | None = None) -> dict[str, float]:
    return said(TOURING, [NOW, *games], "now", extra=extra)


def test_back_to_back_goes_by_the_leagues_nights_and_not_by_hours() -> None:
    """An afternoon game the day before lies 27 hours back, and one in the night before last 47."""
    assert ask(before(1, "ANT", "CAT", timedelta(hours=3)))["schedule.back_to_back.now.home"] == 1.0
    assert ask(before(2, "ANT", "CAT", timedelta(hours=-1)))["schedule.back_to_back.now.home"] == 0.0


def test_the_third_game_in_four_nights_has_two_before_it() -> None:
    games = [before(1, "ANT", "CAT"), before(3, "DOG", "ANT"), before(4, "ANT", "DOG"), before(6, "CAT", "ANT")]
    values = ask(*games)
    assert values["schedule.games.4n.home"] == 2.0
    assert values["schedule.games.7n.home"] == 4.0
    assert values["schedule.games.4n.away"] == 0.0


def test_a_neighbour_that_is_moved_away_no_longer_counts() -> None:
    game = before(1, "ANT", "CAT")
    moved = fixture_row(replace(game, start=NOW.start + timedelta(days=2)), NOW.start - timedelta(days=4), 2)
    assert ask(game, extra={"fixtures": [moved]})["schedule.back_to_back.now.home"] == 0.0


def test_only_a_sport_that_tours_has_nights() -> None:
    assert {name.name for name in schedule(NFL).columns} < {name.name for name in schedule(NBA).columns}
    assert len(schedule(NBA).columns) == len(schedule(NFL).columns) + 6
