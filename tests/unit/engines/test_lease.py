from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from antepost.engines.lease import Lease, exclusive, pinned, set_pin
from antepost.errors import EngineError

_HOLDER = """
import sys
from pathlib import Path
from antepost.engines.lease import Lease
from antepost.engines.process import spawn

class Engine:
    folder = Path(sys.argv[1])
    def healthy(self): return True
    def start(self): pass
    def stop(self): pass

Lease(Engine()).take()
print("held", flush=True)
sys.stdin.read()
"""


@dataclass
class Switch:
    """A real engine of the simplest kind: on or off, and it counts."""

    folder: Path
    on: bool = False
    told: list[str] = field(default_factory=list)

    def healthy(self) -> bool:
        return self.on

    def start(self) -> None:
        self.on = True
        self.told.append("start")

    def stop(self) -> None:
        self.on = False
        self.told.append("stop")


def test_the_first_one_in_starts_the_engine_and_the_last_one_out_stops_it(tmp_path: Path) -> None:
    engine = Switch(tmp_path)
    first, second = Lease(engine), Lease(engine)
    first.take()
    second.take()
    first.release()
    assert engine.told == ["start"]
    second.release()
    assert engine.told == ["start", "stop"]


def test_taking_a_held_lease_again_starts_an_engine_that_died(tmp_path: Path) -> None:
    engine = Switch(tmp_path)
    lease = Lease(engine)
    lease.take()
    engine.on = False
    lease.take()
    assert engine.told == ["start", "start"]
    lease.release()
    assert not lease.held


def test_a_pinned_engine_outlives_its_users(tmp_path: Path) -> None:
    engine = Switch(tmp_path)
    set_pin(tmp_path, on=True)
    lease = Lease(engine)
    lease.take()
    lease.release()
    assert engine.told == ["start"]
    set_pin(tmp_path, on=False)
    assert not pinned(tmp_path)
    lease.take()
    lease.release()
    assert engine.told == ["start", "stop"]


def test_a_lease_is_gone_with_a_process_that_dies_by_kill_9(tmp_path: Path) -> None:
    engine = Switch(tmp_path, on=True)
    ours = Lease(engine)
    ours.take()
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"held\n"
        ours.release()
        assert engine.told == []
        other.send_signal(signal.SIGKILL)
    ours.take()
    ours.release()
    assert engine.told == ["stop"]


def test_a_forked_child_does_not_give_its_parents_share_back(tmp_path: Path) -> None:
    engine = Switch(tmp_path)
    lease = Lease(engine)
    lease.take()
    # What a child sees: the same lease, another pid.
    lease._owner = os.getpid() + 1
    lease.release()
    assert lease.held
    lease._owner = os.getpid()
    lease.release()
    assert engine.told == ["start", "stop"]


def test_a_home_that_was_deleted_meanwhile_is_no_error_at_the_end(tmp_path: Path) -> None:
    engine = Switch(tmp_path / "engine")
    lease = Lease(engine)
    lease.take()
    for path in engine.folder.iterdir():
        path.unlink()
    engine.folder.rmdir()
    lease.release()
    assert not lease.held


def test_an_engine_that_does_not_start_leaves_nobody_holding_it(tmp_path: Path) -> None:
    class Broken(Switch):
        def start(self) -> None:
            raise EngineError("it does not start")

    lease = Lease(Broken(tmp_path))
    with pytest.raises(EngineError, match="does not start"):
        lease.take()
    assert not lease.held


def test_only_one_holds_the_start_lock(tmp_path: Path) -> None:
    with exclusive(tmp_path):
        fd = os.open(tmp_path / "start.lock", os.O_RDWR)
        with pytest.raises(BlockingIOError):
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(fd)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(EngineError, match="file/engine"):
        Lease(Switch(tmp_path / "file" / "engine")).take()
