"""The silver tables: what one row of each holds, and which columns make it the same fact.

Every row carries the three stamps (``event_at``, ``known_at``, ``batch``) beside its values. A fact is named
by its table's key; two rows with one key are revisions of one fact.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import polars as pl

from antepost.errors import DataError
from antepost.sports import get_sport

type Schema = Mapping[str, pl.DataType]

MOMENT = pl.Datetime("us", "UTC")
TEXT = pl.String()
WHOLE = pl.Int32()
COUNT = pl.Int64()
NUMBER = pl.Float64()
FLAG = pl.Boolean()
DAY = pl.Date()

CLAIM: Schema = {
    "sport": TEXT,
    "league": TEXT,
    "season": WHOLE,
    "fixture": TEXT,
    "event_at": MOMENT,
    "event_precision": TEXT,
    "known_at": MOMENT,
    "known_how": TEXT,
}
"""What a source says of every row; ``known_how`` is recorded, published, bounded or assumed."""

ORIGIN: Schema = {"batch": COUNT, "raw": TEXT}
"""How a row came to us: the numbered load, and the SHA-256 of the bytes it was parsed from."""


FRACTIONS = frozenset({"share", "value"})
"""Units of statistics that are no whole numbers: a share of something, and a model's estimate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One kind of fact: its name, the columns that identify a fact, and its values with their types.

    A ``standing`` fact holds from its first mention on, and to be mentioned again later does not change it.
    """

    name: str
    key: tuple[str, ...]
    values: Schema
    standing: bool = False

    @property
    def claimed(self) -> dict[str, pl.DataType]:
        """Return the columns of a parsed row, which no load has brought yet."""
        return {**CLAIM, **self.values}

    @property
    def schema(self) -> dict[str, pl.DataType]:
        """Return the columns of a stored row."""
        return {**CLAIM, **ORIGIN, **self.values}

    def empty(self) -> pl.DataFrame:
        """Return the table without rows."""
        return pl.DataFrame(schema=self.schema)


# ``sequence`` orders the games of one day; ``daylight`` tells a game by day from one by night where no clock is told.
FIXTURES = Table(
    name="fixtures",
    key=("fixture",),
    values={
        "start": MOMENT,
        "home": TEXT,
        "away": TEXT,
        "neutral": FLAG,
        "stage": TEXT,
        "week": WHOLE,
        "venue": TEXT,
        "venue_name": TEXT,
        "sequence": WHOLE,
        "daylight": FLAG,
        "home_division": TEXT,
        "away_division": TEXT,
    },
)
# The score and ``outcome`` (home, away or draw) are those by which bets on the winner are settled, see
# ``Sport.settlement``: ninety minutes in soccer, whatever followed. A retirement is won by whoever stands. ``ending``
# is regulation, overtime, shootout, retired, walkover, awarded or abandoned.
RESULTS = Table(
    name="results",
    key=("fixture",),
    values={
        "home": TEXT,
        "away": TEXT,
        "home_score": COUNT,
        "away_score": COUNT,
        "overtime": FLAG,
        "outcome": TEXT,
        "ending": TEXT,
    },
)
# Quarters, halves, innings or sets; ``side`` is home or away.
PERIODS = Table(
    name="periods",
    key=("fixture", "side", "period"),
    values={"side": TEXT, "period": WHOLE, "score": COUNT},
)
# ``player`` names whose figure is bet on, null for a bet on the game. ``label`` is open, early, close or quote.
# ``quoted_at`` is the book's own moment of a quote, null for the others: a fact is one quote, so a moving price is many
# facts and not many revisions of one. ``line`` is the points by which that side is favoured (spread) or the total;
# ``odds`` are decimal.
PRICES = Table(
    name="prices",
    key=("fixture", "book", "market", "player", "outcome", "label", "quoted_at"),
    values={
        "book": TEXT,
        "market": TEXT,
        "player": TEXT,
        "outcome": TEXT,
        "label": TEXT,
        "quoted_at": MOMENT,
        "line": NUMBER,
        "odds": NUMBER,
    },
)
VENUES = Table(name="venues", key=("fixture",), values={"roof": TEXT, "surface": TEXT})
# ``role`` is a place in a side, and a fixture has each once. ``status`` is the word of a list: a squad's, or the rank
# on a depth chart.
ROSTERS = Table(
    name="rosters",
    key=("fixture", "role"),
    values={"role": TEXT, "team": TEXT, "player": TEXT, "name": TEXT, "status": TEXT},
)
OFFICIALS = Table(name="officials", key=("fixture", "role"), values={"role": TEXT, "name": TEXT})
# Fahrenheit, miles an hour, degrees, inches and hectopascal at ``valid_at`` (null: some time in the game). ``kind`` is
# observed or forecast; a forecast has the moment at which it was issued.
WEATHER = Table(
    name="weather",
    key=("fixture", "kind", "issued_at", "valid_at"),
    values={
        "kind": TEXT,
        "issued_at": MOMENT,
        "valid_at": MOMENT,
        "temp": NUMBER,
        "wind": NUMBER,
        "wind_direction": NUMBER,
        "dew_point": NUMBER,
        "precipitation": NUMBER,
        "pressure": NUMBER,
    },
)
# Grounds, from the day of ``event_at`` on: degrees, metres, an IANA zone.
PLACES = Table(
    name="places",
    key=("venue", "event_at"),
    values={
        "venue": TEXT,
        "name": TEXT,
        "latitude": NUMBER,
        "longitude": NUMBER,
        "altitude": NUMBER,
        "timezone": TEXT,
        "roof": TEXT,
        "surface": TEXT,
    },
)
# What a rival expected: somebody to be judged against, never a feature.
FORECASTS = Table(
    name="forecasts",
    key=("fixture", "forecaster", "model", "outcome"),
    values={"forecaster": TEXT, "model": TEXT, "outcome": TEXT, "probability": NUMBER},
)
# What a side or a player did in a game; the columns of a sport are its own, see ``Sport.team_stats``.
TEAM_STATS = Table(name="team_stats", key=("fixture", "side"), values={"side": TEXT, "team": TEXT})
# ``role`` tells apart what several counts say of one player in one game: batting and pitching, box score and tracking.
PLAYER_STATS = Table(
    name="player_stats",
    key=("fixture", "player", "role"),
    values={"side": TEXT, "team": TEXT, "player": TEXT, "name": TEXT, "role": TEXT},
)
# Who stood where on a list, from the day of the list on; there is no fixture.
RANKINGS = Table(
    name="rankings",
    key=("league", "player", "event_at"),
    values={"player": TEXT, "rank": WHOLE, "points": COUNT},
)
# A side after so many whole minutes of play. ``gold`` and ``experience`` are all that was earned until then; the leads
# are over the other side, and some sources tell a lead only. Buildings and Roshans are those that the side took.
MINUTE_STATES = Table(
    name="minute_states",
    key=("fixture", "side", "minute"),
    values={
        "side": TEXT,
        "minute": WHOLE,
        "gold": COUNT,
        "gold_lead": COUNT,
        "experience": COUNT,
        "experience_lead": COUNT,
        "last_hits": COUNT,
        "denies": COUNT,
        "kills": COUNT,
        "towers": COUNT,
        "barracks": COUNT,
        "roshans": COUNT,
    },
)
# A match as a client of the game told it at one moment, once for each body that was received. ``stream`` is the
# listener's run and ``sequence`` the place in it. It happened when the client says (``reported_at``, whole seconds),
# and not after its receipt. ``clock`` is the match's own, in whole seconds: below zero before the horn, standing still
# in a pause, and in the draft no match time. Sides are Radiant and Dire: who has which stands among the rosters. Gold
# and experience are all that was earned until then, towers, barracks and Roshans what the side took; what a body does
# not tell is null and is not carried on.
TICKS = Table(
    name="ticks",
    key=("fixture", "stream", "sequence"),
    values={
        "stream": TEXT,
        "sequence": COUNT,
        "reported_at": MOMENT,
        "state": TEXT,
        "clock": WHOLE,
        "paused": FLAG,
        "winner": TEXT,
        **{
            f"{side}_{name}": COUNT
            for side in ("radiant", "dire")
            for name in (
                "gold", "net_worth", "experience", "level", "last_hits", "denies", "kills", "alive", "buyback_gold",
                "towers", "barracks", "roshans",
            )
        },
    },
)  # fmt: skip
# A side at a moment of a round. ``game`` names one map as it was played, where a source tells neither sides nor day
# too: then ``fixture`` is null. ``role`` is ct or t, ``side`` home or away, null where the source does not tell it.
# ``phase`` is buy, live, planted or over; ``clock_ms`` runs down as players see it (once the bomb is planted, to its
# explosion), ``elapsed_ms`` up from the end of the buying. ``score`` counts rounds won before this one, ``kills`` and
# ``damage`` those in this one. Who ``won``, and how (``reason``: elimination, defusal, explosion, time), stands in a
# row of its own, which is known once the round is over.
ROUND_STATES = Table(
    name="round_states",
    key=("game", "round", "sequence", "role", "side"),
    values={
        "game": TEXT,
        "map": TEXT,
        "round": WHOLE,
        "sequence": WHOLE,
        "role": TEXT,
        "side": TEXT,
        "phase": TEXT,
        "clock_ms": COUNT,
        "elapsed_ms": COUNT,
        "score": COUNT,
        "alive": COUNT,
        "health": COUNT,
        "armor": COUNT,
        "helmets": COUNT,
        "kits": COUNT,
        "money": COUNT,
        "pistols": COUNT,
        "smgs": COUNT,
        "rifles": COUNT,
        "snipers": COUNT,
        "heavies": COUNT,
        "grenades": COUNT,
        "kills": COUNT,
        "damage": COUNT,
        "won": FLAG,
        "reason": TEXT,
    },
)
# Which heroes a side of a game took, where nobody tells who played: ``game`` names it, ``role`` is radiant or dire, and
# the five codes are in ascending order. Who ``won`` stands in a row of its own (``over``), which is known afterwards.
DRAFTS = Table(
    name="drafts",
    key=("game", "role", "over"),
    values={
        "game": TEXT,
        "role": TEXT,
        "over": FLAG,
        **dict.fromkeys((f"hero_{place}" for place in range(1, 6)), TEXT),
        "won": FLAG,
    },
)
# What a rival makes of a player once a season is over, by ``measure``; those of one measure can be compared.
RATINGS = Table(
    name="ratings",
    key=("player", "rater", "measure", "event_at"),
    values={"player": TEXT, "name": TEXT, "rater": TEXT, "measure": TEXT, "rating": NUMBER},
)
# What a game is made of, as its publisher numbers it: patches, heroes, items, facets. ``owner`` is the hero of a facet
# and ``number`` its place among the hero's, from 1 on. It was in the game from ``since`` until before ``until``; null
# where the source does not tell, or it is in the game still.
CONSTANTS = Table(
    name="constants",
    key=("kind", "code"),
    values={
        "kind": TEXT,
        "code": TEXT,
        "name": TEXT,
        "owner": TEXT,
        "number": WHOLE,
        "since": MOMENT,
        "until": MOMENT,
    },
)
# A report about a player's fitness; ``status`` is the report's own word. One that is made for a game has its fixture,
# and happens with it; any other happens when it is reported.
INJURIES = Table(
    name="injuries",
    key=("team", "player", "event_at"),
    values={"team": TEXT, "player": TEXT, "name": TEXT, "status": TEXT, "detail": TEXT},
)

# Whom we know: teams and players, from the first fixture that named them. ``kind`` is team or player.
ENTITIES = Table(
    name="entities",
    key=("entity",),
    values={"entity": TEXT, "kind": TEXT, "name": TEXT, "country": TEXT, "born": DAY, "hand": TEXT, "height": WHOLE},
    standing=True,
)
# What a side is called, from ``event_at`` on until its next row: a name, or a code where the sport's own source writes
# codes. A side whose name never changed may have no row.
NAMES = Table(name="names", key=("entity", "event_at"), values={"entity": TEXT, "name": TEXT})
# Where two sources contradict each other; ``rule`` says whose word stands.
DISPUTES = Table(
    name="disputes",
    key=("fixture", "source", "field"),
    values={"source": TEXT, "field": TEXT, "ours": TEXT, "theirs": TEXT, "rule": TEXT},
)

TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        FIXTURES, RESULTS, PERIODS, PRICES, TEAM_STATS, PLAYER_STATS, ROSTERS, INJURIES, WEATHER, RANKINGS, VENUES,
        OFFICIALS, PLACES, FORECASTS, RATINGS, MINUTE_STATES, TICKS, DRAFTS, ROUND_STATES, CONSTANTS, ENTITIES, NAMES,
        DISPUTES,
    )
}  # fmt: skip


@cache
def table_of(name: str, sport: str) -> Table:
    """Return the table ``name`` with the columns it has for ``sport``: a box score's are the sport's own.

    Whole units are int64, exact in any order of summing; shares and model values are float64.
    """
    base = TABLES[name]
    stats = {"team_stats": get_sport(sport).team_stats, "player_stats": get_sport(sport).player_stats}.get(name, {})
    own = {stat: NUMBER if unit in FRACTIONS else COUNT for stat, unit in stats.items()}
    return replace(base, values={**base.values, **own})


QUARANTINE: Schema = {"sport": TEXT, "source": TEXT, **ORIGIN, "reason": TEXT, "row": TEXT}
"""A refused row as JSON, and why; it is kept so that nothing a vendor said is lost."""


def check(frame: pl.DataFrame, schema: Schema, where: str) -> pl.DataFrame:
    """Return ``frame`` with exactly the columns of ``schema``, in its order.

    Raises:
        DataError: a column is missing, surplus or of another type; the message names it.
    """
    expected, found = dict(schema), dict(frame.schema)
    wrong = {name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)}
    if wrong:
        told = ", ".join(f"{name}: {found.get(name)} for {expected.get(name)}" for name in sorted(wrong))
        raise DataError(f"{where} does not fit its schema ({told})", columns=sorted(wrong))
    return frame if frame.columns == list(expected) else frame.select(list(expected))
