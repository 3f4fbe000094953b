"""A mirror with an invented league in nflverse's layout: whoever reads it takes its games for real ones."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl

from antepost.ingestion import SOURCES
from antepost.simulation import simulate


def games(seasons: Sequence[int]) -> pl.DataFrame:
    """Return the league's games as the file has them, every cell a text."""
    return pl.read_csv(simulate(23, seasons), infer_schema=False)


def mirror_in(root: Path, table: pl.DataFrame) -> str:
    """Return the mirror ``root``, which holds the games of ``table`` and nothing else."""
    path = root / next(iter(SOURCES["nflverse"].parts(2031))).path
    path.parent.mkdir(parents=True, exist_ok=True)
    table.write_csv(path)
    return str(root)
