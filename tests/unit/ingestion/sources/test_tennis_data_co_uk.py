"""tennis-data.co.uk: slips of the pen are refused with their reason, and cost no more than what they stand in."""

from __future__ import annotations

from antepost.ingestion import get_source
from antepost.ingestion.source import Parsed
from tests.payloads.tennis_data_co_uk import PAYLOADS

SOURCE = get_source("tennis_data_atp")
NAME, DATA = PAYLOADS["tennis_data_atp"]


def _read(data: bytes) -> Parsed:
    return SOURCE.read(data, next(part for part in SOURCE.parts(2026) if part.name == NAME))


def _with(column: bytes, cell: bytes) -> bytes:
    """Return the payload with another ``cell`` in the first row of ``column``."""
    header, first, *rest = DATA.split(b"\n")
    cells = first.split(b",")
    cells[header.split(b",").index(column)] = cell
    return b"\n".join([header, b",".join(cells), *rest])


def test_odds_that_are_no_number_are_refused_and_the_others_of_the_match_stay() -> None:
    """`2.,3` was once passed over without a word."""
    before, parsed = _read(DATA), _read(_with(b"PSW", b"2.x"))
    assert parsed.tables["prices"].height == before.tables["prices"].height - 1
    assert parsed.refused["reason"].to_list() == [*before.refused["reason"], "odds that are no number"]


def test_sets_that_are_no_number_are_no_result_and_the_match_stays() -> None:
    before, parsed = _read(DATA), _read(_with(b"Lsets", b"`1"))
    assert parsed.tables["results"].height == before.tables["results"].height - 1
    assert parsed.tables["fixtures"].height == before.tables["fixtures"].height
    assert "sets that are no number" in parsed.refused["reason"].to_list()
