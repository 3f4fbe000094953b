from __future__ import annotations

import errno
from pathlib import Path

import pytest

from antepost.settings import get_settings, home_refused


def test_a_blank_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty ANTEPOST_HOME made the current folder the home."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "MIRROR", "DATABASE_URL", "MLFLOW_URL"):
        monkeypatch.setenv(f"ANTEPOST_{name}", "")
    settings = get_settings()
    assert settings.home == tmp_path / ".antepost"
    assert (settings.mirror, settings.database_url, settings.mlflow_url) == (None, None, None)


def test_an_error_that_names_no_file_is_laid_to_a_home_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for home, why in (("file", "it is no folder"), ("file/below", "Not a directory")):
        refused = home_refused(tmp_path / home, OSError("a library's own words"))
        assert str(refused).startswith(f"{tmp_path / home} cannot be written: {why}; set ANTEPOST_HOME")


def test_a_folder_in_a_sound_home_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    inside = str(tmp_path / "bronze" / "x")
    refused = home_refused(tmp_path, PermissionError(errno.EACCES, "Permission denied", inside))
    assert str(refused).startswith(f"{inside} cannot be written: Permission denied")


@pytest.mark.parametrize(
    "error",
    [
        OSError("a library's own words"),
        FileNotFoundError(errno.ENOENT, "No such file or directory", "below/x"),
        PermissionError(errno.EACCES, "Permission denied", "/elsewhere"),
    ],
    ids=str,
)
def test_an_error_with_another_cause_is_not_laid_to_the_home(tmp_path: Path, error: OSError) -> None:
    assert home_refused(tmp_path, error) is None
