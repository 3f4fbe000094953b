"""The door: a function wins over the module of its name."""

from __future__ import annotations

import importlib

import pytest

import antepost.ingestion as door
from antepost.errors import SourceError
from antepost.ingestion import SOURCES, get_source
from antepost.ingestion.sources import primary


def test_the_door_gives_functions_also_after_their_modules_were_imported() -> None:
    for name in ("fetch", "ingest"):
        importlib.import_module(f"antepost.ingestion.{name}")
        assert callable(getattr(door, name))


def test_a_source_is_found_by_name_and_by_its_sport() -> None:
    assert get_source("simulated") is SOURCES["simulated"]
    assert primary("nfl").name == "nflverse"


def test_an_unknown_source_is_answered_with_those_there_are() -> None:
    with pytest.raises(SourceError, match=r"nflverse, .*simulated"):
        get_source("tarot")
