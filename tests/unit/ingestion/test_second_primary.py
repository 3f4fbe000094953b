"""Two sources that decide fixtures of one sport, each in seasons of its own, and rows that know our ids."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from antepost.domain import FixedClock
from antepost.errors import SourceAbsent
from antepost.ingestion import get_source, ingest_all
from antepost.lake import silver
from antepost.settings import Settings
from tests.payloads.wnba import PAYLOADS

CLOCK = FixedClock(datetime(2026, 8, 1, tzinfo=UTC))


def _mirror(root: Path, *sources: str) -> str:
    for name in sources:
        path = root / get_source(name).parts(2026)[0].path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(PAYLOADS[name][1])
    return str(root)


def test_the_first_is_needed_and_the_second_is_not(place: Settings, tmp_path: Path) -> None:
    loads = ingest_all(place, "wnba", CLOCK, mirror=_mirror(tmp_path, "neil_paine_wnba"))
    assert {"wnba_props", "wnba_props_outcomes"} <= set(loads.left_out)


def test_without_the_first_nothing_is_loaded(place: Settings, tmp_path: Path) -> None:
    with pytest.raises(SourceAbsent):
        ingest_all(place, "wnba", CLOCK, mirror=_mirror(tmp_path, "wnba_props"))


def test_both_bring_their_seasons_and_what_knows_our_ids_joins_either(place: Settings, tmp_path: Path) -> None:
    ingest_all(place, "wnba", CLOCK, mirror=_mirror(tmp_path, *PAYLOADS))
    fixtures = silver.read(place, "fixtures", "wnba")
    assert fixtures["season"].value_counts().sort("season").rows() == [(2019, 1), (2020, 2), (2026, 1)]
    stats = silver.read(place, "player_stats", "wnba")
    assert stats["event_at"].unique().to_list() == [datetime(2026, 5, 8, 23, 30, tzinfo=UTC)]
    assert set(stats["known_at"]) == {datetime(2026, 5, 9, 2, 10, tzinfo=UTC)}


def test_a_name_taken_up_again_is_a_new_team(place: Settings, tmp_path: Path) -> None:
    """The Portland Fire of 2026 are not those that were folded in 2002."""
    ingest_all(place, "wnba", CLOCK, mirror=_mirror(tmp_path, *PAYLOADS))
    assert "portland-fire-2026" in set(silver.read(place, "entities", "wnba")["entity"])
