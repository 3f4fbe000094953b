"""Why sealed predictions are what they are, on bundles that went the whole path."""

from __future__ import annotations

import numpy as np
import pytest
from typer.testing import CliRunner

from antepost.desk.examples import examples
from antepost.desk.explain import explain_sealed
from antepost.errors import DataError
from antepost.features import lock_of
from antepost.models import load_bundle
from antepost.models.explain import attribute
from tests.prepared import Prepared

SETS = ("none", "close")


def log_odds(p: np.ndarray) -> np.ndarray:
    return np.log(p) - np.log1p(-p)


@pytest.mark.parametrize("name", SETS)
def test_on_a_thousand_rows_the_parts_make_the_served_log_odds(prepared: Prepared, name: str) -> None:
    bundle = load_bundle(prepared.desk.settings.bundles, prepared.trained[name].digest, lock=lock_of("nfl"))
    X = examples(prepared.desk.settings, "nfl", name).frame.X[-1000:]
    found = attribute(bundle, X)
    assert np.abs(found.base + found.columns.sum(axis=1) - log_odds(bundle.predict(X))).max() < 1e-6


@pytest.mark.parametrize("name", SETS)
def test_a_seal_is_explained_from_its_own_facts_and_bundle(prepared: Prepared, name: str) -> None:
    record = next(one for one in reversed(prepared.sealed) if one["set"] == name)
    told = prepared.desk.explain("nfl", str(record["hash"])[:12])
    assert (told.seal, told.bundle, told.set) == (record["hash"], record["bundle"], name)
    assert told.probability == record["probability"]["home"]  # pyright: ignore[reportIndexIssue]
    parts = [factor.log_odds for factor in told.factors]
    assert told.base + sum(parts) == pytest.approx(told.log_odds, abs=1e-9)
    assert [abs(part) for part in parts] == sorted(map(abs, parts), reverse=True)
    assert told.base + sum(told.families.values()) == pytest.approx(told.log_odds, abs=1e-9)
    again = prepared.desk.explain("nfl", str(record["fixture"]), name)
    assert again.as_json() == told.as_json()
    assert len(told.lines(3)) == 6
    assert told.sides.home in told._repr_html_()


def test_a_seal_whose_facts_are_not_to_be_had_again_is_not_explained(prepared: Prepared) -> None:
    record = {**prepared.sealed[-1], "facts": "0" * 64}
    with pytest.raises(DataError, match="antepost rebuild"):
        explain_sealed(prepared.desk.settings, record)


def test_a_fixture_that_is_none_is_named(prepared: Prepared) -> None:
    with pytest.raises(DataError, match="nfl has no fixture 'nfl-1066-1-A-B'"):
        prepared.desk.explain("nfl", "nfl-1066-1-A-B")


def test_the_shell_says_it_in_words_and_draws_it(prepared: Prepared, monkeypatch: pytest.MonkeyPatch) -> None:
    from antepost.cli import app

    for name, value in prepared.environment().items():
        monkeypatch.setenv(name, value)
    record = prepared.sealed[-1]
    drawn = prepared.desk.settings.home / "why.png"
    told = CliRunner().invoke(
        app, ["explain", "nfl", str(record["hash"]), "--top", "4", "--plot", str(drawn)], catch_exceptions=False
    )
    assert told.exit_code == 0
    assert " base " in told.stdout
    assert "others together" in told.stdout
    assert drawn.read_bytes().startswith(b"\x89PNG")
