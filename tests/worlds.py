"""Small worlds to test features in: an invented four-team league full of edge cases, and the simulated NFL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import polars as pl

from antepost.features import build_states, read_states, spine
from antepost.features.catalogue import groups_of
from antepost.features.declaration import Declare
from antepost.features.engine import read_group
from antepost.features.spine import numbers
from antepost.features.state import build
from antepost.lake.asof import settled
from antepost.lake.schemas import TABLES, table_of
from antepost.sports import Sport
from antepost.sports.nfl import NFL
from antepost.sports.periods import Phases, Sets
from antepost.sports.ranking import Ranking
from antepost.sports.ratings import DixonColes, Massey, Pi, SurfaceElo
from antepost.sports.sport import Rate

type Tables = dict[str, pl.DataFrame]
type Row = dict[str, object]

TINY: Sport = replace(
    NFL,
    teams=("ANT", "BEE", "CAT", "DOG"),
    reference_close={"nfl": ("first", "second")},
    openings=("moneyline", "spread", "total"),
    rates=(
        Rate(name="yards_per_carry", unit="yards", of="rushing_yards", per="carries", level=True),
        Rate(name="passing_epa", unit="points", of="passing_epa", per="1000000", level=True),
    ),
    pi=Pi(),
    # Fewer games than there are, so that some are forgotten, and mutants in plain Python stay quick.
    dixon_coles=DixonColes(games=8, sides=8),
    massey=Massey(ridge=2.0, games=10, sides=8),
    surface_elo=SurfaceElo(),
    least_periods=3,
    phases=Phases(
        regulation=4, half=2, late=3, big=10, window=5,
        statistics=(
            "first_margin", "half_margin", "second_half_margin", "late_margin", "half_leads", "comebacks",
            "leads_lost", "overtime", "half_total", "first_scoreless", "scoreless", "scored_in_each", "big",
            "periods_won",
        ),
    ),
    sets=Sets(window=6),
    ranking=Ranking(
        stands=timedelta(days=17), places=3,
        statistics=("log_rank", "points", "rise_4w", "rise_52w", "best", "years", "best_52w", "polls_52w"),
    ),
    listed=True,
)  # fmt: skip
BOOK = "first"
GAME = timedelta(hours=3, minutes=45)
# The third gap lets a game start at the very instant at which the results of the round before become known.
GAPS = (timedelta(days=4), timedelta(days=7), GAME, timedelta(days=6), timedelta(days=17))
PAIRINGS = (((0, 1), (2, 3)), ((2, 0), (1, 3)), ((0, 3), (1, 2)), ((1, 0), (3, 2)), ((0, 2), (3, 1)), ((3, 0), (2, 1)))


def at(text: str) -> datetime:
    """Return the moment that ``text`` says, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Game:
    """One game of an invented league, with everything that a source would say of it."""

    fixture: str
    season: int
    start: datetime
    home: str
    away: str
    home_score: int = 20
    away_score: int = 17
    home_qb: str | None = "anna"
    away_qb: str | None = "bert"
    neutral: bool = False
    roof: str | None = "dome"
    surface: str | None = "grass"
    odds: tuple[float, float] | None = (1.8, 2.1)
    spread: float | None = 2.5
    listed: datetime | None = None

    def stamped(self, known_at: datetime, batch: int = 1, **values: object) -> Row:
        """Return a row of some table about this game."""
        return {
            "sport": "nfl", "league": "nfl", "season": self.season, "fixture": self.fixture,
            "event_at": self.start, "event_precision": "second", "known_at": known_at, "known_how": "assumed",
            "batch": batch, "raw": "invented", **values,
        }  # fmt: skip


def fixture_row(game: Game, known_at: datetime | None = None, batch: int = 1) -> Row:
    """Return the schedule entry of ``game``, listed thirty days before the start unless told otherwise."""
    listed = known_at or game.listed or game.start - timedelta(days=30)
    return game.stamped(
        listed, batch, start=game.start, home=game.home, away=game.away, neutral=game.neutral, stage="REG", week=1,
        venue=game.home, venue_name=game.home, sequence=0,
    )  # fmt: skip


