"""The endpoints, asked over real HTTP."""

from __future__ import annotations

import httpx
import pytest

from antepost.domain.seal import digest, verify_chain
from antepost.errors import EngineError
from antepost.serving.answers import Fixtures, Predictions


def test_a_living_process_says_so_whatever_the_desk_says(api: httpx.Client, desk) -> None:
    desk.state = {"postgres": "gone"}
    answer = api.get("/healthz")
    assert (answer.status_code, answer.json()["status"], answer.json()["simulated"]) == (200, "ok", True)
    desk.fault = EngineError("the lake is away")
    answer = api.get("/healthz")
    assert (answer.status_code, answer.json()["status"], answer.json()["simulated"]) == (200, "ok", None)


def test_ready_names_every_check(api: httpx.Client) -> None:
    answer = api.get("/readyz")
    assert answer.json() == {
        "status": "ready",
        "simulated": True,
        "checks": {"postgres": "ok", "ledger": "ok"},
    }


def test_not_ready_is_a_503_that_says_what_is_missing(api: httpx.Client, desk) -> None:
    desk.state = {"postgres": "no connection; run antepost doctor", "ledger": "ok"}
    answer = api.get("/readyz")
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == "postgres: no connection; run antepost doctor"
    assert answer.json()["checks"]["ledger"] == "ok"


def test_fixtures_are_paged_and_say_that_they_are_simulated(api: httpx.Client) -> None:
    page = api.get("/api/v1/fixtures", params={"sport": "nfl", "limit": 2, "offset": 2}).json()
    Fixtures.model_validate(page)
    assert page["simulated"] is True
    assert page["total"] == 6
    assert [row["fixture"] for row in page["fixtures"]] == ["game-2", "game-3"]
    assert page["fixtures"][0]["event_at"] == "2023-09-24T17:00:00Z"
    assert [row["home_score"] for row in page["fixtures"]] == [20, None]


def test_fixtures_of_one_season(api: httpx.Client) -> None:
    page = api.get("/api/v1/fixtures", params={"sport": "nfl", "season": 2023}).json()
    assert {row["season"] for row in page["fixtures"]} == {2023}
    assert page["total"] == 3


def test_predictions_come_newest_first_and_name_the_next_page(api: httpx.Client) -> None:
    first = api.get("/api/v1/predictions", params={"limit": 3}).json()
    Predictions.model_validate(first)
    assert [record["sequence"] for record in first["predictions"]] == [5, 4, 3]
    assert first["next_offset"] == 3
    rest = api.get("/api/v1/predictions", params={"limit": 3, "offset": first["next_offset"]}).json()
    assert [record["sequence"] for record in rest["predictions"]] == [2, 1]
    assert rest["next_offset"] is None


@pytest.mark.parametrize(
    ("question", "sequences"),
    [({"set": "close"}, [4, 2]), ({"fixture": "game-0"}, [1]), ({"sport": "nfl", "set": "open"}, [])],
)
def test_predictions_are_chosen_by_sport_set_and_fixture(
    api: httpx.Client, question: dict[str, str], sequences: list[int]
) -> None:
    page = api.get("/api/v1/predictions", params=question).json()
    assert [record["sequence"] for record in page["predictions"]] == sequences
    assert page["simulated"] is True


def test_a_record_that_went_over_http_still_hashes_to_its_name(api: httpx.Client, desk) -> None:
    name = str(desk.chain[0]["hash"])
    record = api.get(f"/api/v1/predictions/{name}").json()
    assert record == desk.chain[0]
    assert digest(record) == name


def test_the_chain_read_over_http_is_still_sound(api: httpx.Client, desk) -> None:
    listed = api.get("/api/v1/predictions").json()["predictions"]
    assert verify_chain(reversed(listed), length=5, head=str(desk.chain[-1]["hash"])) == []


def test_the_newest_seal_of_a_fixture_is_explained(api: httpx.Client, desk) -> None:
    record = desk.chain[3]
    told = api.get(f"/api/v1/explanations/{record['fixture']}", params={"set": "close", "top": 2})
    assert told.status_code == 200
    answer = told.json()
    assert (answer["seal"], answer["simulated"]) == (record["hash"], True)
    assert [factor["for"] for factor in answer["factors"]] == ["MIA", "MIA"]
    parts = [factor["log_odds"] for factor in answer["factors"]]
    assert len(parts) == 2


def test_a_fixture_without_a_seal_is_a_404_that_says_where_to_look(api: httpx.Client) -> None:
    for path in ("/api/v1/explanations/game-99", "/api/v1/explanations/game-3?set=none"):
        told = api.get(path)
        assert told.status_code == 404
        assert "GET /api/v1/predictions" in told.json()["detail"]
