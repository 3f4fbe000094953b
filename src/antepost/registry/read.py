"""Reads the registry over MLflow's REST API (2.0), without its SDK.

Source: https://mlflow.org/docs/latest/rest-api.html
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

import httpx

from antepost.errors import EngineError, ModelError

_API = "/api/2.0/mlflow"
_TIMEOUT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One version of a registered model: the bundle it names, and the aliases that point at it."""

    name: str
    version: str
    digest: str
    aliases: tuple[str, ...]


def champion(url: str, name: str, alias: str = "champion") -> Standing:
    """Return the version of ``name`` that ``alias`` points at.

    Raises:
        ModelError: there is no such model or alias, or the version names no bundle.
        EngineError: the server does not answer.
    """
    answer = _get(url, "registered-models/alias", {"name": name, "alias": alias})
    if answer is None:
        sport, target, information_set = name.split(".")
        words = f"--target {target} --odds {information_set}" if target != "winner" else f"--odds {information_set}"
        raise ModelError(
            f"no {name} with alias {alias} in {url}; run: antepost train {sport} {words} --register",
            name=name,
        )
    return _standing(answer["model_version"])


def versions(url: str, name: str) -> list[Standing]:
    """Return every registered version of ``name``, oldest first."""
    answer = _get(url, "model-versions/search", {"filter": f"name='{name}'", "max_results": "1000"})
    found = [_standing(version) for version in (answer or {}).get("model_versions", [])]
    return sorted(found, key=lambda standing: int(standing.version))


def _standing(version: dict[str, Any]) -> Standing:
    tags = {tag["key"]: tag["value"] for tag in version.get("tags", [])}
    if "digest" not in tags:
        raise ModelError(
            f"version {version['version']} of {version['name']} names no bundle; it was not registered by antepost"
        )
    aliases = tuple(str(alias) for alias in version.get("aliases", []))
    return Standing(name=version["name"], version=str(version["version"]), digest=tags["digest"], aliases=aliases)


def _get(url: str, path: str, params: dict[str, str]) -> dict[str, Any] | None:
    """Return the answer, or None where what was asked for does not exist."""
    local = httpx.URL(url).host in ("127.0.0.1", "localhost")
    try:
        with httpx.Client(timeout=_TIMEOUT_SECONDS, trust_env=not local) as client:
            answer = client.get(f"{url.rstrip('/')}{_API}/{path}", params=params)
    except httpx.HTTPError as error:
        raise EngineError(f"MLflow at {url} does not answer ({error}); antepost doctor says more") from error
    said = _json(answer)
    if answer.is_success and said is not None:
        return said
    if said is not None and said.get("error_code") in ("RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"):
        return None
    what = "" if said is not None else " with no JSON"
    raise EngineError(f"MLflow at {url} answered {answer.status_code}{what} to {path}: {answer.text[:300]}")


def _json(answer: httpx.Response) -> dict[str, Any] | None:
    """Return the answer's JSON object, or None where it is something else, such as a proxy's page."""
    try:
        said = answer.json()
    except ValueError:
        return None
    return cast("dict[str, Any]", said) if isinstance(said, dict) else None