def result_row(game: Game, known_at: datetime | None = None, batch: int = 1) -> Row:
    """Return the result of ``game``, known when it is over."""
    scores = {"home_score": game.home_score, "away_score": game.away_score, "overtime": False}
    return game.stamped(known_at or game.start + GAME, batch, home=game.home, away=game.away, **scores)


def starter_row(game: Game, side: str, player: str, known_at: datetime | None = None, batch: int = 1) -> Row:
    """Return who starts for one side, known ninety minutes before."""
    team = game.home if side == "home" else game.away
    announced = known_at or game.start - timedelta(minutes=90)
    return game.stamped(announced, batch, role=f"{side}_qb", team=team, player=player, name=player)


def box_rows(game: Game, known_at: datetime | None = None, batch: int = 1) -> list[Row]:
    """Return the box scores of ``game``: figures that follow from its score and name, now and then not told."""
    told = known_at or game.start + GAME
    scores = {"home": game.home_score, "away": game.away_score}
    return [
        game.stamped(
            told, batch, side=side, team=team, rushing_yards=7 * scores[side] + len(game.fixture),
            carries=20 + scores[side] % 9, passing_epa=scores[side] / 7 if scores[side] % 5 else None,
            penalties=scores[side] % 7, penalty_yards=5 * (scores[side] % 11) if scores[side] % 6 else None,
        )
        for side, team in (("home", game.home), ("away", game.away))
    ]  # fmt: skip


def period_rows(game: Game, known_at: datetime | None = None, batch: int = 1) -> Iterator[Row]:
    """Yield four periods of ``game`` that sum to its score, now and then three or five, or one side's last not told."""
    dice = Random(f"{game.fixture} {game.home_score} {game.away_score}")
    number = dice.choice((3, 3, 4, 4, 4, 5, 5))
    for side, score in (("home", game.home_score), ("away", game.away_score)):
        cuts = sorted(dice.choice((0, dice.randint(0, score))) for _ in range(number - 1))
        last = number - 1 if number > 3 and dice.random() < 0.1 else number
        for period, (low, high) in enumerate(pairwise((0, *cuts, score)), start=1):
            if period <= last:
                told = known_at or game.start + GAME
                yield game.stamped(told, batch, side=side, period=period, score=high - low)


def ranking_row(
    team: str, listed: datetime, rank: int, points: int | None, known_at: datetime | None = None, batch: int = 1
) -> Row:
    """Return the place of a team on a list, known the day after unless told otherwise."""
    return {
        "sport": "nfl", "league": "nfl", "season": listed.year, "event_at": listed, "event_precision": "day",
        "known_at": known_at or listed + timedelta(days=1), "known_how": "assumed", "batch": batch, "raw": "invented",
        "player": team, "rank": rank, "points": points,
    }  # fmt: skip


def ranking_rows(seed: int = 0) -> Iterator[Row]:
    """Yield a list of up to three teams every other week of two years; one comes late and two are corrected."""
    dice = Random(f"lists {seed}")
    for number in range(36):
        listed = at("2001-08-13T00:00") + timedelta(days=14 * number)
        late = listed + timedelta(days=16) if number == 5 else None
        for rank, team in enumerate(dice.sample(TINY.teams, dice.choice((2, 3, 3))), start=1):
            points = dice.choice((None, 0, *range(10, 60))) if dice.random() < 0.3 else 100 * (4 - rank) + number
            yield ranking_row(team, listed, rank, points, late)
            if number in (4, 31):
                yield ranking_row(team, listed, 4 - rank, points, listed + timedelta(days=20), 2)


