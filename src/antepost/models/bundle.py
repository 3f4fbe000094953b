"""A trained model as data: arrays and a manifest, and the probabilities they give."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from antepost.domain.seal import canonical
from antepost.errors import ModelError
from antepost.evaluation.calibration import Calibrator
from antepost.models import kernels
from antepost.models.arrays import Array, Compiled, pack, unpack
from antepost.models.blend import Blend, Refits
from antepost.models.kernels import Floats
from antepost.models.manifest import Manifest

ARRAYS, LOCK = "arrays.npz", "features.lock"
PARTS = "parts.json"
"""Where a bundle that answers several questions keeps what each part says of itself."""

type Chances = dict[str, Floats]
"""The chance of each outcome by its name, a number a row."""

OUTCOMES: Mapping[str, tuple[str, str]] = {"winner": ("home", "away"), "draw": ("draw", "decided")}
"""What y = 1 and y = 0 are called, by two-way question."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Bundle:
    """Everything a prediction needs: a fitted family a name, their blend, and the blend's refits.

    ``features`` are all (name, hash) pairs of the lock it was trained under, ``native`` the libraries' own
    files, kept as evidence and never read to predict.
    """

    manifest: Manifest
    features: tuple[tuple[str, str], ...]
    families: Mapping[str, Compiled]
    blend: Blend
    refits: Refits
    native: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The files of the digest: compiled arrays and feature lock."""
        return {ARRAYS: npz(self.arrays), LOCK: lock_file(self)}

    @cached_property
    def digest(self) -> str:
        """SHA-256 over arrays, lock and manifest; native files carry their makers' times and ids."""
        return digest_of(self.files, self.manifest)

    @property
    def parts(self) -> Mapping[str, Bundle]:
        """The bundle of each two-way question: itself."""
        return {self.manifest.target: self}

    def family_probabilities(self, X: Floats) -> Floats:
        """Return P(home) by each family, (rows, families), in the manifest's order.

        Raises:
            ModelError: ``X`` has another number of columns, or a family has no opinion on a row.
        """
        if X.ndim != 2 or X.shape[1] != len(self.manifest.columns):
            raise ModelError(
                f"{self.manifest.name} reads {len(self.manifest.columns)} columns, not {X.shape}; "
                "hand it manifest.columns in their order",
                shape=X.shape,
            )
        said = np.column_stack([self.families[name].score(X) for name in self.manifest.families])
        self._require_opinions(said)
        return said

    def predict(self, X: Floats) -> Floats:
        """Return the calibrated P(y = 1) of each row of ``X`` (rows, ``manifest.columns``)."""
        return self.blend.apply(self.family_probabilities(X))

    def chances(self, X: Floats) -> Chances:
        """Return the chance of each outcome for each row of ``X``."""
        yes, no = OUTCOMES[self.manifest.target]
        p = self.predict(X)
        return {yes: p, no: 1.0 - p}

    def chances_low(self, X: Floats, quantile: float) -> Chances:
        """Return the low ``quantile`` of each outcome's chance, see ``p_low``."""
        return dict(zip(OUTCOMES[self.manifest.target], self.p_low(X, quantile), strict=True))

    def p_low(self, X: Floats, quantile: float) -> tuple[Floats, Floats]:
        """Return the low ``quantile`` of P(y = 1) and of P(y = 0) of each row over the bootstrap refits.

        Raises:
            ModelError: the quantile is not between 0 and 1, or the bundle holds no refits.
        """
        self._require_refits(quantile)
        said = self.family_probabilities(X)
        return kernels.refit_quantiles(said, self.refits.weights, self.refits.params, self.refits.grids, quantile)

    def refitted(self, X: Floats, quantile: float) -> Floats:
        """Return P(y = 1) of each row by every bootstrap refit, (rows, refits), of which a ``quantile`` is wanted.

        Raises:
            ModelError: as ``p_low``.
        """
        self._require_refits(quantile)
        said = self.family_probabilities(X)
        return kernels.refit_chances(said, self.refits.weights, self.refits.params, self.refits.grids)

    def _require_refits(self, quantile: float) -> None:
        if not 0.0 < quantile < 1.0 or not len(self.refits.weights):
            raise ModelError(f"no {quantile} quantile of {len(self.refits.weights)} refits", quantile=quantile)

    def _require_opinions(self, said: Floats) -> None:
        silent = np.argwhere(np.isnan(said))
        if len(silent):
            row, column = int(silent[0, 0]), int(silent[0, 1])
            name = self.manifest.families[column]
            raise ModelError(
                f"family {name!r} of {self.manifest.name} has no opinion on row {row}: the value it reads is missing, "
                "as a price that is not known or the rating of a side that has not played; ask a bundle of a set whose "
                "prices are known, or leave the game out",
                family=name,
                row=row,
            )

    @property
    def arrays(self) -> dict[str, Array]:
        """Every array by the name it is stored under."""
        stored: dict[str, Array] = {
            "blend/weights": self.blend.weights,
            "calibrator/params": self.blend.calibrator.params,
            "calibrator/grid": self.blend.calibrator.grid,
            "refits/weights": self.refits.weights,
            "refits/params": self.refits.params,
            "refits/grids": self.refits.grids,
        }
        for name, compiled in self.families.items():
            stored |= {f"families/{name}/{key}": array for key, array in unpack(compiled).items()}
        return stored


