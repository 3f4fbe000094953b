from __future__ import annotations

import os
from pathlib import Path

import pytest

from antepost.lake.files import sweep, write_whole


def test_a_draft_that_is_swept_under_its_writer_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collector keeps bytes without the lock under which a load sweeps what dead writers left."""
    swept: list[int] = []
    sync = os.fsync

    def sweeping(handle: int) -> None:
        sync(handle)
        if not swept:
            swept.append(sweep(tmp_path))

    monkeypatch.setattr(os, "fsync", sweeping)
    write_whole(tmp_path / "bronze", b"kept")
    assert swept == [1]
    assert [path.name for path in tmp_path.iterdir()] == ["bronze"]
    assert (tmp_path / "bronze").read_bytes() == b"kept"
