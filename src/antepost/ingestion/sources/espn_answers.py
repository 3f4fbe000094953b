"""The layout of ESPN's answers, as far as it is read: what has a default may be missing."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from antepost.ingestion.sources.espn_odds import Answer, Odds

type Number = Annotated[float, Field(ge=-1e6, le=1e6)]
type Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Named(Answer):
    """A side: its full name, and for a college its school."""

    display_name: str
    abbreviation: str = ""
    location: str = ""


class Score(Answer):
    """A number of points."""

    value: Number | None = None


class Competitor(Answer):
    """A side of a game."""

    home_away: str
    team: Named
    score: str | Score | None = None
    linescores: list[Score] | None = None


class Kind(Answer):
    """What state a game is in."""

    name: str
    state: str
    completed: bool
    short_detail: str = ""


class Status(Answer):
    """How far a game is."""

    type: Kind
    period: Count = 0


class Position(Answer):
    """What an official does."""

    name: str | None = None


class Official(Answer):
    """Who leads a game."""

    display_name: str
    position: Position | None = None


class Competition(Answer):
    """A game."""

    competitors: list[Competitor]
    status: Status
    time_valid: bool | None = None
    neutral_site: bool | None = None
    officials: list[Official] | None = None
    odds: list[Odds | None] | None = None


class Season(Answer):
    """Which part of a season a game belongs to."""

    type: Count


class Event(Answer):
    """An entry of a scoreboard."""

    id: str
    date: str
    season: Season
    competitions: list[Competition]


class League(Answer):
    """Which league a scoreboard is of."""

    slug: str | None = None


class Scoreboard(Answer):
    """The games of some days."""

    leagues: list[League] = Field(default_factory=list[League])
    events: list[Event]


class Link(Answer):
    """An address."""

    href: str = ""


class Athlete(Answer):
    """A player."""

    display_name: str
    id: str | None = None
    links: list[Link] = Field(default_factory=list[Link])


class Details(Answer):
    """What ails a player."""

    type: str | None = None
    detail: str | None = None
    side: str | None = None
    return_date: str | None = None


class Injury(Answer):
    """A report."""

    status: str
    date: str
    athlete: Athlete
    details: Details | None = None


class Hurt(Answer):
    """A side's reports."""

    display_name: str
    injuries: list[Injury]


class Injuries(Answer):
    """The reports of a league."""

    injuries: list[Hurt]
