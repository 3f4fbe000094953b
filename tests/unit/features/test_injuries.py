from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta

from antepost.features.groups.injuries import injuries
from tests.worlds import TINY, Game, Row, Tables, at, said_by, tables_of

NOW = Game(
    fixture="now", season=2001, start=at("2001-12-02T18:00"), home="ANT", away="BEE", listed=at("2001-08-01T00:00"),
    home_score=1, away_score=2,
)  # fmt: skip
BEFORE = [replace(NOW, fixture=f"before-{n}", start=NOW.start - timedelta(days=7 * n)) for n in range(1, 8)]


def reported(man: str, status: str, hours: int = 48, batch: int = 1) -> Row:
    told = NOW.start - timedelta(hours=hours)
    return NOW.stamped(told, batch, team="ANT", player=f"id-{man}", name=man, status=status)


def snaps(game: Game, man: str, share: float, team: str = "ANT") -> Row:
    told = game.start + timedelta(hours=4)
    row: Row = {"side": "home", "team": team, "role": "snaps", "player": f"snap-{man}", "name": man}
    return game.stamped(told, **row, offense_snap_share=share, defense_snap_share=0.0)


def tables(*reports: Row, men: list[Row]) -> Tables:
    made = tables_of([NOW, *BEFORE])
    fit = NOW.stamped(NOW.start - timedelta(hours=48), team="BEE", player="id-bo", name="Bo Bee", status="Full")
    own = tables_of([], {"injuries": [*reports, fit], "player_stats": men})
    return {**made, "injuries": own["injuries"], "player_stats": own["player_stats"]}


def test_a_man_who_is_out_is_worth_his_last_five_games_for_his_side() -> None:
    men = [snaps(game, "Max Ant Jr.", share) for game, share in zip(BEFORE, (1, 1, 0.5, 0.5, 0.5, 0, 0), strict=True)]
    men += [snaps(BEFORE[0], "Max Ant", 0.1, team="CAT")]
    values = said_by(injuries, TINY, tables(reported("Max Ant", "Out"), men=men), "now")
    assert values["injuries.out.now.fixture"] == 1.0
    assert values["injuries.line_missing.now.fixture"] == 0.7
    assert values["injuries.passes_missing.now.fixture"] == 0.0


def test_who_may_play_is_counted_and_not_missed() -> None:
    men = [snaps(BEFORE[0], "Max Ant", 1.0)]
    values = said_by(injuries, TINY, tables(reported("Max Ant", "Questionable"), men=men), "now")
    assert values["injuries.questionable.now.fixture"] == 1.0
    assert values["injuries.out.now.fixture"] == values["injuries.line_missing.now.fixture"] == 0.0


def test_a_report_is_as_it_stood() -> None:
    men = [snaps(BEFORE[0], "Max Ant", 1.0)]
    both = tables(reported("Max Ant", "Questionable"), reported("Max Ant", "Out", 5, 2), men=men)
    for hours, out in ((48, None), (47, 0.0), (5, 0.0), (4, 1.0)):
        value = said_by(injuries, TINY, both, "now", NOW.start - timedelta(hours=hours))["injuries.out.now.fixture"]
        assert math.isnan(value) if out is None else value == out