def player_rows(game: Game, known_at: datetime | None = None, batch: int = 1) -> list[Row]:
    """Return what the men of ``game`` did: both sides' quarterback, a man on the bench, two of the line and one behind.

    Their numbers differ from count to count, and their names are what reports call them. Who plays follows from the
    scores.
    """
    told = known_at or game.start + GAME
    rows: list[Row] = []
    for side, team, first, points in (
        ("home", game.home, game.home_qb, game.home_score), ("away", game.away, game.away_qb, game.away_score),
    ):  # fmt: skip
        common: Row = {"side": side, "team": team}
        idle: Row = {"pass_attempts": 0, "carries": 0, "targets": 0, "sacks_suffered": 0}
        if first:
            passes: Row = {"role": "offense", "player": first, "name": first, "pass_attempts": 20 + points % 13}
            gained: Row = {"passing_epa": points / 7 - 2, "sacks_suffered": points % 4, "carries": 2, "targets": 0}
            rows.append(game.stamped(told, batch, **common, **passes, **gained))
            tracked: Row = {"role": "tracked_passing", "player": first, "name": first, "time_to_throw": 2 + points / 50}
            rows += [game.stamped(told, batch, **common, **tracked)] if points % 3 else []
            snaps: Row = {"role": "snaps", "player": f"snap-{first}", "name": f"{first} Jr.", "offense_snap_share": 1.0}
            rows.append(game.stamped(told, batch, **common, **snaps, defense_snap_share=0.0))
        bench = f"{team}-9"
        rows.append(game.stamped(told, batch, **common, **idle, role="offense", player=bench, name=bench))
        for number, (attack, defend) in enumerate(((0.9, 0.0), (0.65, 0.0), (0.0, 0.83))):
            name = f"{team}-{4 + number + 3 * (points % (2 + number) == 0)}"
            shares: Row = {"offense_snap_share": attack * (1 - points / 200), "defense_snap_share": defend}
            rows.append(game.stamped(told, batch, **common, **shares, role="snaps", player=f"snap-{name}", name=name))
    return rows


def report_rows(game: Game) -> list[Row]:
    """Return the report for ``game``: three men a side two days before, one of them changed on the last day."""
    days = timedelta(days=1)
    rows: list[Row] = []
    for team, points in ((game.home, game.home_score), (game.away, game.away_score)):
        words = ("Out", "Doubtful", "Questionable", "Full Participation in Practice")
        for number in range(3):
            name = f"{team}-{(1, 4, 6)[number]}"
            man: Row = {"team": team, "player": name, "name": name}
            rows.append(game.stamped(game.start - 2 * days, 1, **man, status=words[(points + number) % 4]))
        rows.append(game.stamped(game.start - days / 2, 2, **man, status=words[points % 4]))
    return rows


def move_rows(game: Game) -> list[Row]:
    """Return the moves on the evening of ``game``: a man of each side goes onto the list of the inactive, or off it."""
    rows: list[Row] = []
    for team, points in ((game.home, game.home_score), (game.away, game.away_score)):
        name = f"{team}-{points % 3}"
        move = game.stamped(game.start + timedelta(hours=12), team=team, player=name, name=name)
        rows.append({**move, "fixture": None, "status": "back" if points % 4 == 1 else "out"})
    return rows


def venue_row(game: Game, known_at: datetime | None = None, batch: int = 1) -> Row:
    """Return the ground of ``game``, known ninety minutes before."""
    announced = known_at or game.start - timedelta(minutes=90)
    return game.stamped(announced, batch, roof=game.roof, surface=game.surface)


def place_row(
    venue: str, latitude: float, longitude: float, altitude: float, timezone: str,
    known_at: datetime | None = None, batch: int = 1,
) -> Row:  # fmt: skip
    """Return where a ground of the tiny league lies, known since before its first season unless told otherwise."""
    since = at("2001-08-01T12:00")
    return {
        "sport": "nfl", "league": "nfl", "season": 2001, "event_at": since, "event_precision": "day",
        "known_at": known_at or since - timedelta(days=90), "known_how": "assumed", "batch": batch, "raw": "invented",
        "venue": venue, "name": venue, "latitude": latitude, "longitude": longitude, "altitude": altitude,
        "timezone": timezone,
    }  # fmt: skip


