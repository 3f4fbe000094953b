from __future__ import annotations

import os
import pwd
import subprocess
from pathlib import Path

import pytest

from antepost.engines.account import as_ordinary_user, capability_prefix, namespace_prefix


def test_the_program_never_runs_as_root_and_always_has_a_name(tmp_path: Path) -> None:
    command = as_ordinary_user(["id", "-u"], tmp_path / "data")
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert int(said) != 0
    assert pwd.getpwuid(int(said))


def test_inside_a_private_folder_the_program_still_reads_and_writes(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    command = as_ordinary_user(["touch", str(private / "written")], private / "data")
    subprocess.run(command, check=True)
    assert (private / "written").stat().st_uid == os.geteuid()


def test_both_ways_for_root_end_in_an_ordinary_user() -> None:
    """Many containers refuse user namespaces; root may change its user in most of them."""
    if os.geteuid() != 0:
        assert as_ordinary_user(["true"], Path("/nowhere")) == ["true"]
        return
    entry = next(entry for entry in pwd.getpwall() if entry.pw_uid != 0)
    ways = (namespace_prefix(entry.pw_uid, entry.pw_gid), capability_prefix(entry.pw_uid, entry.pw_gid))
    said = [subprocess.run([*way, "id", "-u"], capture_output=True, text=True, check=False) for way in ways]
    assert str(entry.pw_uid) in {answer.stdout.strip() for answer in said}


@pytest.mark.parametrize("owner_differs", [True, False])
def test_data_written_one_way_are_opened_the_same_way(tmp_path: Path, owner_differs: bool) -> None:
    data = tmp_path / "data"
    data.mkdir()
    if os.geteuid() != 0:
        assert as_ordinary_user(["true"], data) == ["true"]
        return
    if owner_differs:
        os.chown(data, 1000, 1000)
    assert (as_ordinary_user(["true"], data)[0] == "setpriv") == owner_differs
