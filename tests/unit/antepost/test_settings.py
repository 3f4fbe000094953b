from __future__ import annotations

import errno
from pathlib import Path

import pytest

from antepost.errors import SettingsError
from antepost.settings import get_settings, home_refused


def test_a_blank_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An empty ANTEPOST_HOME made the current folder the home."""
    monkeypatch.chdir(tmp_path)
    for name in ("HOME", "MIRROR", "DATABASE_URL", "MLFLOW_URL"):
        monkeypatch.setenv(f"ANTEPOST_{name}", "")
    settings = get_settings()
    assert settings.home == tmp_path / ".antepost"
    assert (settings.mirror, settings.database_url, settings.mlflow_url) == (None, None, None)


@pytest.mark.parametrize(
    "url", ["/data/lake", "file:///data/lake", "s3://", "s3://lake/a b", "s3://lake/50%", "gs://lake"]
)
def test_what_is_no_object_store_is_refused_as_a_place_for_the_lake(url: str) -> None:
    with pytest.raises(SettingsError, match="is no object store"):
        get_settings(lake_url=url)


def test_the_lake_lies_in_the_home_unless_an_object_store_is_named(tmp_path: Path) -> None:
    assert get_settings(home=tmp_path).lake == str(tmp_path)
    assert get_settings(home=tmp_path, lake_url="s3://bucket/a/b").lake == "s3://bucket/a/b"


def test_a_full_disk_is_told_where_a_library_gives_the_systems_number_in_its_text_only(tmp_path: Path) -> None:
    told = OSError("Unable to copy data to file: No space left on device (os error 28)")
    assert str(home_refused(tmp_path, told)).startswith(f"{tmp_path} cannot be written: No space left on device; make")


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
