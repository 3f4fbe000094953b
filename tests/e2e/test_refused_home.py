"""Homes that cannot be written, as a shell sees them: one line that names the folder, and no traceback."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from antepost.domain.clock import FixedClock
from antepost.ingestion import ingest
from antepost.lake import facts
from antepost.settings import get_settings
from tests.prepared import environment
from tests.tour import mirror_in

CLOCK = FixedClock(datetime(2031, 9, 20, 8, tzinfo=UTC))

COMMANDS = ("ingest nfl --simulated", "demo", "features build nfl", "evaluate nfl --season 2020", "up")


def _said(home: Path, command: str, *before: str) -> str:
    """Return the one line in which ``command`` failed over ``home``."""
    words = [*before, sys.executable, "-m", "antepost", *command.split()]
    done = subprocess.run(words, env=environment(home), capture_output=True, text=True, timeout=300, check=False)
    said = [line for line in done.stderr.splitlines() if line.strip()]
    assert (done.returncode, done.stdout, len(said)) == (1, "", 1), done.stderr
    return said[0]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_file_is_no_home(command: str, tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    assert str(tmp_path / "home") in _said(tmp_path / "home", command)


def test_a_folder_that_nobody_can_make_is_named() -> None:
    assert _said(Path("/proc/antepost"), "ingest nfl --simulated").startswith("SettingsError: /proc/antepost cannot")


def test_a_home_on_a_disk_that_became_read_only_is_named(tmp_path: Path) -> None:
    bind = f"mount --bind {tmp_path} {tmp_path} && mount -o remount,bind,ro {tmp_path}"
    if subprocess.run(["unshare", "-rm", "sh", "-c", bind], capture_output=True, check=False).returncode != 0:
        pytest.skip("this kernel lets us mount nothing read-only")
    said = _said(tmp_path, "ingest nfl --simulated", "unshare", "-rm", "sh", "-c", f'{bind} && exec "$0" "$@"')
    assert said == (
        f"SettingsError: {tmp_path} cannot be written: Read-only file system; "
        "set ANTEPOST_HOME to a folder of your own with room in it"
    )


def test_a_home_that_became_read_only_keeps_what_it_has_and_takes_the_next_source_later(tmp_path: Path) -> None:
    home, root = tmp_path / "home", mirror_in(tmp_path / "mirror")
    place = get_settings(home=home, mirror=root)
    ingest(place, "atp", CLOCK)
    before = facts(place, "atp")
    bind = f"mount --bind {home} {home} && mount -o remount,bind,ro {home}"
    if subprocess.run(["unshare", "-rm", "sh", "-c", bind], capture_output=True, check=False).returncode != 0:
        pytest.skip("this kernel lets us mount nothing read-only")
    command = f"ingest atp --source tennis_data_atp --mirror {root}"
    said = _said(home, command, "unshare", "-rm", "sh", "-c", f'{bind} && exec "$0" "$@"')
    assert said.startswith(f"SettingsError: {home} cannot be written: Read-only file system; set ANTEPOST_HOME")
    assert all(frame.equals(before[name]) for name, frame in facts(place, "atp").items())
    assert ingest(place, "atp", CLOCK, source="tennis_data_atp").batch == 2


_FILLING = """
import subprocess, sys
from datetime import UTC, datetime
from pathlib import Path

folder = Path(sys.argv[1])
mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", folder]
try:
    subprocess.run(mount, check=True, capture_output=True)
except subprocess.CalledProcessError as error:
    print("no mount here:", error.stderr.decode().strip())
    sys.exit()

from antepost.domain.clock import FixedClock
from antepost.errors import AntepostError
from antepost.ingestion import ingest
from antepost.lake.asof import facts
from antepost.settings import get_settings, home_refused

place, clock = get_settings(home=folder / "home", mirror=sys.argv[2]), FixedClock(datetime(2031, 9, 20, 8, tzinfo=UTC))
ingest(place, "atp", clock)
before = facts(place, "atp")
for room in (0, 8, 16, 48, 80):
    with (folder / "filler").open("wb", buffering=0) as filler:
        try:
            while filler.write(b"0" * 4096):
                pass
        except OSError:
            filler.truncate(filler.tell() - room * 1024)
    try:
        said = f"batch {ingest(place, 'atp', clock, source='tennis_data_atp').batch}"
    except AntepostError as error:
        said = str(error)
    except OSError as error:
        said = str(home_refused(place.home, error))
    kept = all(frame.equals(before[name]) for name, frame in facts(place, "atp").items())
    print(kept, said)
    (folder / "filler").unlink()
print("batch", ingest(place, "atp", clock, source="tennis_data_atp").batch)
"""


def test_a_disk_that_is_full_at_any_step_of_a_load_keeps_what_it_has(tmp_path: Path) -> None:
    """Delta's own error for it is no OSError, and ended in a traceback; so did one of Python's that names no file."""
    (tmp_path / "disk").mkdir()
    alone = ["unshare", "-rm", "--propagation", "private", sys.executable, "-c", _FILLING]
    command = [*alone, str(tmp_path / "disk"), mirror_in(tmp_path / "mirror")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    said = (done.stdout or f"no namespace here: {done.stderr}").splitlines()
    if said[0].startswith(("no mount here", "no namespace here: unshare")):
        pytest.skip(f"this kernel gives us no small disk to fill: {said[0]}")
    *tries, last = said
    assert len(tries) == 5, done.stderr
    assert all(line.startswith(f"True {tmp_path / 'disk' / 'home'}") for line in tries), tries
    assert all("No space left on device; make room there and run it again" in line for line in tries), tries
    assert last == "batch 2"
