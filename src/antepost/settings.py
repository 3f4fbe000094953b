"""Where things are: one frozen model read from ``ANTEPOST_*`` variables. What we decide is policy, elsewhere."""

from __future__ import annotations

import errno
import os
import re
import tempfile
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from antepost.errors import SettingsError

_HOME_FAULTS = frozenset(
    {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOSPC, errno.EDQUOT}
)


class Settings(BaseSettings):
    """Places and servers. Nothing set means: everything embedded, below ``./.antepost``."""

    model_config = SettingsConfigDict(env_prefix="ANTEPOST_", env_ignore_empty=True, frozen=True, extra="ignore")

    home: Path = Field(default=Path(".antepost"), description="folder that holds everything the platform writes")
    mirror: str | None = Field(default=None, description="folder or URL that answers for the sources' upstreams")
    lake_url: str | None = Field(default=None, description="S3 object store for the lake: s3://bucket/prefix")
    database_url: str | None = Field(default=None, description="Postgres to use instead of the embedded one")
    valkey_url: str | None = Field(default=None, description="Valkey to use instead of the embedded one")
    mlflow_url: str | None = Field(default=None, description="MLflow server to use instead of the embedded one")
    odds_api_key: SecretStr | None = Field(default=None, description="key of The Odds API, for its sources only")

    @field_validator("home")
    @classmethod
    def _absolute(cls, home: Path) -> Path:
        if "%" in str(home):
            raise ValueError(f"{home} holds a percent sign, which the tables' URLs would read as an escape")
        return home.expanduser().absolute()

    @field_validator("mirror", "lake_url", "database_url", "valkey_url", "mlflow_url")
    @classmethod
    def _blank_is_unset(cls, value: str | None) -> str | None:
        return value or None

    @field_validator("lake_url")
    @classmethod
    def _object_store(cls, url: str | None) -> str | None:
        if url is not None and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/[A-Za-z0-9._/-]*)?", url):
            raise ValueError(f"{url} is no object store; write s3://bucket/prefix, or set ANTEPOST_HOME for a folder")
        return url

    @property
    def lake(self) -> str:
        """Where bronze, silver and the batch log lie: an object store's URL, else the home."""
        return self.lake_url or str(self.home)

    def key(self, field: str) -> str | None:
        """Return the secret in ``field``, None where it is not set; for the request that needs it, never shown."""
        held = getattr(self, field)
        return held.get_secret_value() if isinstance(held, SecretStr) else None

    @property
    def bronze(self) -> Path:
        """Raw bytes by content hash, where the lake is in the home."""
        return self.home / "bronze"

    @property
    def recordings(self) -> Path:
        """What the live path received, laid out as a mirror is."""
        return self.home / "recordings"

    @property
    def silver(self) -> Path:
        """Delta tables, the truth about facts, where the lake is in the home."""
        return self.home / "silver"

    @property
    def gold(self) -> Path:
        """Rebuildable cache keyed by content."""
        return self.home / "gold"

    @property
    def batches(self) -> Path:
        """The batch log, one file a load, where the lake is in the home."""
        return self.home / "batches"

    @property
    def bundles(self) -> Path:
        """Signed bundles by digest."""
        return self.home / "bundles"

    @property
    def engines(self) -> Path:
        """Data, locks and logs of the embedded engines."""
        return self.home / "engines"

    @property
    def keys(self) -> Path:
        """The signing key, readable by its owner only."""
        return self.home / "keys"

    @property
    def reports(self) -> Path:
        """Plots and tables for people."""
        return self.home / "reports"

    @property
    def mlruns(self) -> Path:
        """MLflow's artefacts."""
        return self.home / "mlruns"


def get_settings(**overrides: object) -> Settings:
    """Return settings read from the environment now, with ``overrides`` on top.

    Raises:
        SettingsError: a variable does not parse.
    """
    try:
        return Settings(**overrides)  # pyright: ignore[reportArgumentType]  # values are validated by pydantic
    except ValidationError as error:
        raise SettingsError(f"settings do not parse: {error}; see the ANTEPOST_* variables") from error


def home_refused(home: Path, error: Exception) -> SettingsError | None:
    """Return what is wrong with ``home`` where that is what raised ``error``, None where the cause lies elsewhere.

    Libraries that write for us name no file in their errors, so the home is tried. Those in Rust give the system's
    number in their text only.
    """
    where, found = home, None
    if isinstance(error, OSError) and isinstance(error.filename, str):
        where = Path(error.filename)
        found = error if error.errno in _HOME_FAULTS and where.is_relative_to(home) and where != home else None
    elif told := re.search(r"\(os error (\d+)\)", str(error)):
        number = int(told[1])
        found = OSError(number, os.strerror(number)) if number in _HOME_FAULTS else None
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=home):
            pass
    except OSError as fault:
        where, found = home, fault
    if found is None:
        return None
    why = "it is no folder" if home.exists() and not home.is_dir() else found.strerror or str(found)
    first = "make room there and run it again, or " if found.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    return SettingsError(
        f"{where} cannot be written: {why}; {first}set ANTEPOST_HOME to a folder of your own with room in it",
        path=str(where),
    )
