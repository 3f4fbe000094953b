"""Bundles on disk: what is changed, swapped or half-written must not load."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from antepost.errors import ModelError
from antepost.models import Bundle, Frame, load_bundle, save_bundle
from antepost.models.signing import public_pem, signing_key
from antepost.models.store import MANIFEST, SIGNATURE
from antepost.settings import Settings, get_settings


@pytest.fixture
def place(tmp_path: Path) -> Settings:
    """A home with nothing in it."""
    return get_settings(home=tmp_path / "home")


def test_a_stored_bundle_predicts_the_same_bits(place: Settings, bundle: Bundle, lock, frame: Frame) -> None:
    digest = save_bundle(place, bundle)
    again = load_bundle(place.bundles, digest, lock=lock, name="nfl.winner.close")
    assert again.manifest == bundle.manifest
    assert again.native == bundle.native
    assert again.predict(frame.X).tobytes() == bundle.predict(frame.X).tobytes()


def test_storing_the_same_bundle_again_changes_no_byte(place: Settings, bundle: Bundle, tmp_path: Path) -> None:
    folder = place.bundles / save_bundle(place, bundle)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.*")}
    save_bundle(place, bundle)
    assert {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.glob("*.*")} == before
    assert [path.name for path in place.bundles.iterdir()] == [folder.name]
    twin = get_settings(home=tmp_path / "twin")
    other = twin.bundles / save_bundle(twin, bundle)
    assert (other / MANIFEST).read_bytes() == (folder / MANIFEST).read_bytes()


@pytest.mark.parametrize("name", ["arrays.npz", "features.lock", "manifest.json", "native/xgboost.json", "signature"])
def test_one_changed_byte_in_any_file_is_noticed(place: Settings, bundle: Bundle, lock, name: str) -> None:
    digest = save_bundle(place, bundle)
    path = place.bundles / digest / name
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with pytest.raises(ModelError, match=digest[:12]):
        load_bundle(place.bundles, digest, lock=lock)


@pytest.mark.parametrize("name", ["arrays.npz", "features.lock", "manifest.json", "native/lightgbm.txt", "signature"])
def test_a_missing_file_is_noticed(place: Settings, bundle: Bundle, lock, name: str) -> None:
    digest = save_bundle(place, bundle)
    (place.bundles / digest / name).unlink()
    with pytest.raises(ModelError, match=digest[:12]):
        load_bundle(place.bundles, digest, lock=lock)


def test_a_manifest_signed_again_by_a_stranger_fails_the_trusted_key(
    place: Settings, bundle: Bundle, lock, tmp_path: Path
) -> None:
    """Whoever can write to the folder can sign anew; only the key we trust tells the two apart."""
    digest = save_bundle(place, bundle)
    ours = public_pem(signing_key(place.keys))
    stranger = signing_key(tmp_path / "stranger")
    statement = (place.bundles / digest / MANIFEST).read_bytes()
    forged = {
        "algorithm": "ed25519",
        "public_key": public_pem(stranger),
        "signature": stranger.sign(statement).hex(),
    }
    load_bundle(place.bundles, digest, lock=lock, public_key=ours)
    (place.bundles / digest / SIGNATURE).write_text(json.dumps(forged))
    with pytest.raises(ModelError, match="another key"):
        load_bundle(place.bundles, digest, lock=lock, public_key=ours)


def test_a_bundle_under_another_ones_digest_is_refused(place: Settings, bundle: Bundle, lock) -> None:
    digest = save_bundle(place, bundle)
    stranger = "0" * 64
    (place.bundles / digest).rename(place.bundles / stranger)
    with pytest.raises(ModelError, match=f"holds the content of {digest[:12]}"):
        load_bundle(place.bundles, stranger, lock=lock)


def test_a_bundle_of_another_name_is_refused(place: Settings, bundle: Bundle, lock) -> None:
    digest = save_bundle(place, bundle)
    with pytest.raises(ModelError, match=r"is nfl\.winner\.close, not nfl\.winner\.none"):
        load_bundle(place.bundles, digest, lock=lock, name="nfl.winner.none")


def test_another_lock_is_refused_and_the_features_that_differ_are_named(place: Settings, bundle: Bundle, lock) -> None:
    digest = save_bundle(place, bundle)
    entries = dict(lock.entries)
    entries["form.a"] = "rewritten"
    del entries["form.b"]
    entries["form.c"] = "fresh"
    other = replace(lock, digest="lock-2", entries=tuple(entries.items()))
    with pytest.raises(ModelError, match=r"changed: form\.a; gone: form\.b; new: form\.c") as caught:
        load_bundle(place.bundles, digest, lock=other)
    assert caught.value.evidence == {"changed": ["form.a"], "gone": ["form.b"], "new": ["form.c"]}
    assert load_bundle(place.bundles, digest, lock=None).manifest.lock == "lock-1"


def test_a_lock_whose_digest_alone_differs_is_refused(place: Settings, bundle: Bundle, lock) -> None:
    digest = save_bundle(place, bundle)
    with pytest.raises(ModelError, match="their order"):
        load_bundle(place.bundles, digest, lock=replace(lock, digest="lock-2"))


@pytest.mark.parametrize("digest", ["f" * 64, "../keys", ""])
def test_a_bundle_that_is_not_there_is_named(place: Settings, bundle: Bundle, lock, digest: str) -> None:
    save_bundle(place, bundle)
    with pytest.raises(ModelError, match="no bundle"):
        load_bundle(place.bundles, digest, lock=lock)


class Trap:
    """Makes a folder when it is unpickled."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (self.folder,)


