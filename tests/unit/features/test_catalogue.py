from __future__ import annotations

import ast
import json
from collections import Counter
from dataclasses import replace

import pytest

from antepost.errors import DataError, LeakageError
from antepost.features import catalogue, features_of, lock_of, render_lock, select
from antepost.features.catalogue import _normal, code_of, group_hash, groups_of, require_groups
from antepost.features.groups.elo import elo
from antepost.features.groups.form import form
from antepost.features.groups.starter import starter
from antepost.sports import SPORTS, get_sport
from antepost.sports.nfl import NFL


def test_set_none_holds_no_price() -> None:
    assert not [name for name in select("nfl", prices=False) if name.startswith("market.")]
    assert [name for name in select("nfl", prices=True) if name.startswith("market.")]


@pytest.mark.parametrize("name", ["starter.starts.all.home", "venue.grass.now.fixture"])
@pytest.mark.parametrize("moment", ["open", "T-24h"])
def test_what_is_announced_at_the_ground_is_refused_earlier(
    name: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _open(monkeypatch)
    with pytest.raises(LeakageError, match="known from T-1h"):
        select("nfl", prices=True, moment=moment, columns=(name,))
    assert name not in select("nfl", prices=True, moment=moment)
    assert select("nfl", prices=True, moment="close", columns=(name,)) == (name,)


def test_a_price_is_refused_in_set_none() -> None:
    with pytest.raises(LeakageError, match="holds a price"):
        select("nfl", prices=False, columns=("market.logit.now.fixture",))


def test_observed_weather_is_no_feature() -> None:
    told = [f.name for f in features_of("nfl") if "temp" in f.name or "wind" in f.name]
    assert told == ["climate.temp.all.fixture"]
    with pytest.raises(DataError, match="no feature"):
        select("nfl", prices=True, columns=("weather.temp.now.fixture",))


def test_a_price_may_be_asked_for_at_the_close_only_where_a_sport_has_no_earlier_ones(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Asked by name a day before, the closing prices of the NFL once came back as nulls."""
    price = "market.logit.now.fixture"
    assert {f.moment for f in features_of("nfl") if f.name.startswith("market.")} == {"close"}
    for moment in ("T-24h", "T-1h"):
        with pytest.raises(LeakageError, match=f"{price} is known from close on"):
            select("nfl", prices=True, moment=moment, columns=(price,))
        assert price not in select("nfl", prices=True, moment=moment)
    _open(monkeypatch)
    assert select("nfl", prices=True, moment="open", columns=(price,)) == (price,)


def test_football_has_openings_and_so_its_prices_may_be_asked_for_at_the_open() -> None:
    assert {f.moment for f in features_of("soccer") if f.name.startswith(("market.", "books."))} == {"open"}
    assert "books.opening.now.fixture" in select("soccer", prices=True, moment="open")
    assert not [name for name in select("soccer", prices=False) if name.startswith(("market.", "books."))]


def _open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the NFL have opening moneylines."""
    monkeypatch.setitem(SPORTS, "nfl", replace(NFL, openings=("moneyline",)))


def test_an_opening_moment_that_no_source_gives_is_refused_with_the_reason() -> None:
    with pytest.raises(DataError, match="no source of nfl has opening moneylines"):
        select("nfl", prices=True, moment="open")


def test_names_are_unique_and_read_group_stat_window_side() -> None:
    names = [feature.name for feature in features_of("nfl")]
    assert len(set(names)) == len(names) == 131
    assert all(len(name.split(".")) == 4 for name in names)


def test_the_lock_moves_with_what_is_computed_and_not_otherwise() -> None:
    ratings = elo(NFL)
    faster = replace(NFL, elo=replace(NFL.elo, k=21.0))
    assert group_hash(ratings, NFL) == group_hash(elo(NFL), NFL)
    assert group_hash(elo(faster), faster) != group_hash(ratings, NFL)
    assert group_hash(replace(ratings, version=99), NFL) != group_hash(ratings, NFL)
    assert lock_of("nfl").digest in render_lock()


CODE = """
def total(rows, limit):
    '''Return the sum.'''
    found = 0.0
    for row in rows:
        found += row * limit
    return found
"""


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        ("found", "answer", True),
        ("limit", "most", True),
        ("Return the sum.", "Return something else.", True),
        ("(rows, limit):", "(rows: list[float], limit: float) -> float:", True),
        ("0.0", "1.0", False),
        ("row * limit", "limit + row", False),
        ("found += row", "found -= row", False),
        ("def total(", "def other(", False),
    ],
)
def test_names_of_locals_annotations_and_docstrings_are_no_part_of_a_definition(old: str, new: str, same: bool) -> None:
    assert (_normal(ast.parse(CODE)) == _normal(ast.parse(CODE.replace(old, new)))) is same


