"""The last step asks its own server, whatever lies between this machine and the world."""

from __future__ import annotations

import dagster as dg
import pytest

from antepost.desk import Desk
from pipelines import assets
from pipelines.resources import DeskResource


class Ready(Desk):
    """A desk that has all it needs."""

    def __init__(self) -> None:
        """Nothing is opened."""

    def ready(self) -> dict[str, str]:
        return {"lake": "ok"}

    def simulated(self, sport: str) -> bool:
        return sport == "nfl"


class ReadyResource(DeskResource):
    """Where the asset finds it."""

    def open(self) -> Desk:
        return Ready()


def test_no_proxy_is_asked_for_the_way_to_our_own_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Behind a company's proxy the main job once ended with a refused connection."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    found = assets.serve(sealed=[], desk=ReadyResource())
    assert isinstance(found, dg.MaterializeResult)
    assert found.metadata is not None
    assert found.metadata["asked"] == "/readyz"
