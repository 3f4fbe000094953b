from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from antepost.desk import open_desk, tables
from antepost.errors import DataError
from antepost.lake import asof
from antepost.settings import Settings, get_settings


def test_an_empty_home_says_which_command_fills_it(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="antepost ingest nfl"):
        tables.load(get_settings(home=tmp_path, mirror=None), "nfl")


def test_an_unknown_sport_is_refused_before_the_home_is_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="chess"):
        tables.load(get_settings(home=tmp_path, mirror=None), "chess")


def test_a_load_that_ends_while_facts_are_read_is_neither_named_nor_in_them(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A matrix of the old facts once stayed in the cache under the new load's number."""
    desk = open_desk(settings=settings)
    desk.ingest("nfl", simulate=True, seasons=(2019, 2019))
    read = asof.facts

    def facts(*given: Any, **named: Any) -> asof.Facts:
        monkeypatch.setattr(asof, "facts", read)
        assert desk.ingest("nfl", simulate=True, seasons=(2019, 2020)).batch == 2
        return read(*given, **named)

    monkeypatch.setattr(asof, "facts", facts)
    batch, told = tables.newest(settings, "nfl")
    assert batch == 1
    assert {frame["batch"].max() for frame in told.values()} <= {1, None}
    again, later = tables.newest(settings, "nfl")
    assert again == 2
    assert later["fixtures"].height > told["fixtures"].height
