"""Training rows, and what was predicted for them by models that had not seen them.

What can be forecast in three ways is taken apart into two questions of two answers each, a nested dichotomy: is the
game drawn (``draw``), and if it is not, does the home side win (``winner``). With d = P(draw) and q = P(home | decided)
the three chances are q (1 - d), d and (1 - q)(1 - d), and their log-loss is exactly the sum of the two binary ones, the
second counted where there is no draw. So everything that learns stays binary.

Source: Frank and Kramer, Ensembles of nested dichotomies for multi-class problems, ICML 2004.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from antepost.errors import DataError

type Floats = NDArray[np.float64]
type Mask = NDArray[np.bool_]

Dichotomy = Literal["winner", "draw"]
DICHOTOMIES: Mapping[str, tuple[Dichotomy, ...]] = {
    "winner": ("winner",),
    "draw": ("draw",),
    "1x2": ("draw", "winner"),
}
"""The two-way questions that each target is made of."""
NEVER = int(np.iinfo(np.int64).max)
"""What stands for the moment at which something was known that is not known yet."""
UNDECIDED = -1
"""The answer that is none: a tie, or nothing known yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Superseded:
    """The answer of one fixture as it stood from ``known_at`` (microseconds) on, until it was corrected."""

    fixture: str
    y: int
    known_at: int
    scores: tuple[float, float] = (float("nan"), float("nan"))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Mirror:
    """How rows look when the two sides change places: column j is ``signs[j]`` times column ``places[j]`` of before."""

    places: NDArray[np.intp]
    signs: Floats

    def of(self, X: Floats) -> Floats:
        """Return the rows ``X`` (rows, columns) with the sides in each other's place."""
        return np.ascontiguousarray(X[:, self.places] * self.signs)


