from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from antepost.engines import cluster as module
from antepost.engines.cluster import Cluster


def test_the_socket_fits_into_the_kernels_limit_however_long_the_home_is(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 100) / ("b" * 100) / "postgres"
    assert len(str(Cluster(folder=deep).socket / ".s.PGSQL.5432")) < 100


def test_a_new_home_at_an_old_path_has_a_socket_of_its_own(tmp_path: Path) -> None:
    """A server whose home was deleted lives on for a minute; it must not answer for the next home there."""
    server = Cluster(folder=tmp_path / "postgres")
    before = server.socket
    assert server.socket == before
    shutil.rmtree(tmp_path / "postgres")
    assert server.socket != before


def test_a_copied_home_has_a_socket_of_its_own(tmp_path: Path) -> None:
    first = Cluster(folder=tmp_path / "postgres")
    before = first.socket
    shutil.copytree(tmp_path / "postgres", tmp_path / "copy")
    assert Cluster(folder=tmp_path / "copy").socket != before


def test_a_pid_file_that_names_a_stranger_names_nobody(tmp_path: Path) -> None:
    server = Cluster(folder=tmp_path)
    server.data.mkdir()
    assert server.postmaster() is None
    for text in (f"{os.getpid()}\n", "", "-1\n", "not a pid\n", "99999999\n"):
        (server.data / "postmaster.pid").write_text(text)
        assert server.postmaster() is None


def test_the_environment_cannot_move_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPORT", "1")
    monkeypatch.setenv("LANG", "tlh")
    kept = module._environment()
    assert "PGPORT" not in kept
    assert "LANG" not in kept
    assert kept["LC_ALL"] == "C"