def test_a_definition_holds_the_kernels_that_are_called_and_the_constants_they_read() -> None:
    assert [line for line in code_of(form(NFL).fold) if line.startswith("antepost.features.means.sum_windows=")]
    assert "antepost.features.means.read_means:LINE=8" in code_of(form(NFL).read)
    assert [line for line in code_of(elo(NFL).read) if line.startswith("antepost.features.ratings.standing=")]
    named = starter(NFL)
    assert named is not None
    assert [line for line in code_of(named.facts) if ".facts.retract=" in line]
    assert [line for line in code_of(named.facts) if line.startswith("antepost.features.groups.starter.facts=")]


def test_every_column_has_its_own_hash_which_its_formula_is_part_of(monkeypatch: pytest.MonkeyPatch) -> None:
    hashes = {feature.hash for feature in features_of("nfl")}
    assert len(hashes) == len(features_of("nfl"))
    column = elo(NFL).columns[0]
    before = features_of("nfl")[0]
    assert before.name == column.name
    changed = replace(elo(NFL), columns=(replace(column, formula="another"), *elo(NFL).columns[1:]))
    monkeypatch.setattr(catalogue, "groups_of", lambda _: (changed, *groups_of(NFL)[1:]))
    after = features_of.__wrapped__("nfl")
    assert after[0].hash != before.hash
    assert after[1:] == features_of("nfl")[1:]


def test_the_lock_is_json_with_a_feature_a_line_and_always_the_same() -> None:
    text = render_lock()
    assert text == render_lock()
    told = json.loads(text)["nfl"]
    assert told["digest"] == lock_of("nfl").digest
    assert [entry["name"] for entry in told["features"]] == [feature.name for feature in features_of("nfl")]
    assert all(text.count(f'"name": "{feature.name}", "sport": "nfl"') == 1 for feature in features_of("nfl"))
    assert len(text.splitlines()) == 2 + sum(2 + len(sport["features"]) for sport in json.loads(text).values())


def test_a_sport_without_groups_says_which_sports_have_features() -> None:
    """Building it made an empty matrix, and all proofs held over nothing."""
    featured = ", ".join(json.loads(render_lock()))
    with pytest.raises(DataError, match=f"cfl has facts and no features yet; features are of {featured}$"):
        require_groups(replace(get_sport("cfl"), featured=False))


def test_the_catalogue_is_as_large_and_as_varied_as_it_has_to_be() -> None:
    # The thirteen that the catalogue began with; a sport that comes to them brings columns of its own.
    sports = ("nfl", "ncaaf", "cfl", "nba", "ncaab", "wnba", "mlb", "nhl", "soccer", "atp", "wta", "dota2", "cs2")
    everything = [feature for sport in sports for feature in features_of(sport)]
    assert len(everything) == 1070
    assert all(60 <= len(features_of(sport)) <= 150 for sport in sports)
    assert len({".".join(feature.name.split(".")[:2]) for feature in everything}) >= 330
    most = Counter((feature.sport, *feature.name.split(".")[:2]) for feature in everything)
    assert max(most.values()) <= 8
    assert sum(feature.real for feature in everything) >= 0.75 * len(everything)
