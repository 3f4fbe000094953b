from __future__ import annotations

from pathlib import Path

import pytest

from antepost.desk import tables
from antepost.errors import DataError
from antepost.settings import get_settings


def test_an_empty_home_says_which_command_fills_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="antepost ingest nfl"):
        tables.load(get_settings(home=tmp_path, mirror=None), "nfl")


def test_an_unknown_sport_is_refused_before_the_home_is_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="chess"):
        tables.load(get_settings(home=tmp_path, mirror=None), "chess")
