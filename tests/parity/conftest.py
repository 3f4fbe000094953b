"""Real NFL seasons where a mirror is named, else the simulated league, as tables and as state rows."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

import polars as pl
import pytest

from antepost.features import build_states
from antepost.features.state import State
from antepost.ingestion import fetch, get_source, replay
from antepost.lake.batches import Batch, Payload
from antepost.sports.nfl import NFL


@dataclass(frozen=True, slots=True, kw_only=True)
class Seasons:
    """Tables and the state rows built from them."""

    tables: dict[str, pl.DataFrame]
    states: Mapping[str, State]


@pytest.fixture(scope="session")
def seasons() -> Seasons:
    mirror = os.environ.get("ANTEPOST_MIRROR")
    source = get_source("nflverse" if mirror else "simulated")
    (part,) = source.parts(2024)
    data = fetch(source, part, mirror).data
    received = datetime(2024, 6, 1, tzinfo=UTC)
    batch = Batch(
        number=1, sport="nfl", source=source.name, payloads=(Payload(part=part.name, raw="bytes"),),
        received_at=received, parser=source.parser,
    )  # fmt: skip
    tables = replay([batch], lambda _: data)
    return Seasons(tables=tables, states=build_states(NFL, tables))
