"""Recompute a sealed prediction from raw bytes, batch log, lock and bundle alone, and say where it differs."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import polars as pl

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
_STATED = frozenset({*SEAL_FIELDS, "platform"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """How a sealed record compares with its recomputation; ``differences`` names field, sealed and rebuilt value."""

    hash: str
    to_the_bit: bool
    same_platform: bool
    differences: tuple[str, ...]
    record: Mapping[str, object]

    @property
    def equal(self) -> bool:
        """Whether nothing differs by more than the platform allows."""
        return not self.differences


def rebuild(settings: Settings, record: Mapping[str, object], policy: BettingPolicy) -> Rebuilt:
    """Return the comparison of ``record`` with what this home's raw bytes give again.

    Equal means to the bit on the platform the seal names, within 1e-9 elsewhere.

    Raises:
        DataError: the record is not a sealed one, or raw bytes, batch log or bundle are missing.
    """
    _demand(record)
    if digest(record) != record["hash"]:
        altered = f"the record's content has the digest {digest(record)}, not the hash it carries; it was altered"
        return Rebuilt(
            hash=str(record["hash"]), to_the_bit=False, same_platform=False, differences=(altered,), record=record
        )
    again = _recompute(settings, record, policy)
    same_platform = record["platform"] == platform_name()
    names = sorted((record.keys() | again.keys()) - _STATED)
    bits = [name for name in names if record.get(name) != again.get(name)]
    found = [
        f"{name}: sealed {record.get(name)!r}, rebuilt {again.get(name)!r}"
        for name in bits
        if same_platform or not _close(record.get(name), again.get(name))
    ]
    return Rebuilt(
        hash=str(record["hash"]), to_the_bit=not bits, same_platform=same_platform,
        differences=tuple(found), record=record,
    )  # fmt: skip


def _recompute(settings: Settings, record: Mapping[str, object], policy: BettingPolicy) -> dict[str, object]:
    sport, limit = str(record["sport"]), cast("int", record["batch"])
    log = [batch for batch in batches(settings) if batch.number <= limit and batch.sport == sport]
    if not log or log[-1].number != limit:
        raise DataError(f"the batch log of {settings.home} does not reach batch {limit} of {sport}", batch=limit)
    tables = asof.settled(replay(log, lambda sha: raw.read(settings, sha)))
    loaded = Loaded(sport=sport, tables=tables, batch=limit, simulated=any(batch.simulated for batch in log))
    # Whoever signed it: its digest, which the seal names, covers all that a prediction reads, and a home made for
    # this holds no key.
    bundle = load_bundle(settings.bundles, str(record["bundle"]), lock=features.lock_of(sport))
    moment = _moment(record["as_of"])
    asked = pl.DataFrame(
        {"fixture": [record["fixture"]], "as_of": [moment]},
        schema={"fixture": pl.String, "as_of": pl.Datetime("us", "UTC")},
    )
    made = records(loaded, bundle, asked, policy, FixedClock(_moment(record["sealed_at"])))
    if not made:
        raise DataError(
            f"{record['fixture']} was not on the schedule as of {record['as_of']}", fixture=record["fixture"]
        )
    return made[0]


def _demand(record: Mapping[str, object]) -> None:
    needed = ("hash", "sport", "batch", "bundle", "fixture", "as_of", "sealed_at", "platform", "policy")
    missing = [name for name in needed if name not in record]
    if missing:
        raise DataError(f"this is not a sealed record: it lacks {', '.join(missing)}", missing=missing)


def _moment(stamp: object) -> datetime:
    return datetime.fromisoformat(str(stamp))


def _close(sealed: object, rebuilt: object) -> bool:
    if isinstance(sealed, Mapping) and isinstance(rebuilt, Mapping):
        a, b = cast("Mapping[str, object]", sealed), cast("Mapping[str, object]", rebuilt)
        return a.keys() == b.keys() and all(_close(a[name], b[name]) for name in a)
    if isinstance(sealed, float) and isinstance(rebuilt, float):
        return math.isclose(sealed, rebuilt, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return sealed == rebuilt
