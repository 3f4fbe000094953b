"""An invented week of the CFL in the layout of its scoreboard: complete, under way, scheduled, undecided."""

from __future__ import annotations

import json

CALGARY, OTTAWA, TORONTO, NOBODY = (
    (1, "Calgary Stampeders"), (2, "Ottawa RedBlacks"), (3, "Toronto Argonauts"), (0, "TBD"),
)  # fmt: skip
type Squad = tuple[int, str]


def game(
    number: int, date: str, home: Squad, away: Squad, score: tuple[int, int], status: str, winner: int | None = None
) -> dict[str, object]:
    """Return one invented game."""
    squads = {
        key: {"id": squad[0], "name": squad[1], "shortName": "INV", "score": points}
        for key, squad, points in (("homeSquad", home, score[0]), ("awaySquad", away, score[1]))
    }
    return {"id": number, "date": date, "status": status, **squads, "cflId": number, "clock": "00:00", "winner": winner}


ROUNDS: list[dict[str, object]] = [
    {
        "id": 1, "status": "complete", "name": "Week 1", "type": "REG", "number": 1,
        "tournaments": [
            game(901, "2026-06-04T23:30:00+00:00", CALGARY, OTTAWA, (20, 15), "complete", 1),
            game(902, "2026-06-06T01:00:00+00:00", TORONTO, CALGARY, (17, 17), "complete"),
            game(903, "2026-06-06T23:00:00+00:00", OTTAWA, TORONTO, (7, 0), "third_quarter"),
        ],
    },
    {
        "id": 2, "status": "scheduled", "name": "Grey Cup", "type": "POST", "number": 22,
        "tournaments": [
            game(904, "2026-11-07T23:00:00+00:00", CALGARY, TORONTO, (0, 0), "scheduled"),
            game(905, "2026-11-15T23:00:00+00:00", NOBODY, NOBODY, (0, 0), "scheduled"),
        ],
    },
]  # fmt: skip
PAYLOADS = {"cfl_hockeytech": ("rounds", json.dumps(ROUNDS).encode())}
