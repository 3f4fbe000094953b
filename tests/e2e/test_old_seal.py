"""Forty days on, with the log checkpointed, the tables compacted and old files gone, an old seal is what it was."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from deltalake import DeltaTable

from antepost.desk import Desk, open_desk, predict, tables
from antepost.domain.clock import FixedClock
from antepost.domain.seal import seal
from antepost.features import lock_of
from antepost.ingestion import ingest
from antepost.lake import asof, silver
from antepost.lake.upkeep import compact
from antepost.models import load_bundle
from antepost.settings import get_settings
from tests.prepared import MIRROR, Prepared, environment

AGE = timedelta(days=40)


@pytest.fixture
def desk(prepared: Prepared, tmp_path: Path) -> Desk:
    """A home with the prepared bundles in which the seasons came by two loads, and somebody's own facts by others."""
    home = tmp_path / "home"
    shutil.copytree(prepared.desk.settings.home / "bundles", home / "bundles")
    settings = get_settings(home=home, mirror=MIRROR, database_url=prepared.desk.settings.database_url, mlflow_url=None)
    desk = open_desk(settings=settings)
    source = None if MIRROR else "simulated"
    for seasons in ((1999, prepared.newest - 1), None):
        ingest(settings, "nfl", desk.clock, source=source, seasons=seasons)
        some = desk.lake.read("fixtures", "nfl").head(50 if seasons else 70)
        facts = some.select("fixture", "start", pl.col("start").alias("said"), pl.lit(1.0).alias("mood"))
        desk.lake.add(facts, name="mood", event_at="start", known_at="said")
    return desk


def sealed(desk: Desk, prepared: Prepared) -> dict[str, object]:
    """Return a record of this home's facts up to the load that brought the newest season."""
    old = prepared.sealed[-1]
    loaded = predict.Loaded(
        sport="nfl", tables=tables.load(desk.settings, "nfl"), batch=tables.current_batch(desk.settings, "nfl"),
        simulated=MIRROR is None,
    )  # fmt: skip
    asked = pl.DataFrame({"fixture": [old["fixture"]], "as_of": [old["as_of"]]}).with_columns(
        pl.col("as_of").str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", time_unit="us", time_zone="UTC")
    )
    clock = FixedClock(desk.clock.now())
    bundle = load_bundle(desk.settings.bundles, str(old["bundle"]), lock=lock_of("nfl"))
    [record] = predict.records(loaded, bundle, asked, desk.policy, clock)
    return seal(record, None, 1)


def age(path: Path) -> None:
    """Make a table's log as old as if nobody had written for forty days."""
    past = time.time() - AGE.total_seconds()
    for file in (path / "_delta_log").iterdir():
        if file.suffix == ".json":
            lines = [json.loads(line) for line in file.read_text().splitlines()]
            for line in lines:
                if "commitInfo" in line:
                    line["commitInfo"]["timestamp"] -= int(AGE.total_seconds() * 1000)
            file.write_text("".join(f"{json.dumps(line)}\n" for line in lines))
    for file in path.rglob("*"):
        os.utime(file, (past, past))


def test_an_old_seal_is_rebuilt_from_an_aged_compacted_and_vacuumed_home(desk: Desk, prepared: Prepared) -> None:
    record = sealed(desk, prepared)
    place = desk.settings
    limit = int(str(record["batch"]))
    before = {number: asof.facts(place, "nfl", number) for number in (1, limit)}
    mood = desk.lake.read_own("mood")
    for _, _, path in silver.tables(place):
        age(Path(path))
        DeltaTable(path).create_checkpoint()
    logs = {path: set((path / "_delta_log").glob("*.json")) for path in (Path(p) for _, _, p in silver.tables(place))}
    assert all(path / "_delta_log" / f"{0:020d}.json" in log for path, log in logs.items()), (
        "the log begins where it did"
    )

    done = compact(place)
    assert {each.after for each in done} == {1}
    assert max(each.before for each in done) > 1
    gone = [
        name
        for _, _, path in silver.tables(place)
        for name in DeltaTable(path).vacuum(retention_hours=0, dry_run=False, enforce_retention_duration=False)
    ]
    assert len(gone) >= 2

    assert all(log <= set((path / "_delta_log").glob("*.json")) for path, log in logs.items())
    for number, held in before.items():
        again = asof.facts(place, "nfl", number)
        assert all(again[name].equals(frame) for name, frame in held.items()), number
    assert desk.lake.read_own("mood").equals(mood)
    assert desk.rebuild(record).to_the_bit

    (place.home / "seal.json").write_text(json.dumps(record))
    command = [sys.executable, "-m", "antepost", "rebuild", "--record", str(place.home / "seal.json"), "--json"]
    shown = subprocess.run(
        command, env=environment(place.home), capture_output=True, text=True, timeout=300, check=False
    )
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["to_the_bit"] is True

    again = ingest(place, "nfl", desk.clock, source=None if MIRROR else "simulated")
    assert again.batch is None, "nothing was lost that a load would have to restore"
    assert all(asof.facts(place, "nfl", limit)[name].equals(frame) for name, frame in before[limit].items())
