"""The feature groups, one file each; adding one is a file and a line here."""

from __future__ import annotations

from antepost.features.declaration import Group
from antepost.features.groups.elo import ELO
from antepost.features.groups.form import FORM
from antepost.features.groups.head_to_head import HEAD_TO_HEAD
from antepost.features.groups.market import MARKET
from antepost.features.groups.schedule import SCHEDULE
from antepost.features.groups.starter import STARTER
from antepost.features.groups.venue import VENUE

GROUPS: dict[str, Group] = {group.name: group for group in (ELO, FORM, SCHEDULE, HEAD_TO_HEAD, STARTER, VENUE, MARKET)}
