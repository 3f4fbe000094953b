"""What judged each game of an evaluation: kept, so that every judgement can be taken apart afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from antepost.evaluation import WalkForward
from antepost.models import Blend, Frame
from antepost.models.arrays import Compiled

type Kept = dict[str, dict[str, Compiled]]
"""The families of each fold by name, as ``walk_forward`` hands them to ``keep``."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judges:
    """``X`` (n, columns) of the judged games, the name of each one's fold (n,), folds' families and seasons' blends."""

    columns: tuple[str, ...]
    X: np.ndarray
    fold: np.ndarray
    families: Mapping[str, Mapping[str, Compiled]]
    blends: Mapping[int, Blend]

    def where(self, mask: np.ndarray) -> Judges:
        """Return who judged the games at which ``mask`` is true."""
        fold = self.fold[mask]
        sat = {name: self.families[name] for name in dict.fromkeys(fold.tolist())}
        return replace(self, X=self.X[mask], fold=fold, families=sat)


def judges_of(
    frame: Frame, judged: np.ndarray, splitter: WalkForward, kept: Kept, blends: Mapping[int, Blend]
) -> Judges:
    """Return who judged the rows of ``frame`` at which ``judged`` is true; ``splitter`` made the folds that did."""
    asked = zip(frame.season[judged].tolist(), frame.week[judged].tolist(), strict=True)
    fold = np.array([splitter.name(season, week) for season, week in asked], dtype=object)
    sat = {name: kept[name] for name in dict.fromkeys(fold.tolist())}
    return Judges(columns=frame.columns, X=frame.X[judged], fold=fold, families=sat, blends=blends)
