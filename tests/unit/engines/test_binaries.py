from __future__ import annotations

import subprocess
from pathlib import Path

from antepost.engines import binaries
from antepost.engines.binaries import postgres_bin


def test_the_programs_are_found_and_run(tmp_path: Path) -> None:
    folder = postgres_bin(tmp_path)
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    assert said.startswith("postgres (PostgreSQL)")


def test_the_archive_is_unpacked_whole_or_not_at_all(tmp_path: Path) -> None:
    archive = binaries._archive()
    assert archive is not None
    target = binaries._unpacked(archive, tmp_path / "spare")
    assert (target / "bin" / "initdb").exists()
    before = target.stat().st_ino
    assert binaries._unpacked(archive, tmp_path / "spare").stat().st_ino == before
    assert [path.name for path in (tmp_path / "spare").iterdir()] == [target.name]


def test_who_comes_second_takes_what_the_first_unpacked(tmp_path: Path) -> None:
    archive = binaries._archive()
    assert archive is not None
    target = binaries._unpacked(archive, tmp_path)
    before = target.stat().st_ino
    binaries._unpack(archive, archive.name.removesuffix(".tar.gz"), target)
    assert target.stat().st_ino == before
    assert len(list(tmp_path.iterdir())) == 1
