from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from antepost.desk import doctor
from antepost.domain.clock import FixedClock
from antepost.settings import get_settings

NOW = FixedClock(at=datetime(2031, 9, 7, 17, tzinfo=UTC))


@contextmanager
def time_server(seconds_ahead: float, length: int = 48) -> Iterator[int]:
    """Answer one SNTP question on a port of the loopback address, in a time ``seconds_ahead`` of ``NOW``."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        line.settimeout(10)

        def answer() -> None:
            _, asker = line.recvfrom(48)
            whole, part = divmod(NOW.now().timestamp() + seconds_ahead + doctor.NTP_EPOCH, 1)
            line.sendto((bytes(40) + struct.pack("!II", int(whole), int(part * 2**32)))[:length], asker)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield line.getsockname()[1]
        finally:
            thread.join()


@pytest.mark.parametrize(("ahead", "state"), [(0.0, "ok"), (0.25, "ok"), (-3.0, "fail"), (7200.0, "fail")])
def test_the_clock_is_judged_by_a_time_server(ahead: float, state: str) -> None:
    with time_server(ahead) as port:
        found = doctor._clock(NOW, "127.0.0.1", port)
    assert found.state == state
    assert f"{0.0 - ahead:+.3f} s" in found.text


def test_an_answer_that_is_too_short_is_a_warning() -> None:
    with time_server(0.0, length=10) as port:
        assert doctor._clock(NOW, "127.0.0.1", port).state == "warn"


def test_a_server_that_tells_no_time_is_a_warning() -> None:
    with time_server(-(NOW.now().timestamp() + doctor.NTP_EPOCH)) as port:
        assert doctor._clock(NOW, "127.0.0.1", port).state == "warn"


def test_a_server_that_nobody_knows_is_a_warning_that_says_what_to_do() -> None:
    found = doctor._clock(NOW, "no-such-host.invalid")
    assert found.state == "warn"
    assert "--ntp" in found.text


def test_a_home_need_not_exist_yet(tmp_path: Path) -> None:
    assert "GiB free" in doctor._home(get_settings(home=tmp_path / "a" / "b")).text


def test_a_mirror_that_is_no_folder_fails(tmp_path: Path) -> None:
    assert doctor._mirror(get_settings(home=tmp_path, mirror=str(tmp_path))).state == "ok"
    assert doctor._mirror(get_settings(home=tmp_path, mirror=str(tmp_path / "no"))).state == "fail"
    assert doctor._mirror(get_settings(home=tmp_path, mirror="http://127.0.0.1:9")).state == "fail"
    assert doctor._mirror(get_settings(home=tmp_path, mirror=None)).state == "ok"


def test_a_home_that_is_a_file_fails(tmp_path: Path) -> None:
    (tmp_path / "home").touch()
    for home in (tmp_path / "home", tmp_path / "home" / "below"):
        assert doctor._home(get_settings(home=home)).state == "fail"


def test_a_lake_whose_log_has_a_gap_is_a_fault(tmp_path: Path) -> None:
    assert doctor._lake(get_settings(home=tmp_path)).state == "ok"
    (tmp_path / "batches").mkdir()
    (tmp_path / "batches" / "00000002.json").write_text("{}")
    found = doctor._lake(get_settings(home=tmp_path))
    assert (found.state, "00000002.json does not parse" in found.text) == ("fail", True)
