"""docs/how-to/add-a-sport.md, followed to the letter on a copy of the package, with an invented league."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import permutations
from pathlib import Path

import pytest

from tests.prepared import environment

ROOT = Path(__file__).parents[2]
SIDES = ("ALP", "BRA", "CHA", "DEL", "ECH", "FOX", "GOL", "HOT")


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


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the package in which somebody followed the page."""
    root = tmp_path_factory.mktemp("korfball")
    shutil.copytree(ROOT / "src", root / "src", ignore=shutil.ignore_patterns("__pycache__"))
    package = root / "src" / "antepost"
    page = (ROOT / "docs" / "how-to" / "add-a-sport.md").read_text()
    for path, text in re.findall(r"^`([\w/]+\.py)`:\n\n```python\n(.*?)```$", page, flags=re.DOTALL | re.MULTILINE):
        (package / path).write_text(text)
    change(
        package / "sports" / "__init__.py",
        ("from antepost.sports.nba", "from antepost.sports.korfball import KORFBALL\nfrom antepost.sports.nba"),
        ("for sport in (", "for sport in (KORFBALL, "),
    )
    change(
        package / "ingestion" / "sources" / "__init__.py",
        (
            "from antepost.ingestion.sources.nflverse",
            "from antepost.ingestion.sources.korfball import KORFBALL_SHEET\nfrom antepost.ingestion.sources.nflverse",
        ),
        ("    for source in (\n", "    for source in (\n        KORFBALL_SHEET,\n"),
    )
    recipe = (package / "models" / "recipes" / "nfl.yaml").read_text()
    recipe = recipe.replace("sport: nfl", "sport: korfball").replace("tuned_through: 2011", "tuned_through: 2009")
    recipe = recipe.replace("min_data_in_leaf: 80", "min_data_in_leaf: 20")
    (package / "models" / "recipes" / "korfball.yaml").write_text(recipe)
    sheet = root / "mirror" / "korfball" / "sheet" / "matches.csv"
    sheet.parent.mkdir(parents=True)
    sheet.write_text(league(range(2004, 2016)))
    yield root
    told(root, "down")


def change(path: Path, *pairs: tuple[str, str]) -> None:
    text = path.read_text()
    for old, new in pairs:
        assert old in text, (path.name, old)
        text = text.replace(old, new, 1)
    path.write_text(text)


def told(root: Path, *words: str) -> str:
    """Return what the copy's command line prints."""
    own = {"PYTHONPATH": str(root / "src"), "ANTEPOST_MIRROR": str(root / "mirror")}
    done = subprocess.run(
        [sys.executable, "-m", "antepost.cli.main", *words],
        env=environment(root / "home", **own),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"{words}: {done.stderr[-2000:]}"
    return done.stdout


def test_a_second_person_can_add_a_sport_by_the_page(copy: Path) -> None:
    told(copy, "up")
    loaded = json.loads(told(copy, "ingest", "korfball", "--json"))["loads"][0]
    assert (loaded["games"], loaded["refused"]) == (12 * 56, 0)
    told(copy, "features", "build", "korfball")
    proofs = json.loads(told(copy, "features", "prove", "korfball", "--draw", "60", "--json"))["proofs"]
    assert [proof["name"] for proof in proofs if not proof["holds"]] == []
    judged = json.loads(told(copy, "evaluate", "korfball", "--season", "2015", "--odds", "close", "--json"))
    assert judged["n"] > 30
    assert judged["log_loss"] < judged["base_log_loss"]
    told(copy, "train", "korfball", "--odds", "close", "--before", "2015", "--register")
    predicted = json.loads(told(copy, "predict", "korfball", "--season", "2015", "--week", "14", "--json"))
    assert predicted["predictions"]