def _untold() -> Floats:
    return np.empty((0, 2))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Frame:
    """Rows of one information set, one a fixture; all arrays are of its length n.

    ``X`` is (n, columns) with NaN where a value is not known. ``y`` answers the question ``target``: of ``winner`` it
    is 1 where the home side won, 0 where the away side did and UNDECIDED after a tie, of ``draw`` it is 1 after a tie,
    else 0; as it stands now, and ``label_known_at`` since when it is known so. What was corrected before stands in
    ``superseded``, the oldest first, for questions that were asked before the correction; a row that was decided and
    is a tie by now is UNDECIDED. ``as_of`` and ``label_known_at`` are microseconds since 1970, ``match_day`` any
    integer that names a day. ``market_p`` is the reference close's P(y = 1), NaN without a price; nothing learns from
    it. ``scores`` (n, 2) are the final ones of the home and the away side, NaN where not known, or (0, 2) where nobody
    asked for them; they are answers too, and no family reads them but to learn. ``mirror`` is there where it is chance
    who is named first: then every row is learnt from a second time, the other way round, and nothing follows from the
    order.
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
    superseded: tuple[Superseded, ...] = ()
    target: Dichotomy = "winner"
    scores: Floats = field(default_factory=_untold)
    mirror: Mirror | None = None

    def __post_init__(self) -> None:
        rows = self.y.size
        apart = ("columns", "superseded", "target", "mirror", *(() if self.scores.size else ("scores",)))
        lengths = {each.name: len(getattr(self, each.name)) for each in fields(self) if each.name not in apart}
        wrong = {name: length for name, length in lengths.items() if length != rows}
        if wrong or self.X.shape != (rows, len(self.columns)):
            raise DataError(
                f"a frame of {rows} rows and {len(self.columns)} columns holds X {self.X.shape} and {wrong}",
                **wrong,
            )
        if self.mirror is not None and self.mirror.places.size != len(self.columns):
            raise DataError(f"the mirror turns {self.mirror.places.size} columns, the frame has {len(self.columns)}")
        if not np.isin(self.y, (0, 1, UNDECIDED)).all():
            raise DataError(
                "labels of a two-way target are 0 and 1; drop ties before training, but UNDECIDED where one was decided"
            )

    @property
    def odd(self) -> bool:
        """Whether the answer turns into its opposite when the sides change places, and so must what is said of it."""
        return self.mirror is not None and self.target == "winner"

    @property
    def first_known_at(self) -> NDArray[np.int64]:
        """Since when there was an answer to each row, whether it still stands or not."""
        first = self.label_known_at.copy()
        rows = self._rows()
        for old in self.superseded:
            first[rows[old.fixture]] = min(old.known_at, first[rows[old.fixture]])
        return first

    def answers(self, moment: int) -> tuple[NDArray[np.int8], NDArray[np.int64]]:
        """Return each row's answer as it was known before ``moment``, and since when it was.

        Where there was none, it is UNDECIDED since NEVER.
        """
        y, since, _ = self._told(moment)
        return y, since

    def as_known(self, moment: int = NEVER) -> Frame:
        """Return the rows that were decided before ``moment``, by the answers that were known then and by no other."""
        y, since, scores = self._told(moment)
        return replace(self, y=y, label_known_at=since, scores=scores, superseded=()).where(y != UNDECIDED)

    def _told(self, moment: int) -> tuple[NDArray[np.int8], NDArray[np.int64], Floats]:
        known = self.label_known_at < moment
        y = np.where(known, self.y, np.int8(UNDECIDED))
        since = np.where(known, self.label_known_at, NEVER)
        scores = np.where(known[:, None], self.scores, np.nan) if self.scores.size else self.scores
        rows = self._rows()
        for old in self.superseded:
            row = rows[old.fixture]
            if old.known_at < moment and not known[row]:
                y[row], since[row] = old.y, old.known_at
                if scores.size:
                    scores[row] = old.scores
        return y, since, scores

    def where(self, mask: Mask) -> Frame:
        """Return the rows at which ``mask`` is true."""
        fixture = [name for name, kept in zip(self.fixture, mask.tolist(), strict=True) if kept]
        kept = frozenset(fixture) if self.superseded else frozenset[str]()
        return Frame(
            fixture=fixture,
            season=self.season[mask],
            week=self.week[mask],
            as_of=self.as_of[mask],
            label_known_at=self.label_known_at[mask],
            match_day=self.match_day[mask],
            X=self.X[mask],
            columns=self.columns,
            y=self.y[mask],
            market_p=self.market_p[mask],
            superseded=tuple(old for old in self.superseded if old.fixture in kept),
            target=self.target,
            scores=self.scores[mask] if self.scores.size else self.scores,
            mirror=self.mirror,
        )

    def both_ways(self) -> tuple[Floats, NDArray[np.int8], Floats]:
        """Return X, y and scores to learn from: each decided row, and where there is a mirror its reflection too."""
        if self.mirror is None:
            return self.X, self.y, self.scores
        turned = 1 - self.y if self.target == "winner" else self.y
        return (
            np.vstack([self.X, self.mirror.of(self.X)]),
            np.concatenate([self.y, turned]).astype(np.int8),
            np.vstack([self.scores, self.scores[:, ::-1]]) if self.scores.size else self.scores,
        )

    def _rows(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.fixture)} if self.superseded else {}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OutOfFold:
    """P(y = 1) by each family, (rows, families): NaN where no fold tested, or a family has no opinion.

    ``left_out`` says of the families that were to speak and died on the way what became of them.
    """

    p: Floats
    families: tuple[str, ...]
    left_out: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def complete(self) -> Mask:
        """The rows on which every family has spoken."""
        return ~np.isnan(self.p).any(axis=1)

    def where(self, mask: Mask) -> OutOfFold:
        """Return the rows at which ``mask`` is true."""
        return replace(self, p=self.p[mask])

    def without(self, lost: Mapping[str, str]) -> OutOfFold:
        """Return what the families not in ``lost`` said, those in it being left out for the reason it gives."""
        kept = [place for place, name in enumerate(self.families) if name not in lost]
        families = tuple(self.families[place] for place in kept)
        return OutOfFold(p=self.p[:, kept], families=families, left_out={**self.left_out, **lost})

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
        return replace(self, p=np.where(mask[:, None], other.p, self.p))
