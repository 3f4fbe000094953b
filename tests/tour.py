"""A mirror that holds one small tour from two sources: invented matches, and invented odds on them."""

from __future__ import annotations

from pathlib import Path

from antepost.ingestion import SOURCES
from tests.payloads import sackmann, tennis_data_co_uk

FILES = {
    "sackmann_atp": ("matches-2019", sackmann.PAYLOADS["sackmann_atp"][1]),
    "tennis_data_atp": ("atp-2019", tennis_data_co_uk.PAYLOADS["tennis_data_atp"][1]),
}


def mirror_in(root: Path, **other: bytes) -> str:
    """Return the mirror ``root``, with ``other`` bytes for the sources so named."""
    for source, (part, data) in FILES.items():
        path = root / next(each for each in SOURCES[source].parts(2031) if each.name == part).path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(other.get(source, data))
    return str(root)
