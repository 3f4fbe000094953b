"""The one file in which a home says what it decides otherwise: a section a room, each the room's own policy."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from antepost.betting import BettingPolicy
from antepost.errors import SettingsError
from antepost.ingestion.policy import QualityPolicy
from antepost.ingestion.polling.policy import CollectPolicy


class Policies(BaseModel):
    """What was decided for betting, for polling and for the quality of facts; a section left out has its defaults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    betting: BettingPolicy = BettingPolicy()
    quality: QualityPolicy = QualityPolicy()
    collect: CollectPolicy = CollectPolicy()


def load_policies(path: Path | None = None) -> Policies:
    """Return what the file says, or the defaults without a file.

    Raises:
        SettingsError: the file is not there, is not YAML, holds an unknown key or an impossible value, or a text or a
            yes where a number is wanted.
    """
    if path is None:
        return Policies()
    try:
        content: object = yaml.safe_load(path.read_text(encoding="utf-8"))
        return Policies.model_validate({} if content is None else content)
    except OSError as error:
        raise SettingsError(f"policy file {path} cannot be read: {error}", path=path) from error
    except ValidationError as error:
        raise SettingsError(f"policy file {path} does not parse: {_told(error)}", path=path) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"policy file {path} does not parse: {error}", path=path) from error


def _told(error: ValidationError) -> str:
    """Return each fault by its key, with what stands there."""
    return "; ".join(
        f"{'.'.join(map(str, fault['loc'])) or 'the file'}: {fault['msg']}, not {fault['input']!r}"
        for fault in error.errors()
    )
