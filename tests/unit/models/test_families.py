from __future__ import annotations

import pytest

from antepost.errors import ModelError
from antepost.models.families import FAMILIES, check_families, families_for, get_family


def test_the_market_learns_only_where_there_are_prices() -> None:
    assert "market" not in families_for("none")
    assert families_for("close") == families_for("open") == tuple(FAMILIES)


def test_a_set_nobody_knows_is_named() -> None:
    with pytest.raises(ModelError, match=r"'current'.*none, open, close"):
        families_for("current")


def test_families_come_in_the_tables_order_once_each() -> None:
    assert check_families(["xgboost", "elo", "elo"], "none") == ("elo", "xgboost")


@pytest.mark.parametrize(("names", "text"), [(["market"], "'market' is not in set 'none'"), ([], "no family")])
def test_families_that_may_not_learn_here_are_refused(names: list[str], text: str) -> None:
    with pytest.raises(ModelError, match=text):
        check_families(names, "none")


def test_a_family_nobody_knows_is_named() -> None:
    with pytest.raises(ModelError, match="'oracle'"):
        get_family("oracle")
