"""The words of the field: moments, information sets, odds, margins and the chain of seals.

Never reads, writes, fetches or decides; nothing here touches a disk, a network or a model.
Only errors lies below.
"""

from __future__ import annotations

from antepost.domain import margin, seal
from antepost.domain.clock import Clock, FixedClock, SystemClock, from_micros, micros
from antepost.domain.information import PRICED_SETS, SETS, InformationSet
from antepost.domain.margin import DEVIG
from antepost.domain.odds import american_to_decimal
from antepost.domain.seal import Record

__all__ = [
    "DEVIG",
    "PRICED_SETS",
    "SETS",
    "Clock",
    "FixedClock",
    "InformationSet",
    "Record",
    "SystemClock",
    "american_to_decimal",
    "from_micros",
    "margin",
    "micros",
    "seal",
]
