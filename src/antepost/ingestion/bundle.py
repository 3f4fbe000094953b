"""Several files as one payload, for a feed whose files cannot be read one without another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import cast

from antepost.errors import DataError


def bundle(files: Sequence[bytes]) -> bytes:
    r"""Return ``files`` as one payload: a line with their sizes, then one after another.

    >>> bundle([b"ab", b"c"])
    b'[2, 1]\nabc'
    """
    return json.dumps([len(file) for file in files]).encode() + b"\n" + b"".join(files)


def unbundle(data: bytes, count: int, name: str) -> list[bytes]:
    r"""Return the ``count`` files of a payload.

    >>> unbundle(b"[2, 1]\nabc", 2, "a feed")
    [b'ab', b'c']

    Raises:
        DataError: the payload is cut off, or no bundle of so many files.
    """
    header, _, body = data.partition(b"\n")
    try:
        told: object = json.loads(header)
    except ValueError:
        told = None
    listed = cast("list[object]", told) if isinstance(told, list) else []
    sizes = [size for size in listed if isinstance(size, int) and size >= 0]
    if len(sizes) != count or sum(sizes) != len(body):
        raise DataError(f"{name} is cut off or not {count} files in one; fetch it again", name=name)
    return [body[start:end] for start, end in pairwise(accumulate(sizes, initial=0))]
