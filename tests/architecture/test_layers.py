"""The order of the rooms is held by import-linter; its contracts are in .importlinter."""

from __future__ import annotations

import configparser
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "antepost"


def test_every_room_imports_only_rooms_below_it() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([sys.executable, program, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


def test_the_contract_names_exactly_the_rooms_there_are() -> None:
    contract = configparser.ConfigParser()
    contract.read(ROOT / ".importlinter")
    rooms = contract["importlinter:contract:rooms"]
    named = {room.strip() for line in rooms["layers"].split("\n") for room in line.split("|")} - {""}
    ignored = set(rooms["exhaustive_ignores"].split())
    found = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert named == found - ignored - {"__init__"}


def test_importing_the_package_is_light() -> None:
    heavy = {"numpy", "polars", "numba", "pydantic", "fastapi"}
    code = f"import sys, antepost; print(*sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
