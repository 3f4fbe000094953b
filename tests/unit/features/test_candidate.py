from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from antepost.errors import DataError, LeakageError
from antepost.features import build_states, groups_of, prove, read_states, spine
from antepost.features.candidate import declared, require_facts, usable, values, world
from antepost.features.declaration import Facts, Group
from antepost.features.prove import LEAKS
from antepost.sports import Sport
from tests.ideas import close_games, last_points, nerves
from tests.worlds import TINY, tiny_tables


def changed(**wrong: object) -> Callable[[Sport], Group]:
    return lambda sport: replace(nerves(sport), **wrong)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    ("declare", "told"),
    [
        (changed(columns=()), "nerves: it declares no columns; give it at least one"),
        (changed(name="elo"), "nfl has a group of this name already"),
        (changed(name="nerve"), "'nerves.share.9.home' is not called nerve.statistic.window.side"),
        (changed(roles=("coach",)), "no key of the spine is called coach; choose from away"),
        (changed(columns=nerves(TINY).columns[:1]), "there is no 'nerves.share.9.away'"),
        (changed(columns=nerves(TINY).columns + nerves(TINY).columns[:1]), "declared twice"),
        (lambda _: None, "says that nfl does not have it"),
        (lambda _: "a group", "this one gives a str"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_declaration_that_breaks_a_rule_is_refused_with_what_to_do(
    declare: Callable[[Sport], Group | None], told: str
) -> None:
    with pytest.raises(DataError, match=told):
        declared(declare, TINY)


def nothing(tables: Facts, sport: Sport) -> pl.DataFrame:
    return close_games(tables, sport).clear().with_columns(live=True, close=0)


def elsewhere(tables: Facts, sport: Sport) -> pl.DataFrame:
    return close_games({**tables, "results": tables["clouds"]}, sport)


def misspelt(tables: Facts, sport: Sport) -> pl.DataFrame:
    return close_games(tables, sport).select("entity", "points_fro")


def unfinished(tables: Facts, sport: Sport) -> pl.DataFrame:
    return close_games(tables, sport)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        (nothing, "finds no facts in results of nfl"),
        (elsewhere, "reads a table 'clouds' and there is none of that name; there are fixtures"),
        (misspelt, "a column that is not there: .*points_fro"),
        (unfinished, "its facts lack live; end them with features.facts.finish"),
    ],
)
def test_facts_that_are_not_to_be_had_are_named(facts: Callable[[Facts, Sport], pl.DataFrame], told: str) -> None:
    group = replace(last_points(TINY), facts=facts)
    with pytest.raises(DataError, match=told):
        require_facts(group, TINY, tiny_tables())


def test_a_group_of_prices_has_no_column_without_prices() -> None:
    priced = replace(nerves(TINY), columns=tuple(replace(column, price=True) for column in nerves(TINY).columns))
    with pytest.raises(LeakageError, match="they hold prices, so ask for set 'close'"):
        usable(priced, TINY, prices=False, moment="close")
    assert len(usable(priced, TINY, prices=True, moment="close")) == 4


def test_a_world_keeps_what_a_group_reads_and_the_keys_of_the_spine() -> None:
    tables = tiny_tables()
    small = world(TINY, tables, ("results",))
    assert small["prices"].is_empty()
    assert "team_stats" not in small
    assert set(small["rosters"]["role"]) == {"home_qb", "away_qb"}
    assert spine(small, TINY).equals(spine(tables, TINY))
    assert world(TINY, tables, ("prices", "team_stats")).keys() >= {"team_stats"}
    assert world(TINY, tables, ("prices",))["prices"].equals(tables["prices"])


def test_a_candidate_is_read_as_the_catalogue_is() -> None:
    tables = tiny_tables()
    group = groups_of(TINY)[0]
    asked = spine(tables, TINY)
    names = tuple(column.name for column in group.columns)[::-1]
    expected = read_states(TINY, build_states(TINY, tables, (group,)), asked, names)
    np.testing.assert_array_equal(values(group, TINY, tables, asked, names), expected)


def test_the_prover_takes_a_candidate_with_kernels_of_its_own() -> None:
    proofs = prove(TINY, tiny_tables(), draw=6, groups=(last_points(TINY),))
    assert [proof.name for proof in proofs if not proof.holds] == []
    assert set(LEAKS) <= {proof.name for proof in proofs}
