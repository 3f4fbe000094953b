"""A file is read whole or not at all."""

from __future__ import annotations

import io

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion.sheet import read_parquet, read_sheet

WHOLE = b"a,b\n1, x \nNA,\n"


def test_text_is_stripped_and_blanks_are_null() -> None:
    assert read_sheet(WHOLE, ("a", "b"), "it").to_dicts() == [{"a": "1", "b": "x"}, {"a": None, "b": None}]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter() -> None:
    data = b"\xef\xbb\xbf" + WHOLE.replace(b"\n", b"\r\n")
    assert read_sheet(data, ("a", "b"), "it").equals(read_sheet(WHOLE, ("a", "b"), "it"))


def test_a_quoted_field_may_hold_a_line_end() -> None:
    assert read_sheet(b'a,b\n1,"x\ny"\n', ("a",), "it")["b"].to_list() == ["x\ny"]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="no column c, d") as caught:
        read_sheet(WHOLE, ("a", "c", "d"), "it")
    assert caught.value.evidence == {"missing": ["c", "d"]}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"a,b\n", "no row"),
        (b"a,b\n1,x\n2,", "cut off"),
        (b"a,b\n1,x\n2\n", "row 3 of it has 1 of 2"),
        (b"a,b\n1,x,y\n", "row 2 of it has 3 of 2"),
        (b'a,b\n1,"x\n', "not a whole CSV"),
        (b"a,b\n1,\xff\n", "UTF-8 at byte 6"),
        (b"a,a\n1,2\n", "a column twice"),
    ],
)
def test_a_broken_file_says_where_it_is_broken(data: bytes, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read_sheet(data, ("a",), "it")


def test_every_cut_of_a_file_is_noticed_except_between_two_rows() -> None:
    for length in range(len(WHOLE)):
        if WHOLE[:length] == b"a,b\n1, x \n":
            continue
        with pytest.raises(DataError):
            read_sheet(WHOLE[:length], ("a", "b"), "it")


def _parquet(**columns: list[str] | list[int]) -> bytes:
    file = io.BytesIO()
    pl.DataFrame(columns).write_parquet(file)
    return file.getvalue()


def test_a_parquet_file_has_the_columns_and_types_that_are_asked_for() -> None:
    frame = read_parquet(_parquet(a=["1"], b=[2], c=[3]), {"b": pl.Float64(), "a": pl.String()}, "a file")
    assert frame.schema == {"b": pl.Float64(), "a": pl.String()}


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (_parquet(a=["1"])[:-1], "cut off"),
        (b"", "cut off"),
        (b"PAR1 and then rubbish PAR1", "cut off"),
        (_parquet(b=[1]), "no column a"),
        (_parquet(a=[]), "no row"),
        (_parquet(a=["x"]), "another type"),
    ],
)
def test_a_parquet_file_is_taken_whole_or_refused(data: bytes, told: str) -> None:
    with pytest.raises(DataError, match=told):
        read_parquet(data, {"a": pl.Int64()}, "a file")
