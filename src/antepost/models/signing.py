"""Ed25519 signatures under bundles: the key of this home, made when it is first needed."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from antepost.errors import ModelError

KEY_FILE = "signing.pem"


def signing_key(folder: Path) -> Ed25519PrivateKey:
    """Return the private key in ``folder``, made with mode 0600 where there is none.

    Raises:
        ModelError: the file is there but holds no Ed25519 key.
    """
    path = folder / KEY_FILE
    if not path.exists():
        _create(path)
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise ModelError(f"{path} holds no private key: {error}; restore it or move it away", path=path) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ModelError(f"{path} holds no Ed25519 key; restore it or move it away", path=path)
    return key


def public_pem(key: Ed25519PrivateKey) -> str:
    """Return the public half as PEM text."""
    encoded = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    return encoded.decode("ascii")


def key_id(pem: str) -> str:
    """Return the name under which a public key is kept: the beginning of its text's SHA-256."""
    return hashlib.sha256(pem.strip().encode()).hexdigest()[:16]


def trusted_signer(folder: Path) -> str | None:
    """Return the public key, as PEM text, of whoever signs in this home; None where nobody has signed yet."""
    return public_pem(signing_key(folder)) if (folder / KEY_FILE).exists() else None


def verifies(pem: str, content: bytes, signature: bytes) -> bool:
    """Return whether ``signature`` under ``content`` was made by the owner of the public key ``pem``."""
    try:
        key = serialization.load_pem_public_key(pem.encode("ascii"))
        if not isinstance(key, Ed25519PublicKey):
            return False
        key.verify(signature, content)
    except (InvalidSignature, ValueError, UnsupportedAlgorithm):
        return False
    return True


def _create(path: Path) -> None:
    """Write a new key whole or not at all; of two processes at once, the first one's stays."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    scratch = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(pem)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(scratch, path)
    except FileExistsError:
        return
    finally:
        scratch.unlink()
