"""Every source on damaged payloads: no crash but the named error, no hang, and no number that nobody wrote.

``ANTEPOST_FUZZ`` is how many damaged payloads each source is given, ``ANTEPOST_FUZZ_SEED`` from where they are drawn; a
failure names both, and the one that failed. ``make fuzz`` draws many from a new seed.
"""

from __future__ import annotations

import os
import re
import signal
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from random import Random
from types import FrameType

import polars as pl
import pytest

from antepost.errors import DataError
from antepost.ingestion import SOURCES, Part, Source
from antepost.ingestion.checks import sound
from antepost.lake.schemas import table_of
from tests.contract.test_sources import PAYLOADS, YEAR
from tests.mutations import MOST_HELD, NO_NUMBERS, NUMBERS, damaged, numbers_in, short

DOSE = int(os.environ.get("ANTEPOST_FUZZ", "2"))
SEED = os.environ.get("ANTEPOST_FUZZ_SEED", "0")
A_HANG = 60
"""Seconds after which a parser is said to hang; none takes one on a payload of ours."""

type Tables = Mapping[str, pl.DataFrame]
type Cell = tuple[str, tuple[object, ...], str]
type Cells = dict[Cell, float | int | None]


@pytest.fixture(params=sorted(PAYLOADS))
def source(request: pytest.FixtureRequest) -> Source:
    return SOURCES[request.param]


def test_no_damage_ends_in_anything_but_rows_or_the_named_error(source: Source) -> None:
    part, payload = told_of(source)
    for number in range(DOSE):
        told, data = damaged(payload, Random(f"{SEED}:{source.name}:{number}"))
        with reproducible(f"damage {number} of seed {SEED}: {told}"):
            tables = read(source, part, data)
            if tables is not None:
                no_number_without_an_end(tables)


def test_a_number_is_refused_left_out_or_read_as_it_was_written(source: Source) -> None:
    """Raised by one, a number shows which cells are made of it; then they hold another text's number, or nothing."""
    part, payload = told_of(source)
    numbers = numbers_in(payload)
    if not numbers:
        pytest.fail("no number was found in the payload: teach tests/mutations.py its layout")
    before = read(source, part, payload)
    assert before is not None
    stood = cells(source, before)
    often = Counter(old for old, _ in numbers)
    for number in range(DOSE):
        dice = Random(f"{SEED}:{source.name}:number {number}")
        old, put = dice.choice(numbers)
        new = dice.choice([*NO_NUMBERS, *NUMBERS, *([f"{old}.5"] * 4 if "." not in old else [])])
        with reproducible(f"number {number} of seed {SEED}: {old!r} became {new!r}"):
            changed = read(source, part, put(new))
            if changed is None:
                continue
            no_number_without_an_end(changed)
            raised = read(source, part, put(str(float(old) + 1.0 if "." in old else int(old) + 1)))
            now = cells(source, changed)
            for cell in made_of_it(stood, cells(source, raised or {}), float(old)):
                value = now.get(cell)
                # Where a row is gone, the next game of that day may have taken its number, and its key; and where a
                # number is told twice, the other still tells it.
                gone = changed[cell[0]].height < before[cell[0]].height
                cut = new not in NO_NUMBERS and int(float(new)) == int(float(old))
                other = value == stood[cell] and often[old] > 1 and not cut
                right = value is None or is_written(value, new) or gone or other
                assert right, f"{cell} is {value} and was {stood[cell]}"


def told_of(source: Source) -> tuple[Part, bytes]:
    name, payload = PAYLOADS[source.name]
    part = source.part(name, YEAR)
    assert part is not None
    return part, short(payload)


def read(source: Source, part: Part, data: bytes) -> Tables | None:
    """Return the rows that keep the rules of their tables, None where the payload was refused by name."""
    with in_time():
        try:
            parsed = source.read(data, part)
        except DataError:
            return None
        marked = {name: frame.with_columns(pl.lit("invented").alias("raw")) for name, frame in parsed.tables.items()}
        return {name: sound(name, frame)[0] for name, frame in marked.items()}


def no_number_without_an_end(tables: Tables) -> None:
    for name, frame in tables.items():
        for column in frame.columns:
            if frame.schema[column].is_float():
                assert frame[column].drop_nulls().is_finite().all(), f"{name}.{column} holds what is no number"


def cells(source: Source, tables: Tables) -> Cells:
    """Return every number of the tables by table, key and column; rows that share a key are left out."""
    found: Cells = {}
    for name, frame in tables.items():
        table = table_of(name, source.sport)
        numeric = [column for column in table.values if frame.schema[column].is_numeric() and column not in table.key]
        once = frame.filter(~pl.struct(table.key).is_duplicated()) if frame.height else frame
        for row in once.select(*table.key, *numeric).iter_rows():
            key, values = row[: len(table.key)], row[len(table.key) :]
            found |= {(name, key, column): value for column, value in zip(numeric, values, strict=True)}
    return found


def made_of_it(stood: Cells, raised: Cells, old: float) -> list[Cell]:
    """Return the cells that held the number, or its negative, and rise (or fall) with it."""
    return [
        cell
        for cell, value in stood.items()
        if value is not None and abs(value) == abs(old) and abs((raised.get(cell) or value) - value) == 1.0
    ]


def is_written(value: float, text: str) -> bool:
    """Return whether a text says ``value`` or its negative: to the last digit where it is a whole number."""
    if text in NO_NUMBERS:
        return False
    whole = re.fullmatch(r"[+-]?\d+", text)
    told = abs(int(text) if whole and isinstance(value, int) else float(text))
    return abs(value) in {told, min(told, MOST_HELD)}


@contextmanager
def in_time() -> Generator[None]:
    def hang(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"the parser hangs: {A_HANG} s")

    before = signal.signal(signal.SIGALRM, hang)
    signal.alarm(A_HANG)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def reproducible(told: str) -> Generator[None]:
    try:
        yield
    except BaseException as error:
        error.add_note(told)
        raise
