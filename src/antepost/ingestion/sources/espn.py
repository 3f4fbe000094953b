"""ESPN's scoreboards and injury lists: games, scores, officials, prices and who is hurt; one feed a sport.

Names are ESPN's full ones, of a college its school's. A score counts once the game is complete. Prices are read of
games that have not begun, since nothing says when they were taken. The weather on a scoreboard has neither hour nor
issue and is left out.

Source: https://site.api.espn.com (undocumented)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta

import polars as pl
from pydantic import TypeAdapter

from antepost.ingestion import stamps
from antepost.ingestion.answers import read_answer
from antepost.ingestion.cells import outcome_of
from antepost.ingestion.identity import slug
from antepost.ingestion.markets import called
from antepost.ingestion.quality import split, split_american, unsigned_zero
from antepost.ingestion.sheet import refuse
from antepost.ingestion.source import Parsed, Part, Source, claim, joined
from antepost.ingestion.sources.espn_answers import Athlete, Competitor, Details, Event, Injuries, Score, Scoreboard
from antepost.ingestion.sources.espn_odds import offers
from antepost.lake.schemas import CLAIM
from antepost.sports import MLB, NBA, NCAAB, NCAAF, NFL, NHL, SOCCER, WNBA, Sport

_ENDED = "start + the sport's usual duration + 30 min (assumed)"
_ANNOUNCED = "start - 90 min (assumed)"
_PRICED = "start - 1 s: nothing says when (assumed); under open, start - 24 h, in the NFL - 6 d (assumed)"
_REPORTED = "the report's own date (recorded)"
KNOWN_AT: Mapping[str, str] = {
    **dict.fromkeys(
        ("events", "id", "date", "season", "competitions", "competitors", "homeAway", "team", "displayName",
         "abbreviation", "location", "timeValid", "neutralSite"),
        stamps.JOINED,
    ),
    **dict.fromkeys(("status", "state", "completed", "score", "linescores", "period"), _ENDED),
    "officials": _ANNOUNCED,
    **dict.fromkeys(("odds", "details", "overUnder", "moneyLine", "spreadOdds"), _PRICED),
    **dict.fromkeys(("injuries", "athlete", "links"), _REPORTED),
}  # fmt: skip

_HOST = "https://site.api.espn.com/apis/site/v2/sports"
_OPENED: Mapping[str, timedelta] = {"nfl": timedelta(days=6)}
_INJURIES = "injuries"
_PRESEASON = 1
_SCHOOLS = (NCAAF, NCAAB)
_BROKEN_OFF = tuple(f"STATUS_{how}" for how in ("POSTPONED", "CANCELED", "SUSPENDED", "ABANDONED", "FORFEIT"))
_ATHLETE = re.compile(r"/id/(\d+)")
_ALL_STARS = "AFC|NFC|American League|National League|(?i:all.?stars?)"

_SCOREBOARD, _LIST = TypeAdapter(Scoreboard), TypeAdapter(Injuries)
_GAME: Mapping[str, pl.DataType] = {
    **dict.fromkeys(
        ("id", "slug", "date", "home", "away", "home_short", "away_short", "state", "status", "detail"), pl.String()
    ),
    **dict.fromkeys(("timed", "neutral", "completed"), pl.Boolean()),
    **dict.fromkeys(("kind", "period", "home_score", "away_score"), pl.Int64()),
}
_QUOTE: Mapping[str, pl.DataType] = {
    **dict.fromkeys(("id", "state", "book", "market", "outcome", "label"), pl.String()),
    **dict.fromkeys(("line", "american"), pl.Float64()),
}


def parser(sport: Sport, leagues: Mapping[str, str], periods: int) -> Callable[[bytes, Part], Parsed]:
    """Return the function that reads one sport's scoreboards and injury lists.

    ``leagues`` maps their names of leagues to ours, ``periods`` is how many a game has without overtime.
    """

    def parse(data: bytes, part: Part) -> Parsed:
        name = f"ESPN's {part.name} of {sport.name}"
        if part.name.startswith(_INJURIES):
            return _hurt(read_answer(data, _LIST, name), sport)
        board = read_answer(data, _SCOREBOARD, name)
        lines = [_line(board, event, leagues, schools=sport in _SCHOOLS) for event in board.events]
        games, faulty = _games(pl.DataFrame(lines, schema=_GAME, orient="row"), sport, leagues)
        results, unscored = _results(games, sport, periods)
        prices, impossible = _prices(board, games, sport)
        tables = {
            "fixtures": joined(games, sport.name),
            "results": results,
            "periods": _periods(board, results, sport),
            "officials": _officials(board, games, sport),
            "prices": prices,
        }
        refused = pl.concat([refuse(rows) for rows in (faulty, unscored, impossible)])
        return Parsed(tables=tables, refused=refused, games=len(lines))

    return parse


def _sides(event: Event) -> dict[str, Competitor]:
    return {side.home_away: side for side in (event.competitions[0].competitors if event.competitions else [])}


def _line(board: Scoreboard, event: Event, leagues: Mapping[str, str], *, schools: bool) -> dict[str, object]:
    played = event.competitions[0] if event.competitions else None
    told = board.leagues[0].slug if board.leagues else None
    row: dict[str, object] = {
        "id": event.id,
        "slug": told or (next(iter(leagues)) if len(leagues) == 1 else None),
        "date": event.date,
        "kind": event.season.type,
    }
    for side, found in _sides(event).items():
        if side in {"home", "away"}:
            name = (found.team.location or found.team.display_name) if schools else found.team.display_name
            row |= {side: name, f"{side}_short": found.team.abbreviation}
            row[f"{side}_score"] = _points(found.score)
    if played:
        status = played.status
        row |= {"state": status.type.state, "status": status.type.name}
        row |= {"completed": status.type.completed, "detail": status.type.short_detail}
        row |= {"timed": played.time_valid, "neutral": played.neutral_site, "period": status.period}
    return {name: row.get(name) for name in _GAME}


def _points(score: str | Score | None) -> int | None:
    if isinstance(score, Score):
        return int(score.value) if score.value is not None and score.value.is_integer() else None
    return int(score) if score and re.fullmatch(r"[0-9]{1,4}", score) else None


def _games(text: pl.DataFrame, sport: Sport, leagues: Mapping[str, str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    moment = pl.col("date").str.to_datetime("%Y-%m-%dT%H:%MZ", time_zone="UTC", time_unit="us", strict=False)
    typed = text.with_columns(
        moment.alias("told"),
        pl.col("slug").replace_strict(dict(leagues), default=None, return_dtype=pl.String).alias("league"),
    )
    both = pl.col("home", "away")
    sane, faulty = split(
        typed,
        {
            "a competition that is not ours": pl.col("league").is_null(),
            "a pre-season game": (pl.col("kind") == _PRESEASON) & (sport is not SOCCER),
            "date cannot be read": pl.col("told").is_null(),
            "a side is missing": pl.any_horizontal(both.is_null()),
            "an all-star game": pl.any_horizontal(both.str.contains(f"^(?:{_ALL_STARS})$")),
            "a game twice": pl.col("id").is_duplicated(),
        },
    )
    # A start that is still to be announced stands at midnight of its own day.
    day = pl.col("told").dt.convert_time_zone(sport.timezone).dt.date()
    noon = stamps.start_of(day, pl.lit(None, pl.Time), sport.timezone)
    timed = pl.col("timed").fill_null(value=True)
    start = pl.when(timed).then("told").otherwise(noon)
    games = sane.with_columns(
        pl.lit(None, pl.Int32).alias("season"),
        pl.col("id").alias("fixture"),
        start.alias("start"),
        start.alias("event_at"),
        pl.when(timed).then(pl.lit("second")).otherwise(pl.lit("day")).alias("event_precision"),
        pl.lit(0).alias("sequence"),
    )
    return games, faulty.select(*text.columns, "reason")


def _results(games: pl.DataFrame, sport: Sport, periods: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    over = games.filter(pl.col("completed"))
    faults = {
        "a game that was not played to its end": pl.col("status").is_in(_BROKEN_OFF),
        "a finished game without a score": pl.any_horizontal(pl.col("home_score", "away_score").is_null()),
    }
    sane, faulty = split(over, faults)
    longer = pl.col("period") > periods
    shootout = pl.col("detail").str.contains(r"\bSO\b")
    rows = sane.with_columns(
        outcome_of(),
        longer.alias("overtime"),
        pl.when(shootout).then(pl.lit("shootout")).when(longer).then(pl.lit("overtime"))
        .otherwise(pl.lit("regulation")).alias("ending"),
    )  # fmt: skip
    shown = faulty.select(*_GAME, "reason")
    return claim(rows, "results", sport.name, stamps.result_known(sport.duration)), shown


def _stamped(rows: pl.DataFrame, games: pl.DataFrame) -> pl.DataFrame:
    return rows.join(games.select("start", *(name for name in CLAIM if name in games.columns)), on="fixture")


def _periods(board: Scoreboard, results: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    rows = [
        (event.id, side, number, int(line.value))
        for event in board.events
        for side, found in _sides(event).items()
        for number, line in enumerate(found.linescores or [], start=1)
        if line.value is not None and line.value.is_integer() and side in {"home", "away"}
    ]
    schema = {"fixture": pl.String, "side": pl.String, "period": pl.Int32, "score": pl.Int64}
    told = pl.DataFrame(rows, schema=schema, orient="row")
    ours = results.select(pl.col("event_at").alias("start"), *(name for name in CLAIM if "known" not in name))
    return claim(told.join(ours, on="fixture"), "periods", sport.name, stamps.result_known(sport.duration))


def _officials(board: Scoreboard, games: pl.DataFrame, sport: Sport) -> pl.DataFrame:
    rows: dict[tuple[str, str], str] = {}
    for event in board.events:
        for official in (event.competitions[0].officials or []) if event.competitions else []:
            role = (official.position.name if official.position else None) or "official"
            place = role.lower()
            number = sum(1 for game, held in rows if game == event.id and held.split(" #")[0] == place) + 1
            rows[event.id, place if number == 1 else f"{place} #{number}"] = official.display_name
    told = pl.DataFrame(
        [(game, role, name) for (game, role), name in rows.items()],
        schema=dict.fromkeys(("fixture", "role", "name"), pl.String()),
        orient="row",
    )
    return claim(_stamped(told, games), "officials", sport.name, stamps.announced())


def _prices(board: Scoreboard, games: pl.DataFrame, sport: Sport) -> tuple[pl.DataFrame, pl.DataFrame]:
    winner = sport.winner
    rows: list[tuple[object, ...]] = []
    for event in board.events:
        sides = _sides(event)
        short = {side: sides[side].team.abbreviation if side in sides else "" for side in ("home", "away")}
        for odds in (event.competitions[0].odds or []) if event.competitions else []:
            if odds is None:
                continue
            book = slug(odds.provider.name) if odds.provider and odds.provider.name else "espn"
            state = event.competitions[0].status.type.state
            rows += [(event.id, state, book, *offer) for offer in offers(odds, short["home"], short["away"], winner)]
    told = pl.DataFrame(rows, schema=_QUOTE, orient="row").rename({"id": "fixture"})
    joined = _stamped(told, games).filter(pl.col("line").is_not_null() | pl.col("american").is_not_null())
    sane, begun = split(joined, {"a game that has begun: a price in play is not ours": pl.col("state") != "pre"})
    priced, impossible = split_american(sane)
    before = _OPENED.get(sport.name, stamps.DAY)
    known = pl.when(pl.col("label") == "open").then(pl.col("start") - before).otherwise(stamps.closing())
    shown = ("fixture", "book", "market", "outcome", "label", "line", "american", "reason")
    refused = pl.concat([begun.select(shown), impossible.select(shown)])
    even = priced.with_columns(unsigned_zero(pl.col("line")).alias("line"))
    return claim(even.with_columns(called(sport).alias("market")), "prices", sport.name, known), refused


def _hurt(listed: Injuries, sport: Sport) -> Parsed:
    rows = [
        (team.display_name, _player(injury.athlete), injury.athlete.display_name, injury.status, _told(injury.details),
         injury.date)
        for team in listed.injuries
        for injury in team.injuries
    ]  # fmt: skip
    names = ("team", "player", "name", "status", "detail", "date")
    text = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String()), orient="row")
    moment = pl.col("date").str.to_datetime("%Y-%m-%dT%H:%MZ", time_zone="UTC", time_unit="us", strict=False)
    sane, faulty = split(text.with_columns(moment.alias("event_at")), {"date cannot be read": moment.is_null()})
    day = pl.col("event_at").dt.convert_time_zone(sport.timezone)
    reports = sane.with_columns(
        pl.lit(next(iter(sport.leagues))).alias("league"),
        (day.dt.year() - (day.dt.month() < sport.starts_month).cast(pl.Int32)).alias("season"),
        pl.lit("second").alias("event_precision"),
    )
    injuries = claim(reports, "injuries", sport.name, pl.col("event_at"), "recorded")
    return Parsed(tables={"injuries": injuries}, refused=refuse(faulty.drop("event_at")), games=len(rows))


def _player(athlete: Athlete) -> str:
    """Return ESPN's id of a player, which may stand in a link only; without one, the name."""
    found = [match[1] for link in athlete.links if (match := _ATHLETE.search(link.href))]
    return athlete.id or (found[0] if found else slug(athlete.display_name))


