"""The databank: who is in a game log, and grounds by Retrosheet's keys."""

from __future__ import annotations

from datetime import date

from antepost.ingestion.source import Part
from antepost.ingestion.sources.baseballdatabank import BASEBALLDATABANK
from tests.payloads.mlb import PEOPLE


def test_people_are_under_retrosheets_ids_in_centimetres() -> None:
    parsed = BASEBALLDATABANK.read(PEOPLE.encode(), Part(name="People", path=""))
    people = parsed.tables["entities"].select("entity", "name", "born", "hand", "height").rows()
    assert people == [("vp0101", "Ann Arm", date(1990, 2, 28), "L", 183), ("unbor101", "Unborn", None, None, None)]
    assert parsed.refused["reason"].to_list() == ["nobody who is in a game log: no Retrosheet id"]


def test_grounds_have_a_name_and_no_fixture() -> None:
    data = b"park.key,park.name,city\nINV01,Invented Field,Antville\n,Nowhere,Antville\n"
    parsed = BASEBALLDATABANK.read(data, Part(name="Parks", path=""))
    assert parsed.tables["places"].select("venue", "name", "fixture").rows() == [("INV01", "Invented Field", None)]
    assert parsed.refused.height == 1
