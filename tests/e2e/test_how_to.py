"""docs/how-to/add-a-sport.md, followed to the letter on a copy of the project, with an invented league."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from tests.prepared import environment

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "add-a-sport.md").read_text()
SIDES = ("ALP", "BRA", "CHA", "DEL", "ECH", "FOX", "GOL", "HOT")
SEASONS = range(2013, 2020)
COPIED = ("src", "docs", "feature_store", "tests")
PLAIN = ("Makefile", "pytest.ini", "ruff.toml", "pyproject.toml", "uv.lock")

# All of them in one process: each of its own would load Python, the libraries and the engines again.
SHELL = """
import json, sys
from typer.testing import CliRunner
from antepost.cli import app
told = {}
for line in json.loads(sys.argv[1]):
    words = [told["hash"] if word == "HASH" else word for word in line.split()[1:]]
    done = CliRunner().invoke(app, words + ([] if words[:2] == ["features", "build"] else ["--json"]))
    assert done.exit_code == 0, (line, done.output[-2000:], done.exception)
    told[" ".join(words[:2])] = json.loads(done.stdout) if done.stdout.startswith("{") else done.stdout
    if words[0] == "predict":
        told["hash"] = told["predict korfball"]["predictions"][0]["hash"]
print(json.dumps(told))
"""
# What looks at every sport there is, beside the contract.
OF_EVERY_SPORT = (
    "tests/architecture/test_lock.py",
    "tests/unit/lake/test_model.py",
    "tests/unit/features/test_catalogue.py",
    "tests/unit/models/test_recipes.py",
    "tests/unit/ingestion/test_freshness.py",
    "tests/unit/simulation/test_world.py::test_every_description_is_of_a_sport_and_the_nfl_has_a_league_of_its_own",
)


def league(seasons: range) -> str:
    """Return an invented league: every pair meets twice a season, and the price knows the true chance."""
    draw = random.Random(11)
    rows = ["date,time,season,round,home,away,home_goals,away_goals,home_odds,away_odds"]
    for season in seasons:
        strength = {side: draw.gauss(0, 3) for side in SIDES}
        meetings = list(permutations(SIDES, 2))
        draw.shuffle(meetings)
        for number, (home, away) in enumerate(meetings):
            day = date(season, 10, 4) + timedelta(days=3 * number)
            margin = strength[home] - strength[away] + 1
            goals = round(18 + draw.gauss(margin / 2, 2)), round(18 - draw.gauss(margin / 2, 2))
            chance = min(max(0.5 + margin / 14, 0.06), 0.94)
            odds = f"{0.96 / chance:.3f},{0.96 / (1 - chance):.3f}"
            rows.append(f"{day},14:00,{season},{number // 4 + 1},{home},{away},{goals[0]},{goals[1]},{odds}")
    return "\n".join(rows) + "\n"


def blocks(kind: str) -> list[str]:
    """Return the page's blocks of one kind, in order."""
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    return [text for name, text in fenced if name == kind]


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project in which somebody followed the page up to its fifth step."""
    root = tmp_path_factory.mktemp("korfball")
    for folder in COPIED:
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for name in PLAIN:
        shutil.copy(ROOT / name, root)
    package = root / "src" / "antepost"
    files = re.findall(r"^`([\w/]+\.py)`:\n\n```python\n(.*?)```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert len(files) == 3
    for path, text in files:
        (root / path if path.startswith("tests/") else package / path).write_text(text)
    for table, lines in zip(("sports", "ingestion/sources"), blocks("diff"), strict=True):
        add(package / table / "__init__.py", *lines.splitlines())
    recipe = (package / "models" / "recipes" / "nfl.yaml").read_text()
    recipe = recipe.replace("sport: nfl", "sport: korfball").replace("tuned_through: 2011", "tuned_through: 2017")
    recipe = recipe.replace("min_data_in_leaf: 80", "min_data_in_leaf: 20")
    (package / "models" / "recipes" / "korfball.yaml").write_text(recipe)
    sheet = root / "mirror" / "korfball" / "sheet" / "matches.csv"
    sheet.parent.mkdir(parents=True)
    sheet.write_text(league(SEASONS))
    # The project's own environment, of which a copy has none.
    (root / ".venv" / "bin").mkdir(parents=True)
    for name, module in (("python", ""), ("antepost", " -m antepost")):
        program = root / ".venv" / "bin" / name
        program.write_text(f'#!/bin/sh\nPYTHONPATH={root}/src:{root} exec {sys.executable}{module} "$@"\n')
        program.chmod(0o755)
    return root


def add(path: Path, imported: str, place: str, named: str) -> None:
    """Add an import and a name after ``place``, unless somebody has followed the page in this very project."""
    text = path.read_text()
    if f"{imported[1:]}\n" not in text:
        assert text.count(f"{place[1:]}\n") == 1, (path, place)
        text = text.replace("from antepost.", f"{imported[1:]}\nfrom antepost.", 1)
        text = text.replace(f"{place[1:]}\n", f"{place[1:]}\n{named[1:]}\n")
        path.write_text(text)


def run(copy: Path, *words: str) -> str:
    own = {"PYTHONPATH": f"{copy / 'src'}:{copy}", "ANTEPOST_MIRROR": str(copy / "mirror")}
    # The copy's kernels are ours, so that it need not compile them again.
    own |= {"NUMBA_CACHE_LOCATOR_CLASSES": "tests.kernels_of.Original", "ANTEPOST_COPY": f"{copy}={ROOT}"}
    done = subprocess.run(
        words, cwd=copy, env=environment(copy / "home", **own), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, f"{words}: {done.stdout[-3000:]} {done.stderr[-3000:]}"
    return done.stdout


def test_the_checks_stay_green_once_the_page_was_followed(copy: Path) -> None:
    """Five tests once failed after it: each new sport needed an edit of them, or a file that the page did not name."""
    contract, written, _ = blocks("")
    made = [line.split()[1] for line in written.splitlines()]
    # An empty ``full`` makes nothing of the environment, which is not the copy's.
    run(copy, "make", "--no-print-directory", "full=", *made)
    run(copy, sys.executable, "-m", "ruff", "check", "--quiet", "src", "tests/payloads")
    run(copy, sys.executable, "-m", "ruff", "format", "--quiet", "--check", "src", "tests/payloads")
    words = contract.split()[3:]
    told = run(copy, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *words)
    assert "passed" in told
    assert "skipped" not in told
    run(copy, sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *OF_EVERY_SPORT)


def test_a_second_person_can_add_a_sport_by_the_page(copy: Path) -> None:
    lines = [line for line in blocks("")[-1].splitlines() if line.startswith("antepost ")]
    assert [line.split()[1] for line in lines] == [
        "ingest", "features", "features", "evaluate", "train", "predict", "rebuild",
    ]  # fmt: skip
    told: dict[str, Any] = json.loads(run(copy, sys.executable, "-c", SHELL, json.dumps(lines)))
    loaded = told["ingest korfball"]["loads"][0]
    assert (loaded["games"], loaded["refused"]) == (len(SEASONS) * 56, 0)
    proofs = told["features prove"]["proofs"]
    assert len(proofs) > 5
    assert [proof["name"] for proof in proofs if not proof["holds"]] == []
    judged = told["evaluate korfball"]
    assert judged["n"] > 30
    assert judged["log_loss"] < judged["base_log_loss"]
    assert told["predict korfball"]["predictions"]
    assert told[f"rebuild {told['hash']}"]["equal"]