def _told(details: Details | None) -> str | None:
    if details is None:
        return None
    back = f"back {details.return_date}" if details.return_date else None
    return ", ".join(word for word in (details.type, details.detail, details.side, back) if word) or None


def _source(sport: Sport, folder: str, leagues: Mapping[str, str], periods: int, *samples: str) -> Source:
    several = len(leagues) > 1
    parts = [
        Part(
            name=f"scoreboard of {league}" if several else "scoreboard",
            path=f"espn/{sport.name}/{league}/scoreboard.json",
            url=f"{_HOST}/{folder}/{league}/scoreboard",
            rhythm="scores",
            league=ours,
        )
        for league, ours in leagues.items()
    ]
    if not several:
        league = next(iter(leagues))
        lists = f"{folder}/{league}/{_INJURIES}"
        path = f"espn/{sport.name}/{league}/injuries.json"
        parts.append(Part(name=_INJURIES, path=path, url=f"{_HOST}/{lists}", rhythm="injuries"))
    parts += [Part(name=name, path=f"api_samples/espn/{name}.json") for name in samples]
    return Source(
        name=f"espn_{sport.name}",
        sport=sport.name,
        tier="B",
        primary=False,
        parts=lambda _: tuple(parts),
        terms="an undocumented feed of ESPN's own pages; samples from repositories without a licence file",
        cadence="every few minutes, faster while a game is on",
        parser="espn-1",
        parse=parser(sport, leagues, periods),
        known_at=KNOWN_AT,
        live=True,
    )


_CLUBS = {"eng.1": "E0", "eng.2": "E1", "ger.1": "D1", "fra.1": "F1", "ita.1": "I1", "esp.1": "SP1"}
ESPN: tuple[Source, ...] = (
    _source(NFL, "football", {"nfl": "nfl"}, 4, "nfl"),
    _source(NCAAF, "football", {"college-football": "fbs"}, 4, "ncaaf"),
    _source(NBA, "basketball", {"nba": "nba"}, 4),
    _source(WNBA, "basketball", {"wnba": "wnba"}, 4),
    _source(NCAAB, "basketball", {"mens-college-basketball": "d1"}, 2),
    _source(MLB, "baseball", {"mlb": "mlb"}, 9, "mlb"),
    _source(NHL, "hockey", {"nhl": "nhl"}, 3, "nhl", "injuries_nhl_excerpt"),
    _source(SOCCER, "soccer", _CLUBS, 2, "mls", "scoreboard_all_leagues"),
)
