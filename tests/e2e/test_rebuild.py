"""A sealed prediction is computed again from raw bytes, and whatever was touched is found."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from antepost.desk import open_desk
from antepost.domain.seal import digest
from antepost.settings import Settings, get_settings
from tests.prepared import Prepared, environment

type Run = Callable[..., subprocess.CompletedProcess[str]]

GAMES = "nfl/nflverse/nfldata/data/games.csv"
# A seal states these two; everything else is computed again, and the ledger's chain holds the place and the time.
STATED = {"platform", "sealed_at", "sequence", "previous", "hash"}


@pytest.fixture
def archive(prepared: Prepared, tmp_path: Path) -> Path:
    """A home that holds raw bytes, batch log and bundles, and nothing else."""
    for part in ("bronze", "batches", "bundles"):
        shutil.copytree(prepared.desk.settings.home / part, tmp_path / "archive" / part)
    return tmp_path / "archive"


def _rebuild(home: Path, record: Path, *words: object, as_json: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "antepost", "rebuild", *map(str, words), "--record", str(record)]
    command += ["--json"] if as_json else []
    return subprocess.run(command, env=environment(home), capture_output=True, text=True, timeout=300, check=False)


def _altered(value: Any) -> Any:
    match value:
        case bool():
            return not value
        case int() | float():
            return value + 1
        case str():
            return f"{value[:-1]}{'0' if value[-1] != '0' else '1'}"
        case dict() if "stake_cap" in value:
            return {**value, "stake_cap": value["stake_cap"] / 2}
        case dict():
            return {**value, "home": value["home"] + 1e-9}
        case _:
            return 1.0


def test_a_sealed_prediction_is_rebuilt_to_the_bit(antepost: Run, prepared: Prepared) -> None:
    for record in (prepared.sealed[0], prepared.sealed[-1]):
        done = antepost("rebuild", record["hash"])
        assert done.returncode == 0, done.stderr
        assert f"{record['hash']} is equal to the bit" in done.stdout


def test_every_sealed_prediction_is_what_the_raw_bytes_give(prepared: Prepared) -> None:
    found = [prepared.desk.rebuild(record) for record in prepared.sealed[::7]]
    assert len(found) > 5
    assert all(rebuilt.to_the_bit and rebuilt.same_platform and rebuilt.equal for rebuilt in found)


def test_raw_bytes_batch_log_and_bundle_are_enough(archive: Path, prepared: Prepared, tmp_path: Path) -> None:
    record = prepared.sealed[-1]
    (tmp_path / "seal.json").write_text(json.dumps(record))
    done = _rebuild(archive, tmp_path / "seal.json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {
        "hash": record["hash"], "equal": True, "to_the_bit": True, "same_platform": True, "same_policy": True,
        "unchecked": ["sealed_at", "sequence", "previous", "platform", "policy_values"], "differences": [],
    }  # fmt: skip
    assert {path.name for path in archive.iterdir()} == {"bronze", "batches", "bundles"}, "nothing else was started"


@pytest.mark.parametrize("part", ["bronze", "batches", "bundles"])
def test_a_part_that_is_missing_is_named(part: str, archive: Path, prepared: Prepared, tmp_path: Path) -> None:
    (tmp_path / "seal.json").write_text(json.dumps(prepared.sealed[-1]))
    shutil.rmtree(archive / part)
    done = _rebuild(archive, tmp_path / "seal.json")
    assert (done.returncode, done.stdout) == (1, "")
    assert {"bronze": "no raw bytes", "batches": "batch log", "bundles": "no bundle"}[part] in done.stderr


def test_raw_bytes_that_were_touched_are_found(archive: Path, prepared: Prepared, tmp_path: Path) -> None:
    (tmp_path / "seal.json").write_text(json.dumps(prepared.sealed[-1]))
    for path in (archive / "bronze").rglob("*"):
        if path.is_file():
            path.write_bytes(path.read_bytes() + b"\n")
    done = _rebuild(archive, tmp_path / "seal.json")
    assert done.returncode == 1
    assert "are not those stored" in done.stderr


def test_any_field_that_was_altered_is_found(prepared: Prepared) -> None:
    record = prepared.sealed[-1]
    for name, value in record.items():
        found = prepared.desk.rebuild({**record, name: _altered(value)})
        assert not found.equal, name
    assert not prepared.desk.rebuild({**record, "note": "added"}).equal


def test_a_field_that_was_altered_and_hashed_anew_is_found_by_computing_it_again(prepared: Prepared) -> None:
    record = prepared.sealed[-1]
    # These say what to compute; with another answer there, it cannot be computed or is of another game.
    says = {"sport", "fixture", "as_of", "bundle", "batch", "policy_values"}
    touched = record.keys() - STATED - says
    forged = record | {name: _altered(record[name]) for name in touched}
    forged["hash"] = digest(forged)
    found = prepared.desk.rebuild(forged)
    assert {line.partition(": ")[0] for line in found.differences} == touched


def test_a_field_that_was_taken_out_is_found_even_under_a_new_hash(prepared: Prepared) -> None:
    record = prepared.sealed[-1]
    forged = {name: value for name, value in record.items() if name != "stake"}
    forged["hash"] = digest(forged)
    assert not prepared.desk.rebuild(forged).equal


def test_what_only_a_ledger_can_vouch_for_is_named_where_a_file_stands_alone(
    archive: Path, prepared: Prepared, tmp_path: Path
) -> None:
    """A record moved to another place of the chain and hashed anew was once called equal, and nothing else said."""
    moved = {**prepared.sealed[-1], "sequence": 1, "previous": "0" * 64, "platform": "elsewhere"}
    moved["hash"] = digest(moved)
    (tmp_path / "seal.json").write_text(json.dumps(moved))
    shown = json.loads(_rebuild(archive, tmp_path / "seal.json").stdout)
    assert shown["equal"]
    assert {"sequence", "previous", "platform", "sealed_at"} <= set(shown["unchecked"])
    plain = _rebuild(archive, tmp_path / "seal.json", as_json=False)
    assert "not checked against a ledger" in plain.stdout
    # Whoever noted the hash of the true record elsewhere needs no ledger.
    assert _rebuild(archive, tmp_path / "seal.json", prepared.sealed[-1]["hash"]).returncode == 2
    (tmp_path / "seal.json").write_text(json.dumps(prepared.sealed[-1]))
    vouched = _rebuild(archive, tmp_path / "seal.json", prepared.sealed[-1]["hash"])
    assert json.loads(vouched.stdout)["unchecked"] == []


def test_a_seal_is_recomputed_under_its_own_policy_whatever_this_home_has_decided_since(
    archive: Path, prepared: Prepared, tmp_path: Path
) -> None:
    """Any policy.yaml once made all older seals of its home differ, as only a policy's hash was kept."""
    (archive / "policy.yaml").write_text("betting: {stake_cap: 0.001, tiers: {A: 0.5}}\n")
    (tmp_path / "seal.json").write_text(json.dumps(prepared.sealed[-1]))
    done = _rebuild(archive, tmp_path / "seal.json")
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["equal"], shown["to_the_bit"], shown["same_policy"]) == (True, True, False)
    assert "not this home's now" in _rebuild(archive, tmp_path / "seal.json", as_json=False).stdout


