"""Errors as ``application/problem+json`` (RFC 9457): one shape, whoever's fault it was.

Source: https://www.rfc-editor.org/rfc/rfc9457
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from antepost.errors import (
    AntepostError,
    DataError,
    EngineError,
    LeakageError,
    ModelError,
    PolicyError,
    SettingsError,
    SourceError,
    VenueError,
)
from antepost.telemetry import log

MEDIA_TYPE = "application/problem+json"

# What our errors say is for whoever runs the server: it names folders, hosts and commands. The log has it.
_NOT_NOW = "this server cannot answer that now; its log says why, and antepost doctor on it what to do"

# The first class that fits counts, so a class stands before its base.
STATUS: tuple[tuple[type[AntepostError], HTTPStatus], ...] = (
    (LeakageError, HTTPStatus.CONFLICT),
    (PolicyError, HTTPStatus.CONFLICT),
    (EngineError, HTTPStatus.SERVICE_UNAVAILABLE),
    (SourceError, HTTPStatus.BAD_GATEWAY),
    (VenueError, HTTPStatus.BAD_GATEWAY),
    (DataError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (ModelError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (SettingsError, HTTPStatus.INTERNAL_SERVER_ERROR),
    (AntepostError, HTTPStatus.INTERNAL_SERVER_ERROR),
)


class Fault(BaseModel):
    """One part of a request that is not as it must be."""

    where: str = Field(examples=["query.limit"])
    what: str = Field(examples=["Input should be less than or equal to 1000"])


class Problem(BaseModel):
    """What went wrong, and what to do."""

    type: str = Field(description="kind of the error, stable across versions", examples=["urn:antepost:not-found"])
    title: str = Field(examples=["Not Found"])
    status: int = Field(ge=400, le=599, examples=[404])
    detail: str = Field(examples=["there is no prediction 3f3f…; list them with GET /api/v1/predictions"])
    instance: str = Field(description="path of the request", examples=["/api/v1/predictions/3f3f…"])
    faults: list[Fault] | None = Field(
        default=None,
        description="for 422: each part of the request that is wrong",
        examples=[[{"where": "query.limit", "what": "Input should be less than or equal to 1000"}]],
    )
    checks: dict[str, str] | None = Field(
        default=None,
        description="for /readyz: what is not ready",
        examples=[{"lake": "ok", "postgres": "not ready; the server's log says why"}],
    )


class ProblemError(Exception):
    """Raised by an endpoint that knows its answer is a problem."""

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        detail: str,
        *,
        faults: Sequence[Fault] | None = None,
        checks: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.faults = faults
        self.checks = checks

    def answer(self, request: Request) -> JSONResponse:
        """Return the response to ``request`` that says so."""
        problem = Problem(
            type=f"urn:antepost:{self.kind}",
            title=self.status.phrase,
            status=self.status,
            detail=self.detail,
            instance=request.url.path,
            faults=None if self.faults is None else list(self.faults),
            checks=self.checks,
        )
        return JSONResponse(problem.model_dump(exclude_none=True), self.status, media_type=MEDIA_TYPE)


def kind_of(error: AntepostError) -> str:
    """Return the stable name of an error's class.

    >>> kind_of(LeakageError("too early"))
    'leakage'
    """
    words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in type(error).__name__)
    return words.strip("-").removesuffix("-error")


async def _on_problem(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ProblemError)  # noqa: S101  # it is registered for this class
    return error.answer(request)


async def _on_antepost_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, AntepostError)  # noqa: S101  # as above
    status = next(status for kind, status in STATUS if isinstance(error, kind))
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return ProblemError(status, kind_of(error), str(error)).answer(request)
    log.error("%s %s: %s", request.method, request.url.path, error, exc_info=error)
    return ProblemError(status, kind_of(error), _NOT_NOW).answer(request)


async def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # as above
    status = HTTPStatus(error.status_code)
    kind = status.phrase.lower().replace(" ", "-")
    detail = f"{request.method} {request.url.path}: {status.description or status.phrase}; see /docs"
    response = ProblemError(status, kind, detail).answer(request)
    response.headers.update(error.headers or {})
    return response


async def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # as above
    faults = [Fault(where=".".join(map(str, fault["loc"])), what=fault["msg"]) for fault in error.errors()]
    detail = "; ".join(f"{fault.where}: {fault.what}" for fault in faults)
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    return ProblemError(status, "invalid-request", detail, faults=faults).answer(request)


async def _on_bug(request: Request, error: Exception) -> JSONResponse:
    # What is inside an unforeseen error is for the log: it may name paths or servers.
    detail = f"this is a fault of ours ({type(error).__name__}); the server's log holds the rest"
    response = ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", detail).answer(request)
    # The server drops the connection after such an error; a client that is not told would ask on it again.
    response.headers["connection"] = "close"
    return response


def answer_with_problems(app: FastAPI) -> None:
    """Make every error of ``app`` a problem document."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(AntepostError, _on_antepost_error)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(Exception, _on_bug)
