"""docs/how-to/add-a-source.md, followed to the letter on a copy of the package, with an invented bookmaker."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.payloads.nflverse import PAYLOADS as GAMES
from tests.prepared import environment

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "add-a-source.md").read_text()
LOADED = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
from antepost.domain import FixedClock
from antepost.ingestion import SOURCES, ingest
from antepost.lake import silver
from antepost.settings import get_settings
from tests.payloads.crier import PAYLOADS
root = Path(sys.argv[1])
place = get_settings(home=root / "home", mirror=str(root / "mirror"))
quotes = root / "mirror" / SOURCES["crier"].parts(2020)[0].path
quotes.parent.mkdir(parents=True)
quotes.write_bytes(PAYLOADS["crier"][1])
clock = FixedClock(datetime(2031, 1, 1, tzinfo=UTC))
loads = [ingest(place, "nfl", clock, source=name) for name in ("nflverse", "crier")]
prices = silver.read(place, "prices", "nfl")
mine = prices.filter(prices["book"] == "crier").sort("known_at", "outcome")
told = mine.select("fixture", "outcome", "odds", "known_how").rows()
print(json.dumps([loads[1].refused, told, silver.read(place, "quarantine", "nfl")["reason"].to_list()]))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of package and contract tests in which somebody followed the page."""
    root = tmp_path_factory.mktemp("crier")
    for folder in ("src", "tests/contract", "tests/payloads"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pytest.ini", root)
    package = root / "src" / "antepost"
    (package / "ingestion/sources/crier.py").write_text(block("ingestion/sources/crier.py"))
    (root / "tests/payloads/crier.py").write_text(block("tests/payloads/crier.py"))
    [names] = re.findall(r"^```csv\n(.*?)```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    with (package / "ingestion" / "names" / "nfl.csv").open("a") as held:
        held.write(names)
    [lines] = re.findall(r"^```diff\n(.*?)```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    imported, at, added = lines.splitlines()
    table = package / "ingestion" / "sources" / "__init__.py"
    text = table.read_text()
    first = "from antepost.ingestion.sources."
    assert first in text
    assert f"{at[1:]}\n" in text
    text = text.replace(first, f"{imported[1:]}\n{first}", 1).replace(f"{at[1:]}\n", f"{at[1:]}\n{added[1:]}\n", 1)
    table.write_text(text)
    games = root / "mirror" / "nfl" / "nflverse" / "nfldata" / "data" / "games.csv"
    games.parent.mkdir(parents=True)
    games.write_bytes(GAMES["nflverse"][1])
    return root


def block(path: str) -> str:
    """Return the first block of Python that stands under the name of a file."""
    found = re.search(rf"^`{path}`.*?\n\n```python\n(.*?)```$", PAGE, flags=re.DOTALL | re.MULTILINE)
    assert found is not None
    return found[1]


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    own = environment(copy / "home", PYTHONPATH=f"{copy / 'src'}:{copy}")
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=own, capture_output=True, text=True, timeout=300, check=False
    )


def test_a_source_that_follows_the_page_keeps_the_contract(copy: Path) -> None:
    done = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/contract/test_sources.py", "-k", "crier")
    assert done.returncode == 0, done.stdout[-3000:]
    passed = re.search(r"(\d+) passed", done.stdout)
    assert passed is not None
    assert int(passed[1]) > 9
    assert "skipped" not in done.stdout


def test_its_quotes_join_the_games_that_are_there(copy: Path) -> None:
    done = run(copy, "-c", LOADED, str(copy))
    assert done.returncode == 0, done.stderr[-3000:]
    refused, told, reasons = json.loads(done.stdout)
    carolina, seattle = "nfl-2020-01-NYG-CAR", "nfl-2020-01-SEA-IND"
    assert [(fixture, outcome) for fixture, outcome, _, _ in told] == [
        (carolina, "away"), (carolina, "home"), (carolina, "away"), (carolina, "home"), (seattle, "away"),
        (seattle, "home"),
    ]  # fmt: skip
    assert told[0][2:] == [3.4, "recorded"]
    assert (refused, reasons) == (1, ["called out after the start: an in-play price"])
