"""Every table carries the stamps, and a frame fits its schema or is named."""

from __future__ import annotations

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.lake import TABLES
from antepost.lake.schemas import CLAIM, ORIGIN, check


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_stamps_a_key_and_values(name: str) -> None:
    table = TABLES[name]
    assert {*CLAIM, *ORIGIN} <= set(table.schema)
    assert set(table.key) <= set(table.claimed)
    assert set(table.claimed) == set(table.schema) - set(ORIGIN)
    assert not set(table.values) & {*CLAIM, *ORIGIN}
    assert dict(table.empty().schema) == table.schema


def test_columns_come_back_in_the_schemas_order() -> None:
    frame = pl.DataFrame({"b": [1], "a": ["x"]})
    assert check(frame, {"a": pl.String(), "b": pl.Int64()}, "it").columns == ["a", "b"]


def test_a_misfit_is_named_column_by_column() -> None:
    with pytest.raises(DataError, match=r"a: Int64 for String, b: None for Int64, c: Int64 for None") as caught:
        check(pl.DataFrame({"a": [1], "c": [2]}), {"a": pl.String(), "b": pl.Int64()}, "it")
    assert caught.value.evidence == {"columns": ["a", "b", "c"]}
