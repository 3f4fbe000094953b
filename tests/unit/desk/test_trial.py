"""An idea from a notebook cell to a file of the catalogue, over seven invented seasons."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from antepost.desk import Desk, open_desk, tables
from antepost.desk.group_file import GroupFile, group_file
from antepost.desk.trial import Trial
from antepost.errors import DataError, LeakageError, PolicyError
from antepost.features.candidate import declared, values
from antepost.features.declaration import Facts
from antepost.features.prove import PROOFS
from antepost.features.spine import spine
from antepost.ingestion import ingest
from antepost.settings import get_settings
from antepost.sports import NFL, Sport
from tests.ideas import close_games, last_points, nerves, oracle
from tests.prepared import environment

ROOT = Path(__file__).parents[3]

# What another process makes of the promoted file, in the copy of the package that it was written to.
BUILD = """
import json, sys
from antepost.desk import frames, open_desk, tables
from antepost.features.catalogue import features_of
names = [feature.name for feature in features_of("nfl") if feature.group == sys.argv[1]]
settings = open_desk().settings
facts = tables.load(settings, "nfl")
frame = frames.compute("nfl", facts, frames.ask("nfl", "close", columns=names))
print(json.dumps({name: [None if v is None else v.hex() for v in frame[name]] for name in names}))
"""


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    home = tmp_path_factory.mktemp("trial") / "home"
    desk = open_desk(settings=get_settings(home=home, mirror=None, database_url=None, mlflow_url=None))
    ingest(desk.settings, "nfl", desk.clock, source="simulated", seasons=(2009, 2015))
    return desk


@pytest.fixture(scope="module")
def sound(desk: Desk) -> Trial:
    return desk.trial(nerves, families="logistic", draw=8)


@pytest.fixture(scope="module")
def leaking(desk: Desk) -> Trial:
    return desk.trial(oracle, families="logistic", draw=8)


def test_a_sound_idea_is_proven_and_judged_where_no_finished_model_is(sound: Trial) -> None:
    assert sound.broken == ()
    assert [proof.name for proof in sound.proofs] == list(PROOFS)
    assert sound.read == ("results",)
    assert sound.judged is not None
    assert sound.judged.seasons == (2012, 2013, 2014)
    assert sound.aside == (2015,)
    assert sound.judged.n == 848
    gain = sound.judged.gain
    assert gain.low < gain.nats < gain.high
    assert gain.nats == pytest.approx(sound.judged.log_loss_without - sound.judged.log_loss_with)
    assert sound.coverage["column"].to_list() == list(sound.columns)
    assert sound.coverage["coverage"].min() > 0.9
    assert sound.verdict.startswith("no leak found")
    for text in (repr(sound), sound._repr_html_()):
        assert "SIMULATED" in text
        assert "paired by fixture" in text
        assert "nerves.share.9.home" in text


def test_an_idea_that_leaks_is_refused_by_name_and_never_judged(leaking: Trial, desk: Desk, tmp_path: Path) -> None:
    assert leaking.leaks == ("oracle.won.1.away", "oracle.won.1.home")
    assert leaking.verdict.startswith("refused: group oracle leaks: oracle.won.1.away, oracle.won.1.home do not hold")
    assert leaking.judged is None
    with pytest.raises(LeakageError, match="group oracle leaks"):
        desk.promote_trial(leaking, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_trial_looks_at_no_season_that_tuned_the_recipe_or_judges_finished_models(desk: Desk) -> None:
    with pytest.raises(PolicyError, match=r"\[2015\] are kept aside .* try it on 2012:2014"):
        desk.trial(nerves, seasons=range(2013, 2016))
    with pytest.raises(PolicyError, match="tuned through 2011"):
        desk.trial(nerves, seasons=2010)
    with pytest.raises(DataError, match=r"\[2031\] can judge a trial here; choose from 2012:2014"):
        desk.trial(nerves, seasons=2031)


def test_what_is_no_trial_is_refused_before_a_fact_is_read(tmp_path: Path) -> None:
    empty = open_desk(settings=get_settings(home=tmp_path, mirror=None, database_url=None, mlflow_url=None))
    with pytest.raises(DataError, match="curling"):
        empty.trial(nerves, "curling")
    with pytest.raises(DataError, match="has a group of this name already"):
        empty.trial(lambda sport: replace(nerves(sport), name="elo"))
    with pytest.raises(DataError, match=r"takes a Group or a function \(Sport\) -> Group, and this is a NoneType"):
        empty.trial(None)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match=r"what is promoted is a Trial, .*, and this is a NoneType"):
        empty.promote_trial(None)  # pyright: ignore[reportArgumentType]
    with pytest.raises(DataError, match="antepost ingest nfl"):
        empty.trial(nerves)


def test_a_group_of_which_nothing_is_known_is_not_called_sound(desk: Desk, tmp_path: Path) -> None:
    """Null was compared with null in every proof, and that was told as no leak."""

    def unnamed(tables: Facts, sport: Sport) -> pl.DataFrame:
        return nerves(sport).facts(tables, sport).with_columns(entity=pl.lit("nobody"))

    told = desk.trial(replace(nerves(NFL), facts=unnamed), families="logistic", draw=2)
    assert told.silent
    assert told.judged is None
    assert told.verdict.startswith("refused: nothing was compared: every column of group nerves is null in every")
    with pytest.raises(PolicyError, match="only what was compared is promoted"):
        desk.promote_trial(told, tmp_path)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package, with the settings of the linter."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("ruff.toml", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_a_promoted_idea_passes_the_checks_and_gives_the_same_bits(sound: Trial, desk: Desk, package: Path) -> None:
    groups = package / "src" / "antepost" / "features" / "groups"
    done = desk.promote_trial(sound, groups)
    assert done.path == groups / "nerves.py"
    assert done.listed
    assert done.faults == ()
    assert "make lock-features" in repr(done)
    ruff = [sys.executable, "-m", "ruff"]
    files = [str(done.path), str(groups / "__init__.py")]
    for words in (["check", "--no-cache"], ["format", "--check", "--no-cache"]):
        told = subprocess.run([*ruff, *words, *files], cwd=package, capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stdout
    own = {"PYTHONPATH": f"{package / 'src'}:{ROOT}"}
    own |= {"NUMBA_CACHE_LOCATOR_CLASSES": "tests.kernels_of.Original", "ANTEPOST_COPY": f"{package}={ROOT}"}
    answer = subprocess.run(
        [sys.executable, "-c", BUILD, "nerves"], env=environment(desk.settings.home, **own),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    built = json.loads(answer.stdout)
    assert tuple(built) == sound.columns
    facts = tables.load(desk.settings, "nfl")
    tried = values(declared(nerves, NFL), NFL, facts, spine(facts, NFL, "close"), sound.columns)
    for i, name in enumerate(sound.columns):
        assert built[name] == [None if math.isnan(value) else value.hex() for value in tried[:, i].tolist()]
    with pytest.raises(DataError, match=r"nerves.py is there already"):
        desk.promote_trial(sound, groups)


def test_a_trial_is_given_a_table_that_no_feature_reads_yet(desk: Desk) -> None:
    assert "forecasts" not in tables.load(desk.settings, "nfl")
    assert "forecasts" in tables.load(desk.settings, "nfl", also=("forecasts",))


def test_a_trial_that_cannot_be_a_file_says_what_to_change_and_leaves_none(
    sound: Trial, desk: Desk, tmp_path: Path
) -> None:
    with pytest.raises(DataError, match=r"is called nerves\.py, not calm\.py"):
        desk.promote_trial(sound, tmp_path / "calm.py")
    loose = replace(sound, file=group_file(nerves(NFL), nerves(NFL)))
    with pytest.raises(DataError, match="it is a Group; try the function that gives it"):
        desk.promote_trial(loose, tmp_path)
    for old, new, told in (
        ("def nerves", "TEN = NINE + 1\n\n\ndef nerves", "does not stand alone as a file"),
        ("(9,", "(8,", "declares something else now"),
    ):
        broken = replace(sound, file=replace(sound.file, text=sound.file.text.replace(old, new)))
        with pytest.raises(DataError, match=told):
            desk.promote_trial(broken, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_file_holds_all_that_its_group_reaches_and_imports_the_words_of_the_house() -> None:
    text = group_file(last_points, last_points(NFL)).text
    order = ["import polars as pl", "from antepost.features.declaration import Column, Facts, Group"]
    order += [
        "from antepost.features.facts import sides",
        "from antepost.features.kernels import Floats, Integers, fold_latest",
    ]
    order += [
        "from antepost.kernelcache import kernel",
        "def last_facts",
        "@kernel\ndef doubled",
        "@kernel\ndef read_last",
    ]
    places = [text.index(line) for line in [*order, "def last_points"]]
    assert places == sorted(places)
    made = group_file(nerves, nerves(NFL))
    assert made.faults == ()
    assert "\nCLOSE = 7\n" in made.text
    assert "from antepost.features.means import ALL, Mean, means" in made.text
    assert "from antepost.sports import Sport" in made.text


BARE = [3, 5]


def bare(sport):
    return replace(nerves(sport), name="bare", version=BARE[0])


def test_what_a_file_cannot_hold_is_named() -> None:
    faults = "; ".join(group_file(bare, replace(nerves(NFL), name="bare")).faults)
    assert "bare has no docstring; say in a sentence what it returns" in faults
    assert "bare lacks types; annotate what it takes and returns" in faults
    assert "BARE is a list of the notebook; make it a function, or numbers and texts" in faults
    inside: list[GroupFile] = [group_file(lambda _: nerves(NFL), nerves(NFL))]
    assert inside[0].faults == ("its function lies inside another; define it by itself",)
    assert group_file(close_games, nerves(NFL)).faults == (
        "the function is called close_games and the group nerves; give both one name",
    )
