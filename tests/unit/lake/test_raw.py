"""Bronze keeps bytes as they came."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from antepost.errors import DataError
from antepost.lake import raw
from antepost.lake.files import UNFINISHED, sweep, write_whole
from antepost.settings import Settings, get_settings


@pytest.fixture
def place(home: Path) -> Settings:
    return get_settings(home=home, mirror=None, database_url=None, mlflow_url=None)


def test_bytes_come_back_under_their_own_hash(place: Settings) -> None:
    sha = raw.store(place, b"invented")
    assert sha == hashlib.sha256(b"invented").hexdigest()
    assert raw.read(place, sha) == b"invented"


def test_storing_twice_writes_once(place: Settings) -> None:
    path = place.home / raw.name_of(raw.store(place, b"invented"))
    before = path.stat().st_ino
    raw.store(place, b"invented")
    assert path.stat().st_ino == before
    assert [found.name for found in place.bronze.rglob("*") if found.is_file()] == [path.name]


def test_changed_bytes_are_noticed_and_mended_by_storing_again(place: Settings) -> None:
    sha = raw.store(place, b"invented")
    (place.home / raw.name_of(sha)).write_bytes(b"inventeD")
    with pytest.raises(DataError, match="not those stored"):
        raw.read(place, sha)
    raw.store(place, b"invented")
    assert raw.read(place, sha) == b"invented"


def test_missing_bytes_are_named(place: Settings) -> None:
    with pytest.raises(DataError, match="no raw bytes abcd"):
        raw.read(place, "abcd")


def test_a_draft_is_swept_and_a_whole_file_is_not(tmp_path: Path) -> None:
    write_whole(tmp_path / "deep" / "whole", b"1")
    (tmp_path / "deep" / f"other.77{UNFINISHED}").write_bytes(b"half")
    assert sweep(tmp_path) == 1
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["whole"]
