from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from antepost.errors import ModelError
from antepost.models.signing import KEY_FILE, public_pem, signing_key, verifies


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    first = public_pem(signing_key(tmp_path / "keys"))
    assert public_pem(signing_key(tmp_path / "keys")) == first
    assert stat.S_IMODE((tmp_path / "keys" / KEY_FILE).stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "keys").iterdir()] == [KEY_FILE]


def test_of_many_who_make_the_key_at_once_all_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: public_pem(signing_key(tmp_path)), range(8)))
    assert len(set(keys)) == 1


def test_a_signature_holds_for_its_bytes_and_its_key_only(tmp_path: Path) -> None:
    key = signing_key(tmp_path / "ours")
    mark = key.sign(b"content")
    assert verifies(public_pem(key), b"content", mark)
    assert not verifies(public_pem(key), b"Content", mark)
    assert not verifies(public_pem(key), b"content", mark[:-1] + bytes([mark[-1] ^ 1]))
    assert not verifies(public_pem(signing_key(tmp_path / "theirs")), b"content", mark)
    assert not verifies("no key at all", b"content", mark)


def test_a_key_file_that_holds_no_key_is_named_and_kept(tmp_path: Path) -> None:
    (tmp_path / KEY_FILE).write_text("scribble")
    with pytest.raises(ModelError, match=KEY_FILE):
        signing_key(tmp_path)
    assert (tmp_path / KEY_FILE).read_text() == "scribble"


def test_a_key_of_another_kind_is_refused_both_ways(tmp_path: Path) -> None:
    other = generate_private_key(SECP256R1())
    (tmp_path / KEY_FILE).write_bytes(
        other.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    with pytest.raises(ModelError, match="Ed25519"):
        signing_key(tmp_path)
    public = other.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    assert not verifies(public.decode(), b"content", b"mark")
