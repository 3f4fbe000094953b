"""The one walk-forward: learn from what was known before the first question of the test block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from antepost.errors import DataError, LeakageError

type Integers = NDArray[np.integer]
type Rows = NDArray[np.intp]

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fold:
    """One test block and what may be learnt before it, as row numbers in ascending order.

    ``cut`` is the moment, in microseconds, before which an answer had to be known to be learnt from.
    """

    name: str
    cut: int
    train: Rows
    test: Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkForward:
    """How to walk: block by block, always forward.

    ``cadence`` says what a test block is: a whole season, or one block (a week) of a season. ``purge`` widens
    the gap before a test block, ``embargo`` delays every label; both only ever take training rows away.
    Blocks of the first ``first_train_seasons`` seasons are never tested, only learnt from.
    """

    cadence: Literal["season", "week"] = "season"
    first_train_seasons: int = 3
    purge: timedelta = timedelta(0)
    embargo: timedelta = timedelta(0)

    def __post_init__(self) -> None:
        if self.cadence not in ("season", "week"):
            raise DataError(f"cadence {self.cadence!r} is neither season nor week", cadence=self.cadence)
        if self.first_train_seasons < 1 or min(self.purge, self.embargo) < timedelta(0):
            raise DataError("a walk needs a season to learn from, and gaps that are not negative")

    def folds(self, season: Integers, block: Integers, as_of: Integers, label_known_at: Integers) -> Iterator[Fold]:
        """Yield a fold for every block of a late enough season, in order of time.

        ``as_of`` is when each row's question is asked, ``label_known_at`` when its first answer was known, both in
        microseconds; a row without an answer yet carries the largest int64 and is never learnt from.

        Raises:
            DataError: arrays of different lengths, or a block with nothing to learn from before it.
            LeakageError: an answer was known before its own question was asked.
        """
        _require_rows(season, block, as_of, label_known_at)
        _require_questions_first(as_of, label_known_at)
        if not len(season):
            return
        gap = (self.purge + self.embargo) // _MICROSECOND
        for name, test in self._blocks(season, block, as_of):
            # The gap is taken from the test's side: adding it to the largest int64 would wrap around.
            cut = int(as_of[test].min()) - gap
            train = np.flatnonzero((label_known_at < cut) & (season <= season[test[0]]))
            if not len(train):
                raise DataError(f"fold {name} has no training row before it; raise first_train_seasons", fold=name)
            yield Fold(name=name, cut=cut, train=train, test=test)

    def _blocks(self, season: Integers, block: Integers, as_of: Integers) -> list[tuple[str, Rows]]:
        inner = np.zeros_like(block) if self.cadence == "season" else block
        late = season >= season.min() + self.first_train_seasons
        keys = sorted({(int(s), int(b)) for s, b in zip(season[late], inner[late], strict=True)})
        found = [(key, np.flatnonzero((season == key[0]) & (inner == key[1]))) for key in keys]
        found.sort(key=lambda item: (int(as_of[item[1]].min()), item[0]))
        return [(self.name(*key), rows) for key, rows in found]

    def name(self, season: int, block: int) -> str:
        """Return the name of the fold that tests a row of ``season`` and ``block``."""
        return str(season) if self.cadence == "season" else f"{season}-{block:02d}"


def _require_rows(*columns: Integers) -> None:
    lengths = {column.shape for column in columns}
    if len(lengths) != 1 or columns[0].ndim != 1:
        raise DataError(f"the columns of a walk have shapes {sorted(lengths)}; give one row a fixture", shapes=lengths)


def _require_questions_first(as_of: Integers, label_known_at: Integers) -> None:
    answered = np.flatnonzero(label_known_at < as_of)
    if len(answered):
        raise LeakageError(
            f"row {answered[0]} (of {len(answered)}) was answered before it was asked; check its times",
            rows=answered,
        )
