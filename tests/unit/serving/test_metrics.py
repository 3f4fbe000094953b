"""What a scrape of /metrics sees."""

from __future__ import annotations

import math

import httpx
from prometheus_client.parser import text_string_to_metric_families

from antepost.errors import EngineError
from antepost.serving import create_app


def samples(api: httpx.Client) -> dict[tuple[str, ...], float]:
    answer = api.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    return {
        (sample.name, *(f"{name}={value}" for name, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def requests(route: str, status: int, method: str = "GET") -> tuple[str, ...]:
    return ("antepost_http_requests_total", f"method={method}", f"route={route}", f"status={status}")


def test_requests_are_counted_by_route_and_status(api: httpx.Client) -> None:
    api.get("/api/v1/predictions/" + "0" * 64)
    api.get("/api/v1/predictions/" + "1" * 64)
    api.get("/api/v1/predictions?limit=0")
    seen = samples(api)
    assert seen[requests("/api/v1/predictions/{hash}", 404)] == 2
    assert seen[requests("/api/v1/predictions", 422)] == 1


def test_paths_nobody_serves_share_one_label(api: httpx.Client) -> None:
    for number in range(3):
        api.get(f"/made/up/{number}")
    seen = samples(api)
    assert seen[requests("unmatched", 404, method="any")] == 3


def test_a_fault_of_ours_counts_as_500(api: httpx.Client, desk) -> None:
    desk.fault = ZeroDivisionError()
    api.get("/api/v1/fixtures?sport=nfl")
    assert samples(api)[requests("/api/v1/fixtures", 500)] == 1


def test_simulated_sports_are_marked(api: httpx.Client) -> None:
    assert samples(api)["antepost_simulated", "sport=nfl"] == 1


def test_a_scrape_still_answers_where_the_data_cannot_be_read(api: httpx.Client, desk) -> None:
    desk.fault = EngineError("away")
    marked = samples(api)["antepost_simulated", "sport=nfl"]
    assert math.isnan(marked), "nobody knows"


def test_two_applications_of_one_process_share_no_counter(desk) -> None:
    first, second = create_app(desk), create_app(desk)
    assert first.state.metrics.registry is not second.state.metrics.registry
