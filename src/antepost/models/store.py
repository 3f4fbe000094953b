"""Bundles on disk: one signed folder each, named by its digest, written whole or not at all.

``<digest>/manifest.json`` holds the manifest and every other file's SHA-256; ``signature`` stands under its
bytes, so changing anything breaks it. ``arrays.npz``, ``features.lock`` and ``native/…`` lie beside.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from antepost.domain.seal import canonical
from antepost.errors import ModelError
from antepost.models.bundle import ARRAYS, LOCK, PARTS, Bundle, assemble, npz, read_arrays
from antepost.models.manifest import FeatureLock, Manifest
from antepost.models.signing import public_pem, signing_key, verifies
from antepost.models.three_way import ThreeWayBundle
from antepost.settings import Settings
from antepost.telemetry import boundary

type AnyBundle = Bundle | ThreeWayBundle

MANIFEST, SIGNATURE = "manifest.json", "signature"
_PARTS = TypeAdapter(dict[str, Manifest])
_DIGEST = re.compile(r"[0-9a-f]{64}")


class _Statement(BaseModel):
    """``manifest.json``: the manifest, and the digests of the files beside it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    manifest: Manifest
    files: dict[str, str]


class _Signature(BaseModel):
    """``signature``: who signed ``manifest.json``, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    algorithm: str
    public_key: str
    signature: str


def save_bundle(settings: Settings, bundle: AnyBundle) -> str:
    """Return the digest of ``bundle``, signed and stored below ``settings.bundles``, once."""
    target = settings.bundles / bundle.digest
    if not target.exists():
        files = {**bundle.files, **{f"native/{name}": content for name, content in bundle.native.items()}}
        listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        statement = canonical({"manifest": bundle.manifest.model_dump(mode="json"), "files": listed})
        key = signing_key(settings.keys)
        signed = {
            "algorithm": "ed25519",
            "public_key": public_pem(key),
            "signature": key.sign(statement).hex(),
        }
        _write(target, {**files, MANIFEST: statement, SIGNATURE: canonical(signed)})
    boundary("bundle.stored")
    return bundle.digest


def load_bundle(
    folder: Path,
    digest: str,
    *,
    lock: FeatureLock | None,
    name: str | None = None,
    public_key: str | None = None,
) -> AnyBundle:
    """Return the bundle ``digest`` below ``folder``, once signature, every byte and its feature lock hold.

    With ``lock`` None the features are not compared, which is for looking at a bundle, not for predicting.
    ``name`` is the registered name that is expected of it; ``public_key`` the one signer to trust, as PEM
    text, where without it any signer is taken and only changes are noticed.

    Raises:
        ModelError: it is not there, was changed, is signed by somebody else, has another name, or was trained
            under other feature definitions; the text names them.
    """
    files = _read(folder, digest)
    statement = _verified(digest, files, public_key)
    manifest = statement.manifest
    if name is not None and manifest.name != name:
        raise ModelError(f"bundle {digest[:12]} is {manifest.name}, not {name}; point the alias elsewhere", name=name)
    native = {path.removeprefix("native/"): files[path] for path in statement.files if path.startswith("native/")}
    bundle = _assembled(manifest, files, native)
    if bundle.digest != digest:
        raise ModelError(f"bundle {digest[:12]} holds the content of {bundle.digest[:12]}; fetch it again")
    if lock is not None:
        _require_lock(bundle, lock)
    return bundle


def _assembled(manifest: Manifest, files: Mapping[str, bytes], native: Mapping[str, bytes]) -> AnyBundle:
    if PARTS not in files:
        return assemble(manifest, files, native)
    try:
        told, arrays = _PARTS.validate_json(files[PARTS]), read_arrays(files[ARRAYS])
        draw, winner = (
            assemble(told[part], {LOCK: files[LOCK], ARRAYS: npz(_below(arrays, part))}, _below(native, part))
            for part in ("draw", "winner")
        )
    except (KeyError, ValueError, OSError) as error:
        raise ModelError(f"the parts of {manifest.name} do not fit its manifest: {error}") from error
    return ThreeWayBundle(draw=draw, winner=winner)


def _below[Held](held: Mapping[str, Held], part: str) -> dict[str, Held]:
    return {name.removeprefix(f"{part}/"): one for name, one in held.items() if name.startswith(f"{part}/")}


def signer(folder: Path, digest: str) -> str:
    """Return the public key, as PEM text, that the bundle says it is signed by; ``load_bundle`` holds it to that."""
    return _Signature.model_validate_json((folder / digest / SIGNATURE).read_bytes()).public_key


def _verified(digest: str, files: Mapping[str, bytes], trusted: str | None) -> _Statement:
    try:
        statement = _Statement.model_validate_json(files[MANIFEST])
        signed = _Signature.model_validate_json(files[SIGNATURE])
        mark = bytes.fromhex(signed.signature)
    except (KeyError, ValidationError, ValueError) as error:
        raise ModelError(f"bundle {digest[:12]} has no readable manifest and signature: {error}") from error
    if trusted is not None and signed.public_key.strip() != trusted.strip():
        raise ModelError(f"bundle {digest[:12]} was signed by another key than the trusted one", digest=digest)
    if signed.algorithm != "ed25519" or not verifies(signed.public_key, files[MANIFEST], mark):
        raise ModelError(f"bundle {digest[:12]}: the signature does not hold for its manifest", digest=digest)
    for name in sorted({ARRAYS, LOCK} | set(statement.files)):
        content = files.get(name)
        if content is None or hashlib.sha256(content).hexdigest() != statement.files.get(name):
            raise ModelError(f"bundle {digest[:12]}: {name} is missing or was changed; fetch it again", file=name)
    return statement


def _require_lock(bundle: AnyBundle, lock: FeatureLock) -> None:
    then, now = dict(bundle.features), dict(lock.entries)
    if bundle.manifest.lock == lock.digest and then == now:
        return
    gone = sorted(then.keys() - now.keys())
    new = sorted(now.keys() - then.keys())
    changed = sorted(name for name in then.keys() & now.keys() if then[name] != now[name])
    parts = [("changed", changed), ("gone", gone), ("new", new)]
    listed = "; ".join(f"{what}: {', '.join(names)}" for what, names in parts if names) or "their order"
    raise ModelError(
        f"{bundle.manifest.name} was trained under feature lock {bundle.manifest.lock}, "
        f"this is {lock.digest}; features differ ({listed}); train it again",
        changed=changed,
        gone=gone,
        new=new,
    )


def _read(folder: Path, digest: str) -> dict[str, bytes]:
    root = folder / digest
    if not _DIGEST.fullmatch(digest) or not root.is_dir():
        raise ModelError(f"no bundle {digest[:12]!r} in {folder}; train it or fetch it", digest=digest)
    paths = sorted(path for path in root.rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _write(target: Path, files: Mapping[str, bytes]) -> None:
    scratch = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        for name, content in files.items():
            path = scratch / name
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        _move(scratch, target)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _move(scratch: Path, target: Path) -> None:
    try:
        scratch.rename(target)
    except OSError:
        # Another process stored the same bundle a moment earlier; equal digests mean equal content.
        if not target.is_dir():
            raise
    held = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)
