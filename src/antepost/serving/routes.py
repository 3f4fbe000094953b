"""The endpoints of version 1: each asks the desk once and words the answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from importlib.metadata import version
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import AfterValidator

from antepost.domain import InformationSet
from antepost.errors import AntepostError, DataError
from antepost.serving.answers import (
    EXAMPLE_RECORD,
    ExplanationAnswer,
    FixtureAnswer,
    Fixtures,
    Health,
    Prediction,
    Predictions,
    Readiness,
    ThreeWayExplanationAnswer,
)
from antepost.serving.metrics import Metrics
from antepost.serving.problems import Problem, ProblemError
from antepost.serving.reads import Reads
from antepost.sports import SPORTS

OK = "ok"
TARGETS = tuple(dict.fromkeys(target for sport in SPORTS.values() for target in sport.targets))


def _known(sport: str) -> str:
    if sport not in SPORTS:
        raise ValueError(f"there is no sport {sport!r}; choose from {', '.join(SPORTS)}")
    return sport


def _known_target(target: str) -> str:
    if target not in TARGETS:
        raise ValueError(f"there is no target {target!r}; choose from {', '.join(TARGETS)}")
    return target


def _desk(request: Request) -> Reads:
    return request.app.state.desk


Desk = Annotated[Reads, Depends(_desk)]
SportName = Annotated[str, AfterValidator(_known)]
Target = Annotated[str, AfterValidator(_known_target)]
SportQuery = Query(description="which sport", examples=["nfl"], json_schema_extra={"enum": list(SPORTS)})
SetQuery = Query(alias="set", description="information set", examples=["close"])
TargetQuery = Query(description="what is forecast", examples=["winner"], json_schema_extra={"enum": list(TARGETS)})
FixtureQuery = Query(
    description="a fixture's id", max_length=200, pattern=r"^[^\x00]+$", examples=[EXAMPLE_RECORD["fixture"]]
)
SeasonQuery = Query(ge=1800, le=9999, description="the year it begins in", examples=[2023])
Limit = Annotated[int, Query(ge=1, le=1000, description="at most this many", examples=[100])]
# Beyond any table, and within what databases count with.
Offset = Annotated[int, Query(ge=0, le=2**31 - 1, description="after this many", examples=[0])]


FixturePath = Path(
    description="a fixture's id", max_length=200, pattern=r"^[^\x00]+$", examples=[EXAMPLE_RECORD["fixture"]]
)
Top = Annotated[int, Query(ge=1, le=100, description="at most this many factors", examples=[10])]
HashPath = Path(
    alias="hash",
    pattern="^[0-9a-f]{64}$",
    description="the seal's SHA-256 in hex",
    examples=[EXAMPLE_RECORD["hash"]],
)


def _problem(description: str) -> dict[str, object]:
    return {"model": Problem, "description": description}


def _require_facts(desk: Reads, sport: str) -> None:
    """Say that there is nothing here of a sport that we know.

    Raises:
        ProblemError: 404; the text names the sports of which there is something.
    """
    held = desk.sports()
    if sport not in held:
        there = f"there is data of {', '.join(held)}" if held else "there is none of any sport yet"
        raise ProblemError(HTTPStatus.NOT_FOUND, "not-found", f"this server holds no {sport} data; {there}")


def _simulated(desk: Reads) -> bool | None:
    try:
        return any(map(desk.simulated, SPORTS))
    except AntepostError:
        # Being alive does not depend on the data; /readyz says what is the matter with them.
        return None


router = APIRouter(responses={500: _problem("A fault on our side"), 503: _problem("An engine is not there")})
v1 = APIRouter(prefix="/api/v1", tags=["version 1"], responses={422: _problem("The request is not understood")})


@router.get("/healthz", tags=["health"])
def healthz(desk: Desk) -> Health:
    """The process is alive. No data and no engine need be there, so a restart is the answer to its failing."""
    return Health(version=version("antepost"), simulated=_simulated(desk))


@router.get("/readyz", tags=["health"])
def readyz(desk: Desk) -> Readiness:
    """All that an answer needs is there; 503 names what is not."""
    checks = dict(desk.ready())
    missing = [f"{name}: {state}" for name, state in checks.items() if state != OK]
    if missing:
        raise ProblemError(HTTPStatus.SERVICE_UNAVAILABLE, "not-ready", "; ".join(missing), checks=checks)
    return Readiness(simulated=any(map(desk.simulated, SPORTS)), checks=checks)


SCRAPED = {"text/plain": {"example": 'antepost_simulated{sport="nfl"} 1.0'}}


@router.get("/metrics", tags=["health"], response_class=Response, responses={200: {"content": SCRAPED}})
def metrics(request: Request, desk: Desk) -> Response:
    """Prometheus metrics of this process, and which sports are simulated."""
    own: Metrics = request.app.state.metrics
    for sport in SPORTS:
        try:
            own.simulated.labels(sport).set(desk.simulated(sport))
        except AntepostError:
            # A scrape must still see the process when its data cannot be read.
            own.simulated.labels(sport).set(float("nan"))
    return Response(own.text(), media_type=CONTENT_TYPE_LATEST)


@v1.get("/fixtures", responses={404: _problem("There is no data of the sport")})
def fixtures(
    desk: Desk,
    sport: Annotated[SportName, SportQuery],
    season: Annotated[int | None, SeasonQuery] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Fixtures:
    """The fixtures of a sport in order of their start, with results where they are known."""
    _require_facts(desk, sport)
    frame = desk.fixtures(sport, season=season)
    page = frame.slice(offset, limit).iter_rows(named=True)
    return Fixtures(
        simulated=desk.simulated(sport),
        sport=sport,
        total=frame.height,
        limit=limit,
        offset=offset,
        fixtures=[FixtureAnswer.model_validate(row) for row in page],
    )


@v1.get("/predictions", response_model=Predictions, responses={404: _problem("There is no data of the sport")})
def predictions(
    desk: Desk,
    sport: Annotated[SportName | None, SportQuery] = None,
    information: Annotated[InformationSet | None, SetQuery] = None,
    fixture: Annotated[str | None, FixtureQuery] = None,
    target: Annotated[Target | None, TargetQuery] = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """Sealed predictions, newest first."""
    # One more than asked for tells whether there is a next page without counting the ledger.
    found = desk.predictions(
        sport=sport, set=information, fixture=fixture, limit=limit + 1, offset=offset, target=target
    )
    if sport and not found:
        _require_facts(desk, sport)
    page = found[:limit]
    answer = {
        "simulated": _any_simulated(desk, page, sport),
        "limit": limit,
        "offset": offset,
        "next_offset": offset + limit if len(found) > limit else None,
        "predictions": [dict(record) for record in page],
    }
    # Records go out as they were sealed: a model between would respell numbers and hashes would not fit.
    return JSONResponse(answer)


def _any_simulated(desk: Reads, page: Sequence[Mapping[str, object]], sport: str | None) -> bool:
    if page:
        return any(record["simulated"] for record in page)
    return any(desk.simulated(name) for name in ([sport] if sport else SPORTS))


@v1.get(
    "/predictions/{hash}",
    response_model=Prediction,
    responses={404: _problem("There is no prediction of that hash")},
)
def prediction(
    desk: Desk,
    name: Annotated[str, HashPath],
) -> Response:
    """One sealed prediction, field for field as it was sealed."""
    try:
        record = desk.prediction(name)
    except DataError as error:
        detail = f"there is no sealed prediction {name}; list what there is with GET /api/v1/predictions"
        raise ProblemError(HTTPStatus.NOT_FOUND, "not-found", detail) from error
    return JSONResponse(dict(record))


@v1.get("/explanations/{fixture}", responses={404: _problem("There is no sealed prediction of that fixture")})
def explanation(
    desk: Desk,
    fixture: Annotated[str, FixturePath],
    information: Annotated[InformationSet | None, SetQuery] = None,
    target: Annotated[Target | None, TargetQuery] = None,
    top: Top = 10,
) -> ExplanationAnswer | ThreeWayExplanationAnswer:
    """Why the newest sealed prediction of a fixture is what it is: its largest factors, in words.

    Of home, draw and away it is two explanations: of whether the game is drawn, and of who wins if it is not.
    """
    found = desk.predictions(set=information, fixture=fixture, limit=1, target=target)
    if not found:
        detail = f"there is no sealed prediction of {fixture}; list what there is with GET /api/v1/predictions"
        raise ProblemError(HTTPStatus.NOT_FOUND, "not-found", detail)
    told = dict(desk.explanation(found[0], top))
    shape = ThreeWayExplanationAnswer if "questions" in told else ExplanationAnswer
    return shape.model_validate(told)
