from __future__ import annotations

from pathlib import Path

import pytest

from antepost.desk import Desk, open_desk
from antepost.domain.seal import canonical
from antepost.errors import ModelError
from antepost.lake import connect, ledger
from antepost.models.signing import key_id, public_pem, signing_key
from antepost.models.store import MANIFEST, SIGNATURE
from antepost.settings import Settings, get_settings


@pytest.fixture
def desk(settings: Settings, mlflow_url: str) -> Desk:
    """A desk over a home with five invented seasons, and the run's MLflow."""
    own = get_settings(home=settings.home, mirror=None, database_url=settings.database_url, mlflow_url=mlflow_url)
    desk = open_desk(settings=own)
    desk.ingest("nfl", simulate=True, seasons=(2014, 2018))
    return desk


def test_a_key_is_kept_in_the_ledger_once_a_bundle_that_it_signed_is_registered(desk: Desk) -> None:
    engine = connect(desk.settings)
    digest = desk.train("nfl", "none", before=2018, families=("elo",)).digest
    assert ledger.keys(engine) == {}
    desk.register("nfl", digest, alias=None)
    desk.register("nfl", digest, alias=None)
    pem = public_pem(signing_key(desk.settings.keys))
    assert ledger.keys(engine) == {key_id(pem): pem}


def test_a_bundle_that_somebody_else_signed_is_not_registered(desk: Desk, tmp_path: Path) -> None:
    """Registering took any signer, and only the loading of a champion noticed."""
    digest = desk.train("nfl", "none", before=2018, families=("elo",)).digest
    folder, stranger = desk.settings.bundles / digest, signing_key(tmp_path / "stranger")
    signed = {
        "algorithm": "ed25519",
        "public_key": public_pem(stranger),
        "signature": stranger.sign((folder / MANIFEST).read_bytes()).hex(),
    }
    (folder / SIGNATURE).write_bytes(canonical(signed))
    with pytest.raises(ModelError, match="signed by another key"):
        desk.register("nfl", digest, alias=None)
    assert ledger.keys(connect(desk.settings)) == {}
