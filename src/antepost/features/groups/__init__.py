"""The feature groups, one file each; adding one is a file and a line here."""

from __future__ import annotations

from antepost.features.declaration import Declare
from antepost.features.groups.books import books
from antepost.features.groups.box import box
from antepost.features.groups.calendar import calendar
from antepost.features.groups.climate import climate
from antepost.features.groups.closing import closing
from antepost.features.groups.dixon_coles import dixon_coles
from antepost.features.groups.draft import draft
from antepost.features.groups.early import early
from antepost.features.groups.elo import elo
from antepost.features.groups.event import event
from antepost.features.groups.ewm import ewm
from antepost.features.groups.form import form
from antepost.features.groups.glicko import glicko
from antepost.features.groups.head_to_head import head_to_head
from antepost.features.groups.inactive import inactive
from antepost.features.groups.injuries import injuries
from antepost.features.groups.lineup import lineup
from antepost.features.groups.maps import maps
from antepost.features.groups.market import market
from antepost.features.groups.massey import massey
from antepost.features.groups.officials import officials
from antepost.features.groups.opponents import opponents
from antepost.features.groups.patch import patch
from antepost.features.groups.periods import periods
from antepost.features.groups.pi import pi
from antepost.features.groups.pool import pool
from antepost.features.groups.ranking import ranking
from antepost.features.groups.schedule import schedule
from antepost.features.groups.series import series
from antepost.features.groups.sets import sets
from antepost.features.groups.sides import sides
from antepost.features.groups.splits import splits
from antepost.features.groups.starter import starter
from antepost.features.groups.starter_rates import starter_rates
from antepost.features.groups.starter_rest import starter_rest
from antepost.features.groups.strengths import strengths
from antepost.features.groups.surface import surface
from antepost.features.groups.table import table
from antepost.features.groups.toss import toss
from antepost.features.groups.travel import travel
from antepost.features.groups.venue import venue

GROUPS: tuple[Declare, ...] = (
    elo, form, splits, box, schedule, head_to_head, starter, venue, market, books, ewm, closing, calendar, travel,
    table, officials, glicko, pi, strengths, surface, opponents, early, sides, maps, series, toss, draft, pool, patch,
    event, periods, sets, ranking, starter_rates, injuries, starter_rest, lineup, inactive, dixon_coles,
    massey, climate,
)  # fmt: skip
"""What each group is in a sport, or that the sport does not have it."""
