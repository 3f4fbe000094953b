"""Payloads with something wrong in them: bytes, lines, columns, cells, encodings; drawn from a seed."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import cast

import polars as pl
import pyarrow as pa

from antepost.ingestion.bundle import bundle

type Json = dict[str, Json] | list[Json] | str | float | bool | None
type Path = tuple[str | int, ...]

NO_NUMBERS = (
    "1O5", "12abc", "--3", "0x1F", "1_000", "\uff11\uff12", "\u0663", "nan", "NaN", "inf", "-inf", "1e999", "1,5",
    "3/4", "\u00b2", "\u00bd", "12%", "true", "-", "?", "'7", "4 2",
)  # fmt: skip
"""Texts that are no number, or none that can be stored."""
NUMBERS = ("-7", "0", "1000000007", "99999999999999999999", "1e30", "1e-9", "0.1234567", "9007199254740993", "+5")
"""Texts that are numbers, and odd ones."""
MOST_HELD = 2.0**53 - 1
"""What a larger number becomes in a parquet file: the largest whole number that a float holds without doubt."""
_NUMERIC = re.compile(r"^[+-]?\d+(\.\d+)?$", re.ASCII)
_MOST_LINES = 60
_ZSTD = b"\x28\xb5\x2f\xfd"


def short(data: bytes) -> bytes:
    """Return a long text with its first lines only; what is no text, several or a short one as it is."""
    lines = data.splitlines(keepends=True)
    whole = len(data) < 20_000 or data.startswith(b"PAR1") or parts_of(data) is not None
    return data if whole else b"".join(lines[:_MOST_LINES])


def parts_of(data: bytes) -> list[bytes] | None:
    """Return the files of a bundle, None where it is none."""
    header, _, body = data.partition(b"\n")
    if not re.fullmatch(rb"\[\d+(, \d+)*\]", header):
        return None
    sizes = [int(size) for size in header[1:-1].split(b",")]
    if sum(sizes) != len(body):
        return None
    ends = [sum(sizes[: at + 1]) for at in range(len(sizes))]
    return [body[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def damaged(data: bytes, dice: Random) -> tuple[str, bytes]:
    """Return what was done to a payload, and what became of it."""
    files = parts_of(data)
    if files is not None and dice.random() < 0.8:
        at = dice.randrange(len(files))
        told, files[at] = damaged(files[at], dice)
        return f"file {at}: {told}", bundle(files)
    if data.startswith(_ZSTD) and dice.random() < 0.8:
        told, text = damaged(_unpacked(data), dice)
        return f"unpacked: {told}", _packed(text)
    kinds = list(_BYTES)
    if _table(data) is not None:
        kinds += [*_LINES, *_LINES]
    if _tree(data) is not None:
        kinds += [_leaf] * 6
    if data.startswith(b"PAR1"):
        kinds += [_column] * 6
    kind = dice.choice(kinds)
    return kind.__name__.strip("_"), kind(data, dice)


def _unpacked(data: bytes) -> bytes:
    with pa.input_stream(io.BytesIO(data), compression="zstd") as text:
        return text.read()


def _packed(text: bytes) -> bytes:
    return pa.compress(text, codec="zstd", asbytes=True)


def _cut(data: bytes, dice: Random) -> bytes:
    return data[: dice.randrange(len(data))]


def _flip(data: bytes, dice: Random) -> bytes:
    copy = bytearray(data)
    for _ in range(dice.choice([1, 1, 2, 8])):
        copy[dice.randrange(len(copy))] ^= 1 << dice.randrange(8)
    return bytes(copy)


def _gap(data: bytes, dice: Random) -> bytes:
    start = dice.randrange(len(data))
    return data[:start] + data[start + dice.randrange(1, 40) :]


def _again(data: bytes, dice: Random) -> bytes:
    start = dice.randrange(len(data))
    span = data[start : start + dice.randrange(1, 200)]
    return data[:start] + span * dice.choice([2, 3, 50]) + data[start + len(span) :]


def _noise(data: bytes, dice: Random) -> bytes:
    start = dice.randrange(len(data))
    return data[:start] + dice.randbytes(dice.randrange(1, 30)) + data[start:]


def _encoding(data: bytes, dice: Random) -> bytes:
    text = data.decode("utf-8", errors="replace")
    text = text.replace("a", dice.choice(["ä", "ł", "日", "\u202e", "a\u0301"]), dice.choice([1, -1]))
    return text.encode(dice.choice(["utf-16", "utf-8-sig", "cp1252", "latin-1", "utf-32"]), errors="replace")


def _ends(data: bytes, dice: Random) -> bytes:
    return data.replace(b"\n", dice.choice([b"\r\n", b"\r", b"\n\n", b"\x00\n", b"\x0b"]))


def _columns(data: bytes, dice: Random) -> bytes:
    rows = cast("list[list[str]]", _table(data))
    one, two = dice.randrange(len(rows[0])), dice.randrange(len(rows[0]))
    for row in rows[: 1 if dice.random() < 0.5 else None]:
        if max(one, two) < len(row):
            row[one], row[two] = row[two], row[one]
    return _written(rows)


def _header(data: bytes, dice: Random) -> bytes:
    rows = cast("list[list[str]]", _table(data))
    at = dice.randrange(len(rows[0]))
    rows[0][at] = dice.choice(["", rows[0][0], rows[0][at].upper(), rows[0][at] + " ", "new"])
    return _written(rows)


def _rows(data: bytes, dice: Random) -> bytes:
    rows = cast("list[list[str]]", _table(data))
    at, other = dice.randrange(len(rows)), dice.randrange(len(rows))
    kind = dice.randrange(4)
    if kind == 0:
        rows[at], rows[other] = rows[other], rows[at]
    elif kind == 1:
        rows.insert(at, list(rows[other]))
    elif kind == 2:
        del rows[at]
    else:
        rows = rows[:1]
    return _written(rows)


def _cell(data: bytes, dice: Random) -> bytes:
    rows = cast("list[list[str]]", _table(data))
    row = dice.choice(rows[1:] or rows)
    if row:
        row[dice.randrange(len(row))] = dice.choice(["", "NA", "x" * 5000, '"', "\ufeff", *NO_NUMBERS, *NUMBERS])
    return _written(rows)


def _leaf(data: bytes, dice: Random) -> bytes:
    tree = _tree(data)
    paths = [path for path, _ in _leaves(tree, inner=True)]
    odd: list[Json] = [None, "", [], {}, [1], {"a": 1}, True, -1, 10**30, 1e308, 0.5, *NO_NUMBERS, *NUMBERS]
    path = dice.choice(paths)
    if dice.random() < 0.2 and path and isinstance(path[-1], str):
        cast("dict[str, Json]", _at(tree, path[:-1])).pop(path[-1])
        return json.dumps(tree).encode()
    return json.dumps(_with(tree, path, dice.choice(odd))).encode()


def _column(data: bytes, dice: Random) -> bytes:
    frame = pl.read_parquet(io.BytesIO(data))
    name = dice.choice(frame.columns)
    kind = frame.schema[name]
    column = frame[name]
    at = dice.randrange(frame.height)
    choice = dice.randrange(6)
    if choice == 0 and frame.width > 1:
        return _parquet(frame.drop(name))
    if choice == 1 and frame.width > 1:
        other = dice.choice([each for each in frame.columns if each != name] or [name])
        return _parquet(frame.with_columns(frame[other].alias(name), column.alias(other)))
    if choice == 2:
        return _parquet(frame.with_columns(column.cast(pl.String, strict=False)))
    if choice == 3:
        return _parquet(frame.clear())
    if choice == 4:
        return _parquet(frame.with_columns(pl.lit(None, kind).alias(name)))
    odd: Sequence[object] = [None]
    if kind.is_float():
        odd = [float("nan"), float("inf"), 1e308, -0.5, 1e18]
    elif kind.is_integer():
        odd = [cast("int", kind.to_python()(2**31 - 1)), 0, 7]
    elif kind == pl.String:
        odd = ["", "x" * 5000, *NO_NUMBERS, *NUMBERS]
    values = column.to_list()
    values[at] = dice.choice(odd)
    return _parquet(frame.with_columns(pl.Series(name, values, kind, strict=False)))


_BYTES: tuple[Callable[[bytes, Random], bytes], ...] = (_cut, _flip, _gap, _again, _noise, _encoding, _ends)
_LINES: tuple[Callable[[bytes, Random], bytes], ...] = (_columns, _header, _rows, _cell, _cell)


def numbers_in(data: bytes) -> list[tuple[str, Callable[[str], bytes]]]:
    """Return each number of a payload as its text, with the function that writes another text in its place."""
    files = parts_of(data)
    if files is not None:
        return [
            (old, lambda new, at=at, put=put: bundle([*files[:at], put(new), *files[at + 1 :]]))
            for at, file in enumerate(files)
            for old, put in numbers_in(file)
        ]
    if data.startswith(_ZSTD):
        return [(old, lambda new, put=put: _packed(put(new))) for old, put in numbers_in(_unpacked(data))]
    if data.startswith(b"PAR1"):
        return _numbers_of_parquet(data)
    tree = _tree(data)
    if tree is not None:
        return [
            (str(value), lambda new, path=path: json.dumps(_with(_tree(data), path, _same_kind(new))).encode())
            for path, value in _leaves(tree)
            if not isinstance(value, bool) and _NUMERIC.fullmatch(str(value))
        ]
    rows = _table(data)
    if rows is None:
        text = data.decode()
        return [
            (found[0], lambda new, found=found: f"{text[: found.start()]}{new}{text[found.end() :]}".encode())
            for found in re.finditer(r"(?<![\w.:/])\d+(?![\w.:/])", text)
        ]
    return [
        (cell, lambda new, at=at, column=column: _replaced(data, at, column, new))
        for at, row in enumerate(rows)
        # Of a row that is there twice the other still tells the number.
        if rows.count(row) == 1
        for column, cell in enumerate(row)
        if _NUMERIC.fullmatch(cell.strip())
    ]


def _same_kind(text: str) -> Json:
    """Return a number where JSON can write it as one, else the text."""
    if not _NUMERIC.fullmatch(text) or text.startswith("+"):
        return text
    return float(text) if "." in text else int(text)


def _numbers_of_parquet(data: bytes) -> list[tuple[str, Callable[[str], bytes]]]:
    frame = pl.read_parquet(io.BytesIO(data))

    def put(name: str, at: int, new: str) -> bytes:
        kind = frame.schema[name]
        values = frame[name].to_list()
        value = new if kind == pl.String else _float(new)
        values[at] = value
        told = pl.Float64() if kind.is_integer() and isinstance(value, float) else kind
        return _parquet(frame.with_columns(pl.Series(name, values, told, strict=False)))

    return [
        (str(value), lambda new, name=name, at=at: put(name, at, new))
        for name in frame.columns
        for at, value in enumerate(frame[name].to_list())
        if not isinstance(value, bool) and _NUMERIC.fullmatch(str(value))
    ]


def _float(text: str) -> float:
    """Return the number as a file of numbers can hold it, which is not beyond the last digit of a float."""
    return float("nan") if text in NO_NUMBERS else min(float(text), MOST_HELD)


def _replaced(data: bytes, at: int, column: int, new: str) -> bytes:
    rows = cast("list[list[str]]", _table(data))
    rows[at][column] = new
    return _written(rows)


def _table(data: bytes) -> list[list[str]] | None:
    """Return the cells of a CSV; None of what is none."""
    if data.startswith((b"PAR1", b"[", b"{")):
        return None
    try:
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    except (UnicodeDecodeError, csv.Error):
        return None
    return rows if len(rows) > 1 and len(rows[0]) > 2 else None


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue().encode()


def _tree(data: bytes) -> Json:
    if not data.startswith((b"[", b"{")):
        return None
    try:
        return cast("Json", json.loads(data))
    except ValueError:
        return None


def _leaves(tree: Json, path: Path = (), *, inner: bool = False) -> Iterator[tuple[Path, Json]]:
    if inner and path:
        yield path, tree
    items: Sequence[tuple[str | int, Json]] = ()
    if isinstance(tree, dict):
        items = list(tree.items())
    elif isinstance(tree, list):
        items = list(enumerate(tree))
    elif not inner:
        yield path, tree
    for key, value in items:
        yield from _leaves(value, (*path, key), inner=inner)


def _at(tree: Json, path: Path) -> Json:
    for key in path:
        tree = cast("dict[str | int, Json]", tree)[key]
    return tree


def _with(tree: Json, path: Path, value: Json) -> Json:
    cast("dict[str | int, Json]", _at(tree, path[:-1]))[path[-1]] = value
    return tree


def _parquet(frame: pl.DataFrame) -> bytes:
    file = io.BytesIO()
    frame.write_parquet(file, compression="uncompressed")
    return file.getvalue()