def test_an_altered_record_ends_the_command_with_one_and_says_where(
    archive: Path, prepared: Prepared, tmp_path: Path
) -> None:
    forged = {**prepared.sealed[-1], "tier": "X", "stake": 0.5}
    forged["hash"] = digest(forged)
    (tmp_path / "seal.json").write_text(json.dumps(forged))
    done = _rebuild(archive, tmp_path / "seal.json")
    assert done.returncode == 1
    shown = json.loads(done.stdout)
    assert shown["equal"] is False
    assert [line.partition(":")[0] for line in shown["differences"]] == ["stake", "tier"]


@pytest.mark.mirror
def test_a_correction_that_came_later_changes_no_rebuild(
    archive: Path, prepared: Prepared, settings: Settings, tmp_path: Path
) -> None:
    record = prepared.sealed[-1]
    (raw,) = [path for path in (archive / "bronze").rglob("*") if path.is_file()]
    games = pl.read_csv(raw, infer_schema_length=0)
    before = (pl.col("season") == str(prepared.newest)) & (pl.col("week") == "1")
    (tmp_path / GAMES).parent.mkdir(parents=True)
    games.with_columns(home_score=pl.when(before).then(pl.lit("3")).otherwise("home_score")).write_csv(tmp_path / GAMES)

    own = get_settings(home=archive, mirror=str(tmp_path), database_url=settings.database_url, mlflow_url=None)
    desk = open_desk(settings=own)
    assert desk.ingest("nfl").batch == 2
    assert desk.fixtures("nfl", prepared.newest)["home_score"][:14].to_list() == [3] * 14
    assert desk.rebuild(record).to_the_bit
