"""One poll: its parts are asked for, their bytes kept in bronze; answers about weather get their ground and moment."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from antepost.domain.clock import Clock
from antepost.errors import DataError, SourceAbsent, SourceError
from antepost.ingestion.client import Client
from antepost.ingestion.fetch import Fetched, fetch
from antepost.ingestion.polling.journal import Left
from antepost.ingestion.polling.polls import Poll
from antepost.ingestion.polling.schedule import Game
from antepost.ingestion.source import Part
from antepost.ingestion.sources.open_meteo import request
from antepost.lake import raw
from antepost.lake.batches import Payload
from antepost.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a poll brought until it ended, or until ``fault``.

    ``unchanged`` says that the host had nothing new at all, ``absent`` counts parts that there might be and are not.
    """

    payloads: tuple[Payload, ...]
    received_at: datetime
    origin: str
    size: int
    unchanged: bool
    absent: int
    quota: Left | None
    fault: SourceError | DataError | None


def ask(
    settings: Settings,
    client: Client,
    poll: Poll,
    games: Sequence[Game],
    mirror: str | None,
    clock: Clock,
    before: timedelta,
) -> Answered:
    """Return what ``poll`` brought; what came before a fault stays.

    Args:
        settings: where bytes are kept, and the keys.
        client: asks the hosts.
        poll: what to ask for.
        games: those whose weather may be asked for.
        mirror: a folder or URL that answers for upstream.
        clock: what time it is.
        before: for games that start within so long forecasts are asked for.
    """
    came: list[tuple[Part, Fetched]] = []
    fault: SourceError | DataError | None = None
    missing: SourceAbsent | None = None
    absent = 0
    parts = poll.parts if poll.rhythm != "weather" else tuple(_forecasts(poll, games, clock.now(), before))
    for part in parts:
        try:
            came.append((part, fetch(poll.source, part, mirror, client=client, settings=settings)))
        except SourceAbsent as error:
            missing, absent = missing or error, absent + 1
        except (SourceError, DataError) as error:
            fault = error
            break
    received_at = clock.now()
    kept = [(part, came_in.data) for part, came_in in came]
    if poll.rhythm == "weather" and came:
        try:
            kept = [(poll.parts[0], _wrapped(kept, games, received_at))]
        except ValueError as error:
            kept, fault = [], DataError(f"a forecast of {poll.name} is no JSON: {error}")
    return Answered(
        payloads=tuple(Payload(part=part.name, raw=raw.store(settings, data)) for part, data in kept),
        received_at=received_at,
        origin=came[0][1].origin if came else "",
        size=sum(len(data) for _, data in kept),
        unchanged=bool(came) and all(fetched.unchanged for _, fetched in came),
        absent=absent,
        quota=_left([fetched for _, fetched in came], received_at),
        fault=fault or (None if came else missing),
    )


def _forecasts(poll: Poll, games: Sequence[Game], now: datetime, before: timedelta) -> Iterator[Part]:
    asked: set[str] = set()
    for game in games:
        if game.ground is None or not now < game.start <= now + before:
            continue
        name = _called(game)
        if name not in asked:
            asked.add(name)
            place = quote(game.ground.venue, safe="")
            yield Part(
                name=name,
                path=f"open_meteo/{poll.source.sport}/{place}/{game.start:%Y%m%dT%H%MZ}.json",
                url=request(game.ground.latitude, game.ground.longitude, game.start),
            )


def _called(game: Game) -> str:
    return f"{game.ground.venue if game.ground else ''} {game.start:%Y-%m-%dT%H:%MZ}"


def _wrapped(answers: Sequence[tuple[Part, bytes]], games: Sequence[Game], received_at: datetime) -> bytes:
    """Return the answers as ``sources.open_meteo`` reads them: each with its ground, its start and its moment."""
    named = {_called(game): game for game in games if game.ground}
    told = [
        {
            "ground": game.ground.venue if game.ground else None,
            "start": game.start.isoformat(),
            "received_at": received_at.isoformat(),
            "answer": json.loads(data),
        }
        for part, data in answers
        for game in (named[part.name],)
    ]
    return json.dumps(told).encode()


def _left(came: Sequence[Fetched], told_at: datetime) -> Left | None:
    told = [fetched for fetched in came if fetched.quota is not None]
    if not told or told[-1].quota is None:
        return None
    return Left(left=told[-1].quota, cost=told[-1].cost, told_at=told_at)