def price_row(
    game: Game, market: str, outcome: str, *, line: float | None = None, odds: float | None = None,
    book: str = BOOK, label: str = "close", known_at: datetime | None = None, batch: int = 1,
) -> Row:  # fmt: skip
    """Return a price of ``game``, a closing one unless told otherwise."""
    quoted = known_at or game.start - timedelta(seconds=1)
    return game.stamped(quoted, batch, book=book, market=market, outcome=outcome, label=label, line=line, odds=odds)


def price_rows(game: Game) -> Iterator[Row]:
    """Yield the closing prices of ``game``."""
    if game.odds:
        yield price_row(game, "moneyline", "home", odds=game.odds[0])
        yield price_row(game, "moneyline", "away", odds=game.odds[1])
    if game.spread is not None:
        yield price_row(game, "spread", "home", line=game.spread, odds=1.9)
        yield price_row(game, "spread", "away", line=-game.spread, odds=1.9)
        yield price_row(game, "total", "over", line=44.5 + game.spread, odds=1.9)


def tables_of(games: Sequence[Game], extra: dict[str, list[Row]] | None = None) -> Tables:
    """Return the silver tables of ``games`` as one load brings them, and ``extra`` rows beside."""
    rows: dict[str, list[Row]] = {name: list((extra or {}).get(name, [])) for name in TABLES}
    for game in games:
        rows["fixtures"].append(fixture_row(game))
        rows["results"].append(result_row(game))
        rows["venues"].append(venue_row(game))
        rows["prices"] += price_rows(game)
        rows["team_stats"] += box_rows(game)
        rows["periods"] += period_rows(game)
        rows["player_stats"] += player_rows(game)
        rows["injuries"] += report_rows(game) + move_rows(game)
        for side, player in (("home", game.home_qb), ("away", game.away_qb)):
            if player:
                rows["rosters"].append(starter_row(game, side, player))
        led = game.start - timedelta(minutes=90)
        rows["officials"].append(game.stamped(led, role="referee", name=f"ref-{game.home_score % 3}"))
        rows["weather"].append(game.stamped(game.start + GAME, kind="observed", temp=40.0 + game.home_score, wind=5.0))
    return {name: pl.DataFrame(rows[name], schema=table_of(name, "nfl").schema, orient="row") for name in TABLES}


def said(
    sport: Sport, games: Sequence[Game], fixture: str, as_of: str | datetime = "close",
    extra: dict[str, list[Row]] | None = None,
) -> dict[str, float]:  # fmt: skip
    """Return what every feature of ``sport`` says of one fixture of ``games``, null as NaN."""
    tables = tables_of(games, extra)
    columns = tuple(column.name for group in groups_of(sport) for column in group.columns)
    asked = spine(tables, sport, as_of).filter(pl.col("fixture") == fixture)
    return dict(zip(columns, read_states(sport, build_states(sport, tables), asked, columns)[0], strict=True))


def said_by(
    declare: Declare, sport: Sport, tables: Tables, fixture: str, as_of: str | datetime = "close"
) -> dict[str, float]:
    """Return what one group of ``sport`` says of one fixture, null as NaN."""
    group = declare(sport)
    assert group is not None
    asked = spine(tables, sport, as_of).filter(pl.col("fixture") == fixture)
    moments = asked["as_of"].dt.epoch("us").to_numpy()
    read = read_group(group, build(group, sport, settled(tables)), asked, numbers(asked), moments)
    return dict(zip((column.name for column in group.columns), read[0].tolist(), strict=True))


