"""A payload as it is kept: unpacked where it came gzipped, and never larger than any feed we know."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from typing import cast

from antepost.errors import DataError, SourceError

MOST_BYTES = 50 * 1024 * 1024


def unpacked(data: bytes, where: str) -> bytes:
    """Return ``data`` itself, or what is in it where it is a gzip file.

    Raises:
        DataError: the gzip file is cut off.
        SourceError: what is in it is too large.
    """
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            plain = file.read(MOST_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise DataError(f"{where} is cut off or no gzip file ({error}); fetch it again", where=where) from error
    refuse_large(len(plain), where)
    return plain


def zstd_lines(data: bytes, where: str, longest: int) -> Iterator[bytes]:
    """Return the lines of what is in a zstd file, one after another, so that it need not fit into memory unpacked.

    Raises:
        DataError: the file is cut off, no zstd file, or has a line of more than ``longest`` bytes.
    """
    import pyarrow as pa

    packed = cast("io.RawIOBase", pa.CompressedInputStream(pa.BufferReader(data), "zstd"))
    lines = io.BufferedReader(packed, 1 << 20)
    try:
        while line := lines.readline(longest + 1):
            if len(line) > longest:
                raise DataError(
                    f"{where} has a line of more than {longest} bytes; it is not what we write", where=where
                )
            yield line
    except OSError as error:
        raise DataError(f"{where} is cut off or no zstd file ({error}); fetch it again", where=where) from error


def refuse_large(size: int, where: str, most: int = MOST_BYTES) -> None:
    """Refuse what is larger than ``most`` bytes.

    Raises:
        SourceError: it is.
    """
    if size > most:
        raise SourceError(f"{where} is larger than {most >> 20} MiB; it is not the feed we know", where=where)
