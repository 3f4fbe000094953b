"""Recompute a sealed prediction from raw bytes, batch log, lock and bundle alone, and say where it differs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

import polars as pl
from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from antepost import features
from antepost.betting import BettingPolicy
from antepost.desk.predict import Loaded, platform_name, records
from antepost.domain.clock import FixedClock
from antepost.domain.seal import SEAL_FIELDS, digest
from antepost.errors import DataError
from antepost.ingestion import replay
from antepost.lake import asof, raw
from antepost.lake.batches import batches
from antepost.models import load_bundle
from antepost.settings import Settings

TOLERANCE = 1e-9
# What a recomputation takes from the record as it stands there, so that another value, hashed anew, is no difference:
# only a ledger's chain, or a hash that was noted elsewhere, vouches for it.
STATED = ("sealed_at", "sequence", "previous", "platform", "policy_values")
_NEVER_COMPUTED = frozenset({*SEAL_FIELDS, "platform"})


def _iso(text: object) -> datetime:
    if not isinstance(text, str):
        raise ValueError("a moment is text in ISO 8601")  # noqa: TRY004  # pydantic words a ValueError
    return datetime.fromisoformat(text)


type _Hex = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
type _Name = Annotated[str, Field(min_length=1)]
type _Moment = Annotated[AwareDatetime, BeforeValidator(_iso)]


class _Sealed(BaseModel):
    """The fields of a sealed record that say what to compute; the others are only compared."""

    model_config = ConfigDict(frozen=True, strict=True)

    hash: _Hex
    sport: _Name
    batch: int = Field(ge=1)
    bundle: _Hex
    fixture: _Name
    as_of: _Moment
    sealed_at: _Moment
    platform: _Name
    policy_values: BettingPolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How a sealed record compares with its recomputation; ``differences`` names field, sealed and rebuilt value.

    ``stated`` are the fields that were taken as the record has them. ``same_policy`` says whether the policy it was
    sealed and recomputed under is still this home's.
    """

    hash: str
    to_the_bit: bool
    same_platform: bool
    same_policy: bool
    differences: tuple[str, ...]
    stated: tuple[str, ...] = STATED

    @property
    def equal(self) -> bool:
        """Whether nothing differs by more than the platform allows."""
        return not self.differences


def rebuild(settings: Settings, record: Mapping[str, object], policy: BettingPolicy) -> Rebuilt:
    """Return the comparison of ``record`` with what this home's raw bytes give again under the policy it was sealed by.

    Equal means to the bit on the platform the seal names, within 1e-9 elsewhere. ``policy`` is this home's own.

    Raises:
        DataError: the record is not a sealed one, or raw bytes, batch log or bundle are missing.
    """
    same_platform = record.get("platform") == platform_name()
    same_policy = record.get("policy") == policy.digest()
    carried = record.get("hash")
    if isinstance(carried, str) and digest(record) != carried:
        altered = f"the record's content has the digest {digest(record)}, not the hash it carries; it was altered"
        return Rebuilt(
            hash=carried, to_the_bit=False, same_platform=same_platform, same_policy=same_policy,
            differences=(altered,),
        )  # fmt: skip
    sealed = _sealed(record)
    again = _recompute(settings, sealed)
    names = sorted((record.keys() | again.keys()) - _NEVER_COMPUTED)
    bits = [name for name in names if record.get(name) != again.get(name)]
    found = [
        f"{name}: sealed {record.get(name)!r}, rebuilt {again.get(name)!r}"
        for name in bits
        if same_platform or not _close(record.get(name), again.get(name))
    ]
    return Rebuilt(
        hash=sealed.hash, to_the_bit=not bits, same_platform=same_platform, same_policy=same_policy,
        differences=tuple(found),
    )  # fmt: skip


def _recompute(settings: Settings, sealed: _Sealed) -> dict[str, object]:
    sport, limit = sealed.sport, sealed.batch
    log = [batch for batch in batches(settings) if batch.number <= limit and batch.sport == sport]
    if not log or log[-1].number != limit:
        raise DataError(f"the batch log of {settings.lake} does not reach batch {limit} of {sport}", batch=limit)
    tables = asof.settled(replay(log, lambda sha: raw.read(settings, sha)))
    loaded = Loaded(sport=sport, tables=tables, batch=limit, simulated=any(batch.simulated for batch in log))
    # Whoever signed it: its digest, which the seal names, covers all that a prediction reads, and a home made for
    # this holds no key.
    bundle = load_bundle(settings.bundles, sealed.bundle, lock=features.lock_of(sport))
    asked = pl.DataFrame(
        {"fixture": [sealed.fixture], "as_of": [sealed.as_of]},
        schema={"fixture": pl.String, "as_of": pl.Datetime("us", "UTC")},
    )
    made = records(loaded, bundle, asked, sealed.policy_values, FixedClock(sealed.sealed_at))
    if not made:
        raise DataError(f"{sealed.fixture} was not on the schedule as of {sealed.as_of}", fixture=sealed.fixture)
    return made[0]


def _sealed(record: Mapping[str, object]) -> _Sealed:
    try:
        return _Sealed.model_validate(record)
    except ValidationError as error:
        wrong = {".".join(map(str, fault["loc"])): fault["msg"] for fault in error.errors()}
        told = "; ".join(f"{name}: {what}" for name, what in wrong.items())
        raise DataError(f"this is not a sealed record: {told}", fields=list(wrong)) from error


def _close(sealed: object, rebuilt: object) -> bool:
    if isinstance(sealed, Mapping) and isinstance(rebuilt, Mapping):
        a, b = cast("Mapping[str, object]", sealed), cast("Mapping[str, object]", rebuilt)
        return a.keys() == b.keys() and all(_close(a[name], b[name]) for name in a)
    if isinstance(sealed, float) and isinstance(rebuilt, float):
        return math.isclose(sealed, rebuilt, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return sealed == rebuilt
