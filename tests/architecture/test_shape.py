"""The shape of the code: small modules, narrow doors, README commands that exist, nothing left behind."""

from __future__ import annotations

import ast
import importlib
import re
import subprocess
from pathlib import Path

import pytest

from antepost.telemetry import BOUNDARIES

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "antepost"
CODE = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "pipelines").rglob("*.py")])
ROOMS = sorted(door.parent.name for door in PACKAGE.glob("*/__init__.py"))


def tracked_files() -> list[Path]:
    """Return the files in version control, or those that would be in it."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_no_module_is_longer_than_400_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in CODE}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_no_room_is_a_bag() -> None:
    bags = {"core", "common", "utils", "util", "helpers", "services", "managers", "misc", "shared", "lib"}
    assert [path for path in PACKAGE.rglob("*") if path.stem in bags] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_is_narrow_and_everything_it_names_is_there(room: str) -> None:
    door = importlib.import_module(f"antepost.{room}")
    names = door.__all__
    assert 0 < len(names) <= 15
    assert len(set(names)) == len(names)
    assert [name for name in names if not hasattr(door, name)] == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_door_says_what_the_room_owns(room: str) -> None:
    text = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text()))
    assert text is not None
    assert len(re.findall(r"[.:](\s|$)", text)) >= 2, "what it owns, what it never does, which rooms lie below"


def test_every_test_folder_of_units_names_a_room_or_a_module() -> None:
    tested = {path.name for path in (ROOT / "tests" / "unit").iterdir() if path.is_dir()} - {"__pycache__"}
    assert tested <= {*ROOMS, "pipelines", "antepost", "tools"}


def test_tests_have_no_packages() -> None:
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_the_readme_gives_the_two_commands_and_stays_short() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make demo" in readme
    assert "make test" in readme
    assert len(readme.splitlines()) <= 150


def test_every_make_command_in_the_readme_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {name for path in documents for name in re.findall(r"`make ([a-z-]+)", path.read_text())}
    assert named - targets == set()


def test_the_lock_file_is_up_to_date_with_the_project() -> None:
    import tomllib

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    lock = tomllib.loads((ROOT / "uv.lock").read_text())
    [own] = [package for package in lock["package"] if package["name"] == "antepost"]
    locked = {requirement["name"] for requirement in own["metadata"]["requires-dist"]}
    extras = [name for extra in project["project"]["optional-dependencies"].values() for name in extra]
    declared = {re.split(r"[<>=!~;\[ ]", name)[0] for name in [*project["project"]["dependencies"], *extras]}
    assert locked == declared
    assert {package["name"] for package in lock["package"]} >= declared


def test_every_commit_boundary_is_marked_somewhere_and_every_mark_is_listed() -> None:
    marked = [
        node.args[0].value
        for path in CODE
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name | ast.Attribute)
        and (node.func.id if isinstance(node.func, ast.Name) else node.func.attr) == "boundary"
        and isinstance(node.args[0], ast.Constant)
    ]
    assert set(marked) == set(BOUNDARIES)


def test_only_the_clock_reads_the_time_of_day() -> None:
    pattern = re.compile(r"datetime\.(now|utcnow|today)\(|date\.today\(|time\.time\(")
    readers = {str(path.relative_to(PACKAGE)) for path in CODE if pattern.search(path.read_text())}
    assert readers <= {"domain/clock.py"}


def test_only_the_registry_names_mlflow_sdk() -> None:
    pattern = re.compile(r"^\s*(import|from) mlflow\b", flags=re.MULTILINE)
    users = {path.relative_to(PACKAGE).parts[0] for path in PACKAGE.rglob("*.py") if pattern.search(path.read_text())}
    assert users <= {"registry"}


def test_no_broad_catch_and_nothing_left_for_later() -> None:
    pattern = re.compile(r"except\s*(\(?(Base)?Exception\b|:)|\b(TODO|FIXME|NotImplementedError)\b")
    found = {str(path.relative_to(ROOT)) for path in CODE if pattern.search(path.read_text())}
    assert found == set()


def test_no_tracked_file_tells_where_it_was_written() -> None:
    # Written in halves so that this file passes its own test.
    words = ["/wo" + "rk/", "../sha" + "red", ".libr" + "ary/", "sub" + "agent", "/ro" + "ot/"]
    found = {
        f"{path.relative_to(ROOT)}: {word}"
        for path in tracked_files()
        if path.suffix in {"", ".py", ".md", ".toml", ".yaml", ".yml", ".sh", ".ini", ".json", ".ipynb", ".lock"}
        for word in words
        if word in path.read_text(errors="replace")
    }
    assert found <= {".ci/run: ../sha" + "red"}


def test_no_tracked_file_is_large() -> None:
    sizes = {str(path.relative_to(ROOT)): path.stat().st_size for path in tracked_files()}
    assert {name: size for name, size in sizes.items() if size > 1_000_000 and name != "uv.lock"} == {}
