"""Training rows, and what was predicted for them by models that had not seen them."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from antepost.errors import DataError

type Floats = NDArray[np.float64]
type Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """Rows of one information set, one a fixture; all arrays are of its length n.

    ``X`` is (n, columns) with NaN where a value is not known; ``y`` is 1 where the home side won. ``as_of``
    and ``label_known_at`` are microseconds since 1970, ``match_day`` any integer that names a day.
    ``market_p`` is the reference close's P(home), NaN without a price; nothing learns from it.
    """

    fixture: list[str]
    season: NDArray[np.int32]
    week: NDArray[np.int32]
    as_of: NDArray[np.int64]
    label_known_at: NDArray[np.int64]
    match_day: NDArray[np.int64]
    X: Floats
    columns: tuple[str, ...]
    y: NDArray[np.int8]
    market_p: Floats

    def __post_init__(self) -> None:
        rows = self.y.size
        lengths = {field.name: len(getattr(self, field.name)) for field in fields(self) if field.name != "columns"}
        wrong = {name: length for name, length in lengths.items() if length != rows}
        if wrong or self.X.shape != (rows, len(self.columns)):
            raise DataError(
                f"a frame of {rows} rows and {len(self.columns)} columns holds X {self.X.shape} and {wrong}",
                **wrong,
            )
        if not np.isin(self.y, (0, 1)).all():
            raise DataError("labels of a two-way target are 0 and 1; drop ties before training")

    def where(self, mask: Mask) -> Frame:
        """Return the rows at which ``mask`` is true."""
        return Frame(
            fixture=[name for name, kept in zip(self.fixture, mask.tolist(), strict=True) if kept],
            season=self.season[mask],
            week=self.week[mask],
            as_of=self.as_of[mask],
            label_known_at=self.label_known_at[mask],
            match_day=self.match_day[mask],
            X=self.X[mask],
            columns=self.columns,
            y=self.y[mask],
            market_p=self.market_p[mask],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutOfFold:
    """P(home) by each family, (rows, families): NaN where no fold tested, or a family has no opinion."""

    p: Floats
    families: tuple[str, ...]

    @property
    def complete(self) -> Mask:
        """The rows on which every family has spoken."""
        return ~np.isnan(self.p).any(axis=1)

    def replaced(self, other: OutOfFold, mask: Mask) -> OutOfFold:
        """Return these predictions with ``other``'s at the rows of ``mask``.

        Raises:
            DataError: the two come from different families or rows.
        """
        if other.families != self.families or other.p.shape != self.p.shape:
            raise DataError(
                f"out-of-fold rows of {other.families} {other.p.shape} cannot stand for those of "
                f"{self.families} {self.p.shape}"
            )
        return OutOfFold(p=np.where(mask[:, None], other.p, self.p), families=self.families)
