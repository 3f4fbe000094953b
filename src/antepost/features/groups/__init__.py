"""The feature groups, one file each; adding one is a file and a line here."""

from __future__ import annotations

from antepost.features.declaration import Declare
from antepost.features.groups.books import books
from antepost.features.groups.box import box
from antepost.features.groups.elo import elo
from antepost.features.groups.form import form
from antepost.features.groups.head_to_head import head_to_head
from antepost.features.groups.market import market
from antepost.features.groups.schedule import schedule
from antepost.features.groups.splits import splits
from antepost.features.groups.starter import starter
from antepost.features.groups.venue import venue

GROUPS: tuple[Declare, ...] = (elo, form, splits, box, schedule, head_to_head, starter, venue, market, books)
"""What each group is in a sport, or that the sport does not have it."""