def read_arrays(archive: bytes) -> dict[str, Array]:
    """Return the arrays of an archive by name; nothing is unpickled.

    Raises:
        ValueError, OSError: it is no archive of plain arrays.
    """
    with np.load(io.BytesIO(archive), allow_pickle=False) as stored:
        return {name: stored[name] for name in stored.files}


def assemble(manifest: Manifest, files: Mapping[str, bytes], native: Mapping[str, bytes]) -> Bundle:
    """Return the bundle of one two-way question whose files these are; nothing is unpickled.

    Raises:
        ModelError: an array is missing or of an unknown form.
    """
    try:
        arrays = read_arrays(files[ARRAYS])
        return Bundle(
            manifest=manifest,
            features=tuple((str(name), str(definition)) for name, definition in json.loads(files[LOCK])["features"]),
            families={name: _family(arrays, name) for name in manifest.families},
            blend=Blend(
                weights=arrays["blend/weights"],
                calibrator=Calibrator(
                    kind=manifest.calibrator,
                    params=arrays["calibrator/params"],
                    grid=arrays["calibrator/grid"],
                ),
            ),
            refits=Refits(
                weights=arrays["refits/weights"], params=arrays["refits/params"], grids=arrays["refits/grids"]
            ),
            native=native,
        )
    except (KeyError, ValueError, TypeError, OSError) as error:
        raise ModelError(f"the arrays of {manifest.name} do not fit its manifest: {error}") from error


def _family(arrays: Mapping[str, Array], name: str) -> Compiled:
    prefix = f"families/{name}/"
    own = {key.removeprefix(prefix): array for key, array in arrays.items() if key.startswith(prefix)}
    if not own:
        raise KeyError(f"no arrays of family {name!r}")
    return pack(own)


def lock_file(bundle: Bundle) -> bytes:
    """Return what ``features.lock`` holds of the lock that ``bundle`` was trained under."""
    return canonical({"digest": bundle.manifest.lock, "features": [list(entry) for entry in bundle.features]})


def digest_of(files: Mapping[str, bytes], manifest: Manifest) -> str:
    """Return the SHA-256 over files and manifest."""
    parts = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    return hashlib.sha256(canonical({**parts, "manifest": manifest.model_dump(mode="json")})).hexdigest()


def npz(arrays: Mapping[str, Array]) -> bytes:
    """Return one archive of the arrays by name; it holds no times, so equal arrays give equal bytes."""
    members: dict[str, Any] = {name: arrays[name] for name in sorted(arrays)}
    buffer = io.BytesIO()
    np.savez(buffer, **members)
    return buffer.getvalue()
