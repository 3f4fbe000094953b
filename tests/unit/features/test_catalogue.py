from __future__ import annotations

from dataclasses import replace

import pytest

from antepost.errors import DataError, LeakageError
from antepost.features import features_of, lock_of, render_lock, select
from antepost.features.catalogue import group_hash
from antepost.features.groups import GROUPS
from antepost.sports import NFL


def test_set_none_holds_no_price() -> None:
    assert not [name for name in select("nfl", prices=False) if name.startswith("market.")]
    assert [name for name in select("nfl", prices=True) if name.startswith("market.")]


@pytest.mark.parametrize("name", ["starter.starts.all.home", "venue.grass.now.fixture"])
@pytest.mark.parametrize("moment", ["open", "T-24h"])
def test_what_is_announced_at_the_ground_is_refused_earlier(name: str, moment: str) -> None:
    with pytest.raises(LeakageError, match="known from T-1h"):
        select("nfl", prices=True, moment=moment, columns=(name,))
    assert name not in select("nfl", prices=True, moment=moment)
    assert select("nfl", prices=True, moment="close", columns=(name,)) == (name,)


def test_a_price_is_refused_in_set_none() -> None:
    with pytest.raises(LeakageError, match="holds a price"):
        select("nfl", prices=False, columns=("market.logit.now.fixture",))


def test_observed_weather_is_no_feature() -> None:
    assert not [f for f in features_of("nfl") if "temp" in f.name or "wind" in f.name]
    with pytest.raises(DataError, match="no feature"):
        select("nfl", prices=True, columns=("weather.temp.now.fixture",))


def test_names_are_unique_and_read_group_stat_window_side() -> None:
    names = [feature.name for feature in features_of("nfl")]
    assert len(set(names)) == len(names) >= 40
    assert all(len(name.split(".")) == 4 for name in names)


def test_the_lock_moves_with_what_is_computed_and_not_otherwise() -> None:
    elo = GROUPS["elo"]
    faster = replace(NFL, elo=replace(NFL.elo, k=21.0))
    assert group_hash(elo, NFL) == group_hash(elo, NFL)
    assert group_hash(elo, faster) != group_hash(elo, NFL)
    assert group_hash(replace(elo, version=2), NFL) != group_hash(elo, NFL)
    assert lock_of("nfl").digest in render_lock()