def tiny_games(seed: int = 0) -> list[Game]:
    """Return two seasons of twelve rounds: ties, neutral grounds, gaps in the prices and starters who change teams."""
    dice = Random(seed)
    games: list[Game] = []
    for season in (2001, 2002):
        start = at(f"{season}-09-02T17:00")
        opening = start
        for number in range(12):
            for home, away in PAIRINGS[number % 6]:
                sides = (TINY.teams[home], TINY.teams[away])
                scores = (dice.randrange(0, 41), dice.randrange(0, 41))
                games.append(
                    Game(
                        fixture=f"{season}-{number:02d}-{sides[1]}-{sides[0]}", season=season, start=start,
                        home=sides[0], away=sides[1],
                        home_score=scores[0], away_score=scores[0] if dice.random() < 0.1 else scores[1],
                        home_qb=_starter(dice, season, sides[0]), away_qb=_starter(dice, season, sides[1]),
                        neutral=dice.random() < 0.15,
                        roof=dice.choice(["dome", "closed", "outdoors", "open", None]),
                        surface=dice.choice(["grass", "fieldturf", None]),
                        odds=(1.2 + dice.random() * 2, 1.3 + dice.random() * 2) if dice.random() < 0.8 else None,
                        spread=dice.randrange(-20, 21) / 2 if dice.random() < 0.9 else None,
                        listed=opening - timedelta(days=30),
                    )
                )  # fmt: skip
            start += GAPS[number % len(GAPS)]
    return games


def _starter(dice: Random, season: int, team: str) -> str | None:
    if dice.random() < 0.05:
        return None
    # In the second season the first men of CAT and DOG have changed places.
    owner = {"CAT": "DOG", "DOG": "CAT"}.get(team, team) if season == 2002 else team
    return f"{owner}-{1 if dice.random() < 0.75 else 2}"


def _told_early(number: int, game: Game) -> Iterator[Row]:
    """Yield opening prices of every other game, and now and then a published average and best price."""
    odds = {"home": 1.6 + 0.05 * (number % 7), "away": 2.5 - 0.1 * (number % 5)}
    days = timedelta(days=1)
    for side in odds if number % 2 else ():
        yield price_row(game, "moneyline", side, odds=odds[side], label="open", known_at=game.start - 4 * days)
        yield price_row(
            game, "moneyline", side, odds=odds[side] + 0.1, label="open", book="average", known_at=game.start - 5 * days
        )
    for side in odds if number % 5 == 0 else ():
        yield price_row(game, "moneyline", side, odds=odds[side] + 0.5, label="early", book="maximum")
    if number % 4 and game.spread is not None:
        told = {"label": "open", "known_at": game.start - 4 * days}
        yield price_row(game, "spread", "home", line=game.spread - number % 3, odds=1.9, **told)
        yield price_row(game, "spread", "away", line=number % 3 - game.spread, odds=1.9, **told)
        yield price_row(game, "total", "over", line=44.0 + number % 5, odds=1.9, **told)


def deputy(team: str) -> str:
    """Return a third man of a team."""
    return f"{team}-3"


