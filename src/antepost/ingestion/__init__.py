"""How the world's bytes become rows: sources, fetching, parsing, quality, stamps, corrections and loads.

This room never computes a feature and never changes a stored row; vendor vocabulary ends here.
Below it lie lake, betting, simulation, evaluation, sports, domain, engines, settings, telemetry and errors.
"""

from __future__ import annotations

# Not lazy: ``fetch`` and ``ingest`` are functions that share the name of their module, and have to win.
from antepost.ingestion.drift import check_live
from antepost.ingestion.fetch import fetch
from antepost.ingestion.ingest import IngestReport, Loads, ingest, ingest_all
from antepost.ingestion.load import Reading, new_rows, replay
from antepost.ingestion.source import Parsed, Part, Source
from antepost.ingestion.sources import SOURCES, get_source, sources_of

__all__ = [
    "SOURCES",
    "IngestReport",
    "Loads",
    "Parsed",
    "Part",
    "Reading",
    "Source",
    "check_live",
    "fetch",
    "get_source",
    "ingest",
    "ingest_all",
    "new_rows",
    "replay",
    "sources_of",
]
