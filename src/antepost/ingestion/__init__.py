"""How the world's bytes become rows: sources, fetching, parsing, quality, stamps, corrections and loads.

This room never computes a feature and never changes a stored row; vendor vocabulary ends here.
Below it lie lake, betting, simulation, evaluation, sports, domain, engines, settings, telemetry and errors.
"""

from __future__ import annotations

# Not lazy: ``fetch`` and ``ingest`` are functions that share the name of their module, and have to win.
from antepost.ingestion.fetch import Fetched, fetch
from antepost.ingestion.ingest import IngestReport, ingest
from antepost.ingestion.load import replay, revise
from antepost.ingestion.source import Parsed, Source
from antepost.ingestion.sources import SOURCES, get_source, primary

__all__ = [
    "SOURCES",
    "Fetched",
    "IngestReport",
    "Parsed",
    "Source",
    "fetch",
    "get_source",
    "ingest",
    "primary",
    "replay",
    "revise",
]