def tiny_tables(seed: int = 0) -> Tables:
    """Return the tables of ``tiny_games`` with later loads that correct, move and complete them."""
    games = tiny_games(seed)
    hours = timedelta(hours=1)
    flipped = [replace(game, home_score=game.away_score, away_score=game.home_score + 3) for game in games[9::6]]
    settled, changed = games[20], games[38]
    moved = [replace(game, start=game.start + timedelta(days=1)) for game in (games[13], games[29], games[40])]
    games = [next((other for other in moved if other.fixture == game.fixture), game) for game in games]
    extra: dict[str, list[Row]] = {
        # The schedule that stood before the move, and a ground that turned out to be neutral after all.
        "fixtures": [
            *(fixture_row(replace(game, start=game.start - timedelta(days=1))) for game in moved),
            fixture_row(replace(settled, neutral=not settled.neutral), settled.start + 40 * hours, 2),
        ],
        "results": [
            result_row(game, game.start + lag * hours, 2)
            for game, lag in zip(flipped, (30, 60, 500, 7, 90, 2000, 50), strict=True)
        ],
        "rankings": [*ranking_rows(seed)],
        # The periods of a corrected score were corrected with it, or a day later.
        "periods": [
            row
            for game, lag in zip(flipped, (30, 84, 500, 7, 114, 2000, 50), strict=True)
            for row in period_rows(game, game.start + lag * hours, 2)
        ],
        "rosters": [
            *(starter_row(game, "home", deputy(game.home), game.start + 80 * hours, 2) for game in games[10::5]),
            *(starter_row(game, "away", deputy(game.away), game.start - hours / 2, 2) for game in games[4::2]),
        ],
        # What was counted of the men of some games was counted anew, once before the results of others.
        "player_stats": [
            {**row, "offense_snap_share": 0.5} if row["role"] == "snaps" else {**row, "passing_epa": 1.0}
            for game, lag in zip(games[2::9], (30, 200, 7, 400, 50), strict=False)
            for row in player_rows(game, game.start + lag * hours, 2)
        ],
        # Another referee came, and one was told wrongly.
        "officials": [
            game.stamped(game.start + lag * hours, 2, role="referee", name="ref-2")
            for game, lag in zip(games[3::8], (-1, 30, 60, -1, 500, 7), strict=True)
        ],
        # One ground is known only in October, and of one the height is corrected.
        "places": [
            place_row("ANT", 40.8, -74.1, 2.5, "America/New_York"),
            place_row("BEE", 39.7, -105.0, 1580.0, "America/Denver"),
            place_row("CAT", 37.4, -122.0, 4.0, "America/Los_Angeles", at("2001-10-05T00:00")),
            place_row("DOG", 51.5, -0.1, 30.0, "Europe/London"),
            place_row("BEE", 39.75, -105.0, 1609.0, "America/Denver", at("2002-09-20T00:00"), 2),
        ],
        "prices": [
            price_row(changed, "moneyline", "home", odds=1.5, batch=2),
            *(
                price_row(game, "moneyline", side, odds=odds, book="second", known_at=game.start - 70 * hours)
                for game in games[::3]
                for side, odds in (("home", 1.9), ("away", 1.95))
            ),
            # Closing lines that are corrected days after the game.
            *(
                price_row(game, "spread", "home", line=7.5 - number, known_at=game.start + 60 * hours, batch=2)
                for number, game in enumerate(games[5:45:4])
            ),
            *(row for number, game in enumerate(games) for row in _told_early(number, game)),
        ],
    }
    tables = tables_of(games, extra)
    # The entry of a game that was moved by a day was corrected two days before its old start.
    moving = pl.col("fixture").is_in([game.fixture for game in moved])
    moving &= pl.col("start") == pl.col("start").max().over("fixture")
    fixtures = tables["fixtures"].with_columns(
        pl.when(moving).then(pl.col("start") - timedelta(days=3)).otherwise("known_at").alias("known_at"),
        pl.when(moving).then(2).otherwise("batch").cast(pl.Int64).alias("batch"),
    )
    return {**tables, "fixtures": fixtures}


def loaded(name: str, data: bytes) -> Tables:
    """Return the tables that one load of ``data``, read by the source ``name``, makes of nothing."""
    # Heavy, and not needed for the tiny world.
    from antepost.ingestion import SOURCES, replay
    from antepost.lake.batches import Batch, Payload

    source = SOURCES[name]
    payload = Payload(part=source.parts(2030)[0].name, raw="invented")
    batch = Batch(
        number=1, sport=source.sport, source=name, payloads=(payload,), received_at=at("2030-01-01T00:00"),
        parser=source.parser,
    )  # fmt: skip
    return replay([batch], lambda _: data)


def simulated_tables(seasons: Sequence[int], seed: int = 5) -> Tables:
    """Return the tables of a simulated league."""
    from antepost.simulation import simulate

    return loaded("simulated", simulate(seed, seasons))


def mirrored_tables(mirror: str, seasons: Sequence[int]) -> Tables:
    """Return the tables of the real NFL in ``seasons``, from the mirror."""
    from antepost.ingestion import SOURCES, fetch

    source = SOURCES["nflverse"]
    tables = loaded("nflverse", fetch(source, source.parts(2030)[0], mirror).data)
    return {name: frame.filter(pl.col("season").is_in(list(seasons))) for name, frame in tables.items()}
