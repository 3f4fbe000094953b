"""Whatever goes wrong comes as one shape, application/problem+json."""

from __future__ import annotations

import httpx
import pytest

from antepost import errors
from antepost.serving.problems import Problem, kind_of


def problem(answer: httpx.Response, status: int) -> Problem:
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    told = Problem.model_validate(answer.json())
    assert told.status == status
    assert told.instance == answer.url.path
    return told


def test_an_unknown_hash_is_not_found_and_says_where_to_look(api: httpx.Client) -> None:
    told = problem(api.get("/api/v1/predictions/" + "0" * 64), 404)
    assert told.type == "urn:antepost:not-found"
    assert "GET /api/v1/predictions" in told.detail


def test_an_unknown_path_is_not_found(api: httpx.Client) -> None:
    assert problem(api.get("/api/v2/predictions"), 404).type == "urn:antepost:not-found"


def test_a_method_that_is_not_there_names_those_that_are(api: httpx.Client) -> None:
    answer = api.delete("/api/v1/predictions")
    assert problem(answer, 405).type == "urn:antepost:method-not-allowed"
    assert answer.headers["allow"] == "GET"


@pytest.mark.parametrize(
    ("path", "where"),
    [
        ("/api/v1/fixtures", "query.sport"),
        ("/api/v1/fixtures?sport=quidditch", "query.sport"),
        ("/api/v1/predictions?limit=0", "query.limit"),
        ("/api/v1/predictions?limit=1001", "query.limit"),
        ("/api/v1/predictions?offset=-1", "query.offset"),
        ("/api/v1/predictions?offset=99999999999999999999", "query.offset"),
        ("/api/v1/fixtures?sport=nfl&offset=99999999999999999999", "query.offset"),
        ("/api/v1/fixtures?sport=nfl&season=99999999999999999999", "query.season"),
        ("/api/v1/predictions?fixture=a%00b", "query.fixture"),
        ("/api/v1/predictions?set=later", "query.set"),
        ("/api/v1/predictions/not-a-hash", "path.hash"),
    ],
)
def test_a_request_that_is_not_understood_names_the_part(api: httpx.Client, path: str, where: str) -> None:
    told = problem(api.get(path), 422)
    assert told.faults is not None
    assert [fault.where for fault in told.faults] == [where]


def test_an_unknown_sport_names_those_there_are(api: httpx.Client) -> None:
    assert "nfl" in problem(api.get("/api/v1/fixtures?sport=quidditch"), 422).detail


@pytest.mark.parametrize(
    ("error", "status", "kind"),
    [
        (errors.LeakageError("asked too early"), 409, "leakage"),
        (errors.PolicyError("we do not price that"), 409, "policy"),
        (errors.EngineError("Postgres is away; run antepost doctor"), 503, "engine"),
        (errors.SourceUnreachable("no route"), 502, "source-unreachable"),
        (errors.VenueError("refused"), 502, "venue"),
        (errors.DataError("a table is damaged"), 500, "data"),
        (errors.ModelError("another lock"), 500, "model"),
        (errors.SettingsError("no home"), 500, "settings"),
    ],
)
def test_each_error_of_ours_has_its_status(api: httpx.Client, desk, error, status: int, kind: str) -> None:
    desk.fault = error
    told = problem(api.get("/api/v1/fixtures?sport=nfl"), status)
    assert told.type == f"urn:antepost:{kind}"
    assert (str(error) in told.detail) is (status < 500)


@pytest.mark.parametrize("error", [errors.DataError, errors.EngineError, errors.SettingsError, errors.SourceError])
def test_no_detail_tells_where_the_server_keeps_its_things(
    api: httpx.Client, desk, error: type[errors.AntepostError], caplog: pytest.LogCaptureFixture
) -> None:
    """A sport that was never loaded once told the path of the home to whoever asked."""
    desk.fault = error("no nfl data in /srv/antepost/home/lake; run: antepost ingest nfl")
    answer = api.get("/api/v1/fixtures?sport=nfl")
    assert problem(answer, answer.status_code).status >= 500
    assert "/srv" not in answer.text
    assert "/srv/antepost/home/lake" in caplog.text


@pytest.mark.parametrize("path", ["/api/v1/fixtures?sport=wnba", "/api/v1/predictions?sport=wnba"])
def test_a_sport_without_data_is_not_found_and_those_with_data_are_named(api: httpx.Client, path: str) -> None:
    told = problem(api.get(path), 404)
    assert told.type == "urn:antepost:not-found"
    assert told.detail == "this server holds no wnba data; there is data of nfl"


def test_every_error_class_of_ours_has_a_kind() -> None:
    kinds = {kind_of(error("x")) for error in errors.AntepostError.__subclasses__()}
    assert all(kind and kind == kind.lower() for kind in kinds)


def test_a_fault_of_ours_does_not_tell_what_is_inside(api: httpx.Client, desk) -> None:
    """A stack trace once showed a database's password to whoever asked."""
    desk.fault = ZeroDivisionError("postgresql://antepost:secret@db/antepost")
    told = problem(api.get("/api/v1/fixtures?sport=nfl"), 500)
    assert "secret" not in told.model_dump_json()
    assert told.type == "urn:antepost:internal"
