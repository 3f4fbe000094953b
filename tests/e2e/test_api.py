"""The API over a home that went through the whole path, asked over real HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from antepost.domain.seal import digest
from antepost.serving import serve_for_a_moment
from tests.prepared import MIRROR, Prepared


@pytest.fixture(scope="module")
def api(prepared: Prepared) -> Iterator[httpx.Client]:
    with (
        serve_for_a_moment(prepared.desk) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=30) as client,
    ):
        yield client


def test_fixtures_come_in_pages_with_results(api: httpx.Client, prepared: Prepared) -> None:
    asked = {"sport": "nfl", "season": prepared.newest, "limit": 3, "offset": 1}
    answer = api.get("/api/v1/fixtures", params=asked).raise_for_status().json()
    held = prepared.desk.fixtures("nfl", prepared.newest)
    assert (answer["total"], answer["simulated"]) == (held.height, MIRROR is None)
    assert [game["fixture"] for game in answer["fixtures"]] == held["fixture"][1:4].to_list()
    assert all(game["home_score"] is not None for game in answer["fixtures"])


def test_predictions_come_newest_first_as_they_were_sealed(api: httpx.Client, prepared: Prepared) -> None:
    asked = {"sport": "nfl", "set": "close", "limit": 5}
    answer = api.get("/api/v1/predictions", params=asked).raise_for_status().json()
    assert answer["simulated"] is (MIRROR is None)
    newest = prepared.desk.predictions("nfl", "close", limit=5)
    assert answer["predictions"] == list(newest)
    assert [record["sequence"] for record in answer["predictions"]] == sorted(
        (record["sequence"] for record in answer["predictions"]), reverse=True
    )


def test_one_prediction_is_found_by_its_hash_and_hashes_to_it(api: httpx.Client, prepared: Prepared) -> None:
    for record in prepared.sealed[:3]:
        served = api.get(f"/api/v1/predictions/{record['hash']}").raise_for_status().json()
        assert served == record
        assert digest(served) == record["hash"]


def test_an_unknown_hash_is_a_problem_that_says_so(api: httpx.Client) -> None:
    answer = api.get(f"/api/v1/predictions/{'0' * 64}")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == 404
    assert "no sealed prediction" in problem["detail"]


def test_what_is_not_understood_is_a_problem_too(api: httpx.Client) -> None:
    for path in ("/api/v1/fixtures?sport=chess", "/api/v1/predictions?limit=0", "/api/v1/predictions/short"):
        answer = api.get(path)
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"


def test_it_is_ready_and_measured(api: httpx.Client) -> None:
    ready = api.get("/readyz").raise_for_status().json()
    assert ready["checks"] == {"lake": "ok", "postgres": "ok", "ledger": "ok"}
    assert ready["simulated"] is (MIRROR is None)
    metrics = api.get("/metrics").raise_for_status().text
    assert f'antepost_simulated{{sport="nfl"}} {float(MIRROR is None)}' in metrics
