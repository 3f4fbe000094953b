"""Information sets: which prices a model may see, and the moment at which it asks its questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

InformationSet = Literal["none", "open", "close"]

# The named moment of each set: without prices it is asked as late as with the closing one.
SETS: Mapping[str, str] = {"none": "close", "open": "open", "close": "close"}
PRICED_SETS = ("open", "close")
