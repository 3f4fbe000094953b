from __future__ import annotations

import linecache
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from antepost import kernelcache


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A cache and a folder for temporary files that nobody has used."""
    cache, spare = tmp_path / "cache", tmp_path / "spare"
    spare.mkdir()
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.setattr(kernelcache.tempfile, "tempdir", str(spare))
    return cache, spare


def test_the_machine_code_lies_in_an_owner_only_folder_that_is_found_again(places: tuple[Path, Path]) -> None:
    folder = kernelcache._prepare()
    assert folder.is_relative_to(places[0])
    assert folder.stat().st_mode & 0o777 == 0o700
    assert kernelcache._prepare() == folder


def test_without_a_cache_to_write_to_every_run_uses_one_spare_folder(places: tuple[Path, Path]) -> None:
    """Each run left a new folder behind, and compiled everything again."""
    cache, spare = places
    cache.write_text("a file where the cache should be")
    assert kernelcache._prepare() == kernelcache._prepare()
    (folder,) = spare.iterdir()
    assert str(os.geteuid()) in folder.name
    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_that_others_can_write_to_is_not_unpickled_from(places: tuple[Path, Path]) -> None:
    first = kernelcache._prepare()
    first.chmod(0o777)
    second = kernelcache._prepare()
    assert second.is_relative_to(places[1])
    second.chmod(0o770)
    third = kernelcache._prepare()
    assert third not in (first, second)


def test_a_link_that_somebody_laid_is_not_followed(places: tuple[Path, Path], tmp_path: Path) -> None:
    folder = kernelcache._prepare()
    folder.rmdir()
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    folder.symlink_to(tmp_path / "elsewhere")
    assert kernelcache._prepare() != folder


def test_a_folder_of_somebody_else_is_not_used(places: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    folder = kernelcache._prepare()
    monkeypatch.setattr(kernelcache, "_fingerprint", lambda: folder.name.removeprefix("kernels-"))
    monkeypatch.setattr(kernelcache.os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert kernelcache._prepare() != folder


def cell(number: int, text: str, names: dict[str, object]) -> None:
    """Run a notebook's cell as IPython does: its source lies in linecache and in no file."""
    name = f"<ipython-input-{number}>"
    linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
    exec(compile(text, name, "exec"), names)  # noqa: S102  # this is what a notebook does


def test_a_kernel_of_a_notebook_follows_the_helper_that_another_cell_redefines() -> None:
    """numba's cache knows a kernel by its own source, and would serve what the helper had been the day before."""
    names: dict[str, object] = {"kernel": kernelcache.kernel}
    said: list[float] = []
    for factor in (2.0, 3.0):
        cell(1, f"@kernel\ndef helper(x):\n    return {factor} * x\n", names)
        cell(2, "@kernel\ndef asked(x):\n    return helper(x) + 1.0\n", names)
        asked = names["asked"]
        assert isinstance(asked, Callable)
        said.append(asked(10.0))
    assert said == [21.0, 31.0]
