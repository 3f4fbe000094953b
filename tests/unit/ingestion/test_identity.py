"""Who a name is: a map, the same spelling, the source's own way of writing, or nobody."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import SOURCES
from antepost.ingestion.identity import CANDIDATES, candidates, likeliest, names_of, read_names, slug, translated
from antepost.settings import get_settings

PRIMARY = SOURCES["football_data_co_uk"]
SECONDARY = SOURCES["oddsportal_nba"]
TENNIS = SOURCES["tennis_data_atp"]
NOBODY = pl.DataFrame(schema={"entity": pl.String, "name": pl.String})
NO_MAP = pl.DataFrame(schema=CANDIDATES)


def entities(**names: str) -> pl.DataFrame:
    return pl.DataFrame({"entity": list(names), "name": list(names.values())})


def who(source: str, *names: str, known: pl.DataFrame = NOBODY, mapped: pl.DataFrame = NO_MAP) -> list[tuple[str, str]]:
    found = candidates(SOURCES[source], pl.Series("name", list(names)), mapped, known)
    return sorted(found.select("name", "entity").iter_rows())


def test_a_name_in_another_alphabet_has_a_plain_id() -> None:
    assert [slug(name) for name in ("Nott'm Forest", "Bayern München", "Bodø/Glimt", "A.C. Milan")] == [
        "nottm-forest",
        "bayern-munchen",
        "bodo-glimt",
        "ac-milan",
    ]


def test_a_name_that_the_deciding_source_brings_is_somebody_new() -> None:
    assert who(PRIMARY.name, "Antford") == [("Antford", "antford")]


def test_a_name_that_another_source_brings_is_nobody_until_it_is_mapped() -> None:
    known = entities(antford="Antford", beebury="Beebury")
    assert who(SECONDARY.name, "Ant Ford FC", known=known) == []
    mapped = read_names(b"source,name,entity,first,last\noddsportal_nba,Ant Ford FC,antford,,\n")
    assert who(SECONDARY.name, "Ant Ford FC", known=known, mapped=mapped) == [("Ant Ford FC", "antford")]


def test_the_same_spelling_needs_no_map() -> None:
    assert who(SECONDARY.name, "ANTFORD", known=entities(antford="Antford")) == [("ANTFORD", "antford")]


@pytest.mark.parametrize("written", ["del Potro J.M.", "Del Potro J.", "Del Potro JM"])
def test_a_surname_and_initials_are_all_who_may_be_written_so(written: str) -> None:
    known = entities(**{"1": "Juan Martin del Potro", "2": "Jelena del Potro", "3": "Roger Federer"})
    assert ("1") in [entity for _, entity in who(TENNIS.name, written, known=known)]
    assert ("3") not in [entity for _, entity in who(TENNIS.name, written, known=known)]


def test_a_name_may_change_its_owner_on_a_day() -> None:
    mapped = read_names(
        b"source,name,entity,first,last\nx,Rovers,old-rovers,,2009-12-31\nx,Rovers,new-rovers,2010-01-01,\n"
    )
    days = [datetime(2009, 12, 31, tzinfo=UTC), datetime(2010, 1, 1, tzinfo=UTC)]
    rows = pl.DataFrame({"team": ["Rovers"] * 2, "event_at": days})
    assert translated(rows, ("team",), mapped)["team"].to_list() == ["old-rovers", "new-rovers"]


def test_a_map_that_gives_a_name_to_two_on_one_day_is_refused() -> None:
    mapped = read_names(b"source,name,entity,first,last\nx,Rovers,a,,2010-01-01\nx,Rovers,b,2010-01-01,\n")
    rows = pl.DataFrame({"team": ["Rovers"], "event_at": [datetime(2010, 1, 1, tzinfo=UTC)]})
    with pytest.raises(DataError, match="two entities on one day"):
        translated(rows, ("team",), mapped)


def test_the_likeliest_are_for_people_to_choose_from() -> None:
    found = likeliest("Antford United", entities(antford="Antford", beebury="Beebury"))
    assert found[0][0] == "antford"
    assert 0.5 <= found[0][1] <= 1.0


def test_what_a_home_accepted_is_read_after_what_is_shipped(tmp_path: Path) -> None:
    place = get_settings(home=tmp_path, mirror=None)
    shipped = read_names(names_of(place, SECONDARY))
    assert shipped.height == 30
    (tmp_path / "names").mkdir()
    accepted = tmp_path / "names" / "nba.csv"
    accepted.write_text("source,name,entity,first,last\noddsportal_nba,Seattle SuperSonics,OKC,,2008-07-01\n")
    both = read_names(names_of(place, SECONDARY))
    assert both.height == 31
    assert both.row(30) == ("Seattle SuperSonics", "OKC", None, date(2008, 7, 1))


def test_a_map_that_does_not_parse_is_named(tmp_path: Path) -> None:
    place = get_settings(home=tmp_path, mirror=None)
    (tmp_path / "names").mkdir()
    (tmp_path / "names" / "nba.csv").write_text("source,name,entity,first,last\na,b,c,the other day,\n")
    with pytest.raises(DataError, match=r"names/nba\.csv is no map of names"):
        names_of(place, SECONDARY)


def test_a_source_whose_names_are_ids_is_taken_at_its_word() -> None:
    assert not replace(PRIMARY, named=False).named
    assert who("sackmann_atp", "104925") == [("104925", "104925")]
