"""The main job on a machine with no mirror and no way out: it ends, and whatever it says, it says that it simulates."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from antepost.desk import Desk, open_desk
from antepost.engines import release
from antepost.engines.mlflow import release_mlflow
from antepost.lake.database import disconnect
from antepost.serving import serve_for_a_moment
from antepost.settings import get_settings
from tests.prepared import environment

# A network of its own has a loopback device only, and that is down: MLflow and the API need it up.
ALONE = """
import fcntl, os, socket, struct, sys
with socket.socket() as any_socket:
    fcntl.ioctl(any_socket, 0x8914, struct.pack("16sh14x", b"lo", 0x1 | 0x40))  # SIOCSIFFLAGS: up, running
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""
README = (Path(__file__).parents[2] / "README.md").read_text()
NOBODY = "http://127.0.0.1:9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How the demo ended; ``left`` are the marks of engines that still ran."""

    code: int
    out: str
    err: str
    home: Path
    left: list[Path]


def _own_network() -> list[str]:
    """Return what starts a program in a network without routes, or nothing where the kernel allows none."""
    try:
        tried = subprocess.run(
            ["unshare", "-rn", sys.executable, "-c", ALONE, "-c", ""], capture_output=True, check=False
        )
    except FileNotFoundError:
        return []
    return ["unshare", "-rn", sys.executable, "-c", ALONE] if tried.returncode == 0 else []


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The demo with nothing configured, in a narrow terminal.

    Proxies that nobody answers stand in where networks cannot be unshared.
    """
    home = tmp_path_factory.mktemp("alone") / "home"
    proxies = dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy"), NOBODY)
    command = [*(_own_network() or [sys.executable]), "-m", "antepost", "demo"]
    done = subprocess.run(
        command,
        env=environment(home, COLUMNS="60", **proxies),
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    marks = (home / "engines/postgres/data/postmaster.pid", home / "engines/mlflow/server.json")
    left = [mark for mark in marks if mark.exists()]
    return Ran(code=done.returncode, out=done.stdout, err=done.stderr, home=home, left=left)


@pytest.fixture(scope="module")
def desk(ran: Ran) -> Iterator[Desk]:
    """A desk over what the demo left."""
    settings = get_settings(home=ran.home, mirror=None, database_url=None, mlflow_url=None)
    yield open_desk(settings=settings)
    disconnect(settings)
    release_mlflow(settings)
    release(settings)


def test_the_demo_ends_well_and_shows_eight_steps(ran: Ran) -> None:
    assert ran.code == 0, ran.err
    steps = [line.split()[1] for line in ran.out.splitlines() if line[:2] in {f"{i} " for i in range(1, 9)}]
    assert steps == ["ingest", "lake", "features", "train", "evaluate", "register", "predict", "serve"]
    assert "chain whole" in ran.out


def test_it_says_that_it_simulates(ran: Ran) -> None:
    lines = {line.split()[1]: line for line in ran.out.splitlines() if line[:2].strip().isdigit()}
    assert [name for name, line in lines.items() if "SIMULATED" not in line] == []
    assert "SIMULATED league" in lines["ingest"]
    assert "The league is SIMULATED" in ran.out.partition("Done in")[2]
    served = json.JSONDecoder().raw_decode(ran.out[ran.out.index("\n{\n") + 1 :])[0]
    assert served["simulated"] is True


def test_no_line_is_broken_where_a_narrow_terminal_ends(ran: Ran) -> None:
    """Rich once cut addresses and paths in their middle, so that nobody could copy them."""
    lines = {line.split()[1]: line for line in ran.out.splitlines() if line[:2].strip().isdigit()}
    assert lines["lake"].endswith(" s")
    assert "in silver and in Postgres (schema star)" in lines["lake"]
    assert re.search(r"GET http://127\.0\.0\.1:\d+/api/v1/predictions/[0-9a-f]{64}$", lines["serve"])


def test_it_ends_with_where_everything_lies_and_how_to_go_on(ran: Ran) -> None:
    tail = ran.out.partition("Done in")[2]
    places = [line.split()[-1] for line in tail.splitlines() if str(ran.home) in line]
    assert len(places) >= 4
    assert all(Path(place).exists() for place in places)
    commands = [line.split("antepost ", 1)[1] for line in tail.splitlines() if "bin/antepost " in line]
    assert [command.split()[0] for command in commands] == ["rebuild", "evaluate", "serve"]


def test_its_plots_are_files_and_no_engine_outlives_it(ran: Ran) -> None:
    assert len(list((ran.home / "reports").glob("*.png"))) == 4
    assert ran.left == []


def test_every_answer_of_the_api_over_it_says_simulated(desk: Desk) -> None:
    with serve_for_a_moment(desk) as url, httpx.Client(base_url=url, trust_env=False, timeout=30) as api:
        for path in ("/api/v1/fixtures?sport=nfl", "/api/v1/predictions", "/readyz", "/healthz"):
            assert api.get(path).raise_for_status().json()["simulated"] is True
        page = api.get("/api/v1/predictions").json()["predictions"]
        assert page
        assert all(record["simulated"] is True for record in page)
        assert 'antepost_simulated{sport="nfl"} 1.0' in api.get("/metrics").text


def test_every_seal_and_every_report_over_it_says_simulated(desk: Desk) -> None:
    assert all(record["simulated"] for record in desk.predictions(limit=1000))
    assert desk.verify_ledger() == []
    newest = max(int(str(record["season"])) for record in desk.predictions())
    found = desk.evaluate("nfl", newest, "close", families=("market", "elo"))
    assert found.figures()["simulated"] is True
    assert "SIMULATED" in found.plot_reliability().axes[0].get_title()
    assert "SIMULATED" in found.plot_skill().axes[0].get_title()


def test_the_python_of_the_readme_runs_over_what_the_demo_left(desk: Desk) -> None:
    """It once asked for soccer prices, which no demo loads, and for names that it had not imported."""
    code = README.partition("```python\n")[2].partition("```")[0]
    own = environment(desk.settings.home, MPLBACKEND="agg")
    done = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_last_command_it_names_rebuilds_to_the_bit(desk: Desk, ran: Ran) -> None:
    named = ran.out.partition("antepost rebuild ")[2].split()[0]
    assert desk.rebuild(desk.prediction(named)).to_the_bit


def test_its_registered_models_say_simulated(desk: Desk, ran: Ran) -> None:
    folders = [path.name for path in (ran.home / "bundles").iterdir()]
    assert len(folders) == 2
    for folder in folders:
        statement = json.loads((ran.home / "bundles" / folder / "manifest.json").read_text())
        assert statement["manifest"]["simulated"] is True
