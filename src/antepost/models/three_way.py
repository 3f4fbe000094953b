"""Home, draw and away as one bundle: the models of the two questions they are made of, signed and moved together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from antepost.domain.seal import canonical
from antepost.errors import ModelError
from antepost.models.bundle import ARRAYS, LOCK, PARTS, Bundle, Chances, digest_of, lock_file, npz
from antepost.models.kernels import Floats
from antepost.models.manifest import Manifest

TARGET = "1x2"


def compose(d: Floats, q: Floats) -> Floats:
    """Return the chances of home, draw and away, (..., 3), of P(draw) and P(home | decided), see ``models.frame``.

    >>> import numpy as np
    >>> compose(np.array([0.2]), np.array([0.75])).round(6).tolist()
    [[0.6, 0.2, 0.2]]
    """
    return np.stack([q * (1.0 - d), d, (1.0 - q) * (1.0 - d)], axis=-1)


@dataclass(frozen=True, kw_only=True, eq=False)
class ThreeWayBundle:
    """What forecasts home, draw and away: the bundles of the questions ``draw`` and ``winner``.

    It is stored, signed, registered and sealed as any bundle is, under target ``1x2``; its manifest's families are
    those of both, each after its question.
    """

    draw: Bundle
    winner: Bundle

    def __post_init__(self) -> None:
        one, other = self.draw.manifest, self.winner.manifest
        same = ("sport", "set", "sequence", "lock", "columns", "batch", "simulated", "refits")
        unlike = [name for name in same if getattr(one, name) != getattr(other, name)]
        if unlike or (one.target, other.target) != ("draw", "winner"):
            raise ModelError(
                f"{one.name} and {other.name} are no two halves of one model: they differ in {', '.join(unlike)}; "
                "train them together",
                unlike=unlike,
            )

    @property
    def parts(self) -> Mapping[str, Bundle]:
        """The bundle of each two-way question."""
        return {"draw": self.draw, "winner": self.winner}

    @property
    def features(self) -> tuple[tuple[str, str], ...]:
        """All (name, hash) pairs of the lock they were trained under."""
        return self.draw.features

    @property
    def native(self) -> Mapping[str, bytes]:
        """The libraries' own files, below the name of the question."""
        return {f"{part}/{name}": told for part, one in self.parts.items() for name, told in one.native.items()}

    @cached_property
    def manifest(self) -> Manifest:
        """What both together say of themselves."""
        drawn, won = self.draw.manifest, self.winner.manifest
        return drawn.model_copy(
            update={
                "target": TARGET,
                "families": tuple(
                    f"{name}/{one}" for name, part in self.parts.items() for one in part.manifest.families
                ),
                "weights": (*drawn.weights, *won.weights),
                "calibrator": f"{drawn.calibrator}/{won.calibrator}",
                "trained_through": max(drawn.trained_through, won.trained_through),
                "seasons": (min(drawn.seasons[0], won.seasons[0]), max(drawn.seasons[1], won.seasons[1])),
                "libraries": tuple(dict.fromkeys((*drawn.libraries, *won.libraries))),
            }
        )

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The files of the digest: the compiled arrays of both, what each says of itself, and the feature lock."""
        arrays = {f"{part}/{name}": held for part, one in self.parts.items() for name, held in one.arrays.items()}
        told = {part: one.manifest.model_dump(mode="json") for part, one in self.parts.items()}
        return {ARRAYS: npz(arrays), LOCK: lock_file(self.draw), PARTS: canonical(told)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over arrays, lock, the manifests of both questions and that of both together."""
        return digest_of(self.files, self.manifest)

    def chances(self, X: Floats) -> Chances:
        """Return the chance of each outcome for each row of ``X`` (rows, ``manifest.columns``); they sum to 1."""
        home, draw, away = compose(self.draw.predict(X), self.winner.predict(X)).T
        return {"home": home, "draw": draw, "away": away}

    def chances_low(self, X: Floats, quantile: float) -> Chances:
        """Return the low ``quantile`` of each outcome's chance over the refits of both questions, taken in pairs.

        The days that two refits of one number have drawn are not the same, so the questions count as independent.

        Raises:
            ModelError: the quantile is not between 0 and 1, or there are no refits.
        """
        drawn = compose(self.draw.refitted(X, quantile), self.winner.refitted(X, quantile))
        home, draw, away = np.quantile(drawn, quantile, axis=1).T
        return {"home": home, "draw": draw, "away": away}
