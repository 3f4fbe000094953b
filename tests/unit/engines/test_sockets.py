"""Folders for sockets."""

from __future__ import annotations

from pathlib import Path

import pytest

from antepost.engines.sockets import make_private, socket_folder
from antepost.errors import EngineError


def test_a_socket_folder_that_somebody_else_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(EngineError, match="belongs to somebody else"):
        make_private(tmp_path / "link")


def test_a_home_made_anew_at_the_same_path_has_another_socket(tmp_path: Path) -> None:
    first = socket_folder(tmp_path / "engine", "Valkey")
    assert socket_folder(tmp_path / "engine", "Valkey") == first
    (tmp_path / "engine" / "token").unlink()
    assert socket_folder(tmp_path / "engine", "Valkey") != first
