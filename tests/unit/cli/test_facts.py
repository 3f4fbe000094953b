from __future__ import annotations

import pytest

from antepost.cli.facts import _show
from antepost.ingestion import IngestReport


def test_a_small_share_of_stamps_is_not_rounded_away(capsys: pytest.CaptureFixture[str]) -> None:
    """Whole percents said assumed 100%, bounded 0%, of a file in which thousands of stamps are bounded."""
    report = IngestReport(
        sport="nfl", source="invented", simulated=False, origin="nowhere", payloads=(("all", "0" * 64),), unchanged=0,
        absent=0, batch=1, games=1, offered={"fixtures": 1}, added={"fixtures": 1}, refused=0,
        known_how={"assumed": 0.997, "bounded": 0.003},
    )  # fmt: skip
    _show(report)
    assert "known_at: assumed 99.7%, bounded 0.3%" in capsys.readouterr().out.replace("\n", " ")
