"""What a folder lists while somebody else writes in it."""

from __future__ import annotations

import threading
from pathlib import Path

from antepost.lake.store import Folder


def test_a_file_that_vanishes_while_its_folder_is_listed_is_left_out(tmp_path: Path) -> None:
    """A load removes its note of what is pending while a collector reads the log of batches beside it."""
    for number in range(20):
        (tmp_path / f"{number:02}.json").write_text("{}")
    done = threading.Event()

    def write_and_remove() -> None:
        while not done.is_set():
            (tmp_path / "pending").write_text("nfl")
            (tmp_path / "pending").unlink()

    writer = threading.Thread(target=write_and_remove)
    writer.start()
    try:
        listed = [Folder(tmp_path).files("") for _ in range(1000)]
    finally:
        done.set()
        writer.join()
    assert {len([name for name, _ in files if name != "pending"]) for files in listed} == {20}


def test_only_files_are_listed(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    assert [name for name, _ in Folder(tmp_path).files("")] == ["file"]
    assert Folder(tmp_path).files("absent") == []
