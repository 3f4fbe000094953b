"""Invented college basketball games, members and box scores in sportsdataverse's layout."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

import polars as pl

from antepost.ingestion.bundle import bundle


def parquet(columns: Mapping[str, Sequence[object]]) -> bytes:
    """Return the bytes of a parquet file that holds ``columns``."""
    file = io.BytesIO()
    pl.DataFrame(dict(columns)).write_parquet(file, compression="uncompressed")
    return file.getvalue()


GAMES = {
    "contest_id": ["9000001", "9000002", "9000003", "9000004", "9000005"],
    "game_date": ["11/08/2021", "12/19/2021", "12/19/2021", "01/05/2022", "03/17/2022"],
    "home": ["Ant St.", "Bee Tech", "Bee Tech", "Ant St.", "Z_Do_Not_Use_Johnson & Wales (CO)"],
    "away": ["Bee Tech", "Cee (CO)", "Cee (CO)", "Cee (CO)", "Ant St."],
    "home_score": [71, 80, 66, 70, 61],
    "away_score": [64, 50, 67, 70, 75],
    "season": [2022, 2022, 2022, 2022, 2022],
}
MEMBERS = {
    "team": ["Ant St.", "Bee Tech", "Fairleigh Dickinson"],
    "conference": ["Inv", "Inv", "NEC"],
    "id": ["1", "2", "3"],
    "season": [2022, 2022, 2022],
}
_BOX = ("o_poss", "fgm", "fga", "rimm", "rima", "tpm", "tpa", "ftm", "fta", "orb", "drb", "ast", "blk", "to", "pts")
BOXES = {
    "contest_id": ["9000001", "9000001", "9000002"],
    "home": ["Ant St.", "Ant St.", "Bee Tech"],
    "away": ["Bee Tech", "Bee Tech", "Cee (CO)"],
    "team": ["Bee Tech", "Ant St.", "Bee Tech"],
    **{name: [60.0 + at, 61.0 + at, 62.0 + at] for at, name in enumerate(_BOX)},
}
PAYLOADS = {
    "sportsdataverse_ncaab": ("games-2021", bundle([parquet(GAMES), parquet(MEMBERS)])),
    "sportsdataverse_ncaab_boxes": ("boxes-2021", parquet(BOXES)),
}
