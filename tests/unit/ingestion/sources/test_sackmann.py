"""Sackmann's files: players go by numbers, and what has none is refused, not a crash."""

from __future__ import annotations

from antepost.ingestion import get_source
from antepost.ingestion.source import Parsed
from tests.payloads.sackmann import PAYLOADS

SOURCE = get_source("sackmann_atp")


def _read(part: str, data: bytes) -> Parsed:
    return SOURCE.read(data, next(found for found in SOURCE.parts(2026) if found.name == part))


def test_a_player_whose_number_is_none_is_refused_and_the_others_stay() -> None:
    """One letter among the ids once ended the whole load with an error of the frame library."""
    name, data = PAYLOADS["sackmann_atp"]
    parsed = _read(name, data.replace(b",1,900001,", b",1,90O001,", 1))
    assert parsed.refused["reason"].to_list() == ["a player without a number"]
    assert parsed.tables["fixtures"].height == 6


def test_a_player_on_the_list_without_a_number_is_refused() -> None:
    header = b"player_id,name_first,name_last,hand,dob,ioc,height\n"
    parsed = _read("players", header + b"900001,Ann,Ace,R,19930101,INV,183\n,Bea,Backhand,L,,INV,\n")
    assert parsed.tables["entities"]["entity"].to_list() == ["900001"]
    assert parsed.refused["reason"].to_list() == ["a player without a number"]
