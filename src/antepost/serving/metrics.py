"""What the API counts about itself, in Prometheus's format."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Metrics:
    """The counters of one application; two applications in a process do not share any."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        labels = ("method", "route", "status")
        self.requests = Counter("antepost_http_requests", "Requests answered.", labels, registry=self.registry)
        self.seconds = Histogram(
            "antepost_http_request_seconds",
            "Time to the end of the answer.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.simulated = Gauge(
            "antepost_simulated",
            "1 where the sport's data are simulated.",
            ("sport",),
            registry=self.registry,
        )

    def text(self) -> bytes:
        """Return all metrics as a scrape reads them."""
        return generate_latest(self.registry)


class Measured:
    """ASGI middleware that counts each request under the route it matched, never under its raw path."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and note its status and duration."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 500
        began = time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        # A path that nobody serves is not a label: anyone could make up a million of them.
        route: str = getattr(scope.get("route"), "path", "unmatched")
        method: str = scope["method"] if route != "unmatched" else "any"
        self.metrics.requests.labels(method, route, str(status)).inc()
        self.metrics.seconds.labels(method, route).observe(seconds)
