"""What goes wrong around an embedded server, done to a real one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from antepost.engines import acquire, pin, release, unpin
from antepost.engines.cluster import Cluster
from antepost.engines.lease import pinned
from antepost.engines.postgres import cluster
from antepost.engines.process import wait_until
from antepost.errors import EngineError
from antepost.settings import Settings, get_settings

_USER = """
import sys
from antepost.engines import acquire
from antepost.engines.postgres import cluster
from antepost.settings import get_settings

settings = get_settings(home=sys.argv[1])
acquire(settings)
print(cluster(settings).postmaster(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def own(home: Path) -> Iterator[Settings]:
    """A home with a server of its own, stopped at the end whatever the test did to it."""
    settings = get_settings(home=home, database_url=None)
    yield settings
    unpin(settings)
    release(settings)
    if cluster(settings).folder.exists():
        cluster(settings).stop()


def _user(settings: Settings, env: dict[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _USER, str(settings.home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **(env or {})},
    )


def _said_pid(user: subprocess.Popen[str]) -> int:
    assert user.stdout is not None
    line = user.stdout.readline()
    assert line.strip().isdigit(), user.communicate()[1]
    return int(line)


def _write(server: Cluster, number: int) -> None:
    connection = server.connection("antepost")
    with connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE IF NOT EXISTS committed (number int)")
        cursor.execute("INSERT INTO committed VALUES (%s)", (number,))
    connection.close()


def _numbers(server: Cluster) -> list[int]:
    connection = server.connection("antepost")
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT number FROM committed ORDER BY number")
        found = [row[0] for row in cursor.fetchall()]
    connection.close()
    return found


def _kill(server: Cluster) -> int:
    pid = server.postmaster()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    return pid


def test_a_killed_postmaster_is_replaced_and_what_was_committed_is_there(own: Settings) -> None:
    acquire(own)
    server = cluster(own)
    for number in range(3):
        _write(server, number)
        before = _kill(server)
        acquire(own)
        assert server.postmaster() not in (None, before)
    assert _numbers(server) == [0, 1, 2]


def test_a_stale_pid_file_that_names_a_living_stranger_stops_nobody(own: Settings) -> None:
    acquire(own)
    server = cluster(own)
    _write(server, 1)
    _kill(server)
    stale = (server.data / "postmaster.pid").read_text().splitlines()
    (server.data / "postmaster.pid").write_text("\n".join([str(os.getpid()), *stale[1:]]) + "\n")
    lock = server.socket / ".s.PGSQL.5432.lock"
    lock.write_text("\n".join([str(os.getpid()), *lock.read_text().splitlines()[1:]]) + "\n")
    acquire(own)
    assert _numbers(server) == [1]


def test_a_torn_pid_file_and_a_cleaned_socket_folder_are_no_trouble(own: Settings) -> None:
    acquire(own)
    server = cluster(own)
    _kill(server)
    (server.data / "postmaster.pid").write_text("")
    shutil.rmtree(server.socket)
    acquire(own)
    assert server.healthy()


def test_an_initdb_that_was_killed_leaves_nothing_in_the_way(own: Settings) -> None:
    half = cluster(own).folder / "initialising"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("1")
    acquire(own)
    assert cluster(own).healthy()


def test_processes_that_start_at_once_share_one_server_that_the_last_one_out_stops(own: Settings) -> None:
    users = [_user(own) for _ in range(3)]
    pids = {_said_pid(user) for user in users}
    assert len(pids) == 1
    for user in users[:2]:
        assert user.communicate() == ("", "")
        assert cluster(own).healthy()
    assert users[2].communicate() == ("", "")
    assert cluster(own).postmaster() is None
    assert not cluster(own).socket.exists()


def test_a_user_killed_by_kill_9_holds_nothing_and_the_next_one_out_stops_the_server(own: Settings) -> None:
    victim = _user(own)
    pid = _said_pid(victim)
    victim.kill()
    victim.communicate()
    assert cluster(own).postmaster() == pid
    heir = _user(own)
    assert _said_pid(heir) == pid
    heir.communicate()
    assert cluster(own).postmaster() is None


def test_a_user_with_another_tmpdir_and_postgres_variables_finds_the_same_server(own: Settings, tmp_path: Path) -> None:
    first = _user(own)
    strange = {
        "TMPDIR": str(tmp_path),
        "PGPORT": "1",
        "PGDATA": "/nowhere",
        "PGUSER": "nobody",
        "PGHOST": "::1",
    }
    second = _user(own, strange)
    assert _said_pid(first) == _said_pid(second)
    for user in (second, first):
        user.communicate()


def test_a_pinned_server_outlives_its_users_until_it_is_unpinned(own: Settings) -> None:
    pin(own)
    pid = cluster(own).postmaster()
    release(own)
    assert cluster(own).postmaster() == pid
    acquire(own)
    unpin(own)
    release(own)
    assert cluster(own).postmaster() is None


def test_a_server_that_does_not_start_is_not_pinned(own: Settings) -> None:
    server = cluster(own)
    server.data.mkdir(parents=True)
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EngineError, match="did not start"):
        pin(own)
    assert not pinned(server.folder)


def test_a_home_below_a_private_folder_and_200_characters_deep_works(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    settings = get_settings(home=private / ("h" * 120) / ("o" * 120), database_url=None)
    acquire(settings)
    server = cluster(settings)
    assert server.healthy()
    assert server.data.stat().st_mode & 0o777 == 0o700
    assert server.socket.stat().st_mode & 0o777 == 0o700
    release(settings)


def test_a_home_deleted_under_its_server_gets_a_new_one(own: Settings) -> None:
    """The old server notices within a minute that its folder is gone; until then it must not answer for us."""
    acquire(own)
    old_pid = cluster(own).postmaster()
    assert old_pid is not None
    _write(cluster(own), 1)
    old_socket = cluster(own).socket
    shutil.rmtree(own.home)
    acquire(own)
    assert cluster(own).socket != old_socket
    with pytest.raises(psycopg2.errors.UndefinedTable, match="committed"):
        _numbers(cluster(own))
    os.kill(old_pid, signal.SIGQUIT)
    assert wait_until(lambda: not Path(f"/proc/{old_pid}/cwd").exists(), 20.0)
    shutil.rmtree(old_socket, ignore_errors=True)


def test_a_folder_nobody_may_write_to_is_named() -> None:
    settings = get_settings(home=Path("/proc/antepost"), database_url=None)
    with pytest.raises(EngineError, match="/proc/antepost"):
        acquire(settings)


def test_data_of_another_postgres_version_are_refused_with_its_own_words(own: Settings) -> None:
    acquire(own)
    release(own)
    (cluster(own).data / "PG_VERSION").write_text("9\n")
    with pytest.raises(EngineError, match="incompatible with server"):
        acquire(own)