def test_an_archive_with_a_pickle_is_never_unpickled(place: Settings, bundle: Bundle, lock, tmp_path: Path) -> None:
    """Digest and signature are honest here, so that refusing object arrays is all that stands in the way."""
    buffer = io.BytesIO()
    np.savez(buffer, **{"blend/weights": np.array([Trap(tmp_path / "sprung")], dtype=object)})
    trapped = replace(bundle)
    trapped.files["arrays.npz"] = buffer.getvalue()
    digest = save_bundle(place, trapped)
    assert digest != bundle.digest
    with pytest.raises(ModelError, match="do not fit"):
        load_bundle(place.bundles, digest, lock=lock)
    assert not (tmp_path / "sprung").exists()


_STORE = """
import sys
from pathlib import Path
from antepost.models import load_bundle, save_bundle
from antepost.settings import get_settings
here = get_settings(home=Path(sys.argv[1]))
there = get_settings(home=Path(sys.argv[2]))
save_bundle(there, load_bundle(here.bundles, sys.argv[3], lock=None))
"""


def test_a_kill_right_after_storing_leaves_a_whole_bundle(
    place: Settings, bundle: Bundle, lock, tmp_path: Path
) -> None:
    digest = save_bundle(place, bundle)
    there = tmp_path / "there"
    command = [sys.executable, "-c", _STORE, str(place.home), str(there), digest]
    run = subprocess.run(
        command, env={**os.environ, "ANTEPOST_KILL_AT": "bundle.stored"}, capture_output=True, check=False
    )
    assert run.returncode == -signal.SIGKILL
    assert load_bundle(there / "bundles", digest, lock=lock).digest == digest
    assert [path.name for path in (there / "bundles").iterdir()] == [digest]


def test_what_a_killed_writer_left_half_written_is_no_bundle(place: Settings, bundle: Bundle, lock) -> None:
    scratch = place.bundles / f".{bundle.digest}.0123456789abcdef"
    scratch.mkdir(parents=True)
    (scratch / "arrays.npz").write_bytes(b"half")
    digest = save_bundle(place, bundle)
    assert load_bundle(place.bundles, digest, lock=lock).digest == digest
