"""The application: routes, metrics, problems and the OpenAPI document put together."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from antepost.serving.metrics import Measured, Metrics
from antepost.serving.problems import MEDIA_TYPE, answer_with_problems
from antepost.serving.reads import Reads
from antepost.serving.routes import router, v1

DESCRIPTION = """
Prices of sport before it happens. Every prediction is sealed: hashed, chained to the one before, and computed
only from what was known before its `as_of`. Every answer of version 1 says whether its data are simulated.
"""


class Api(FastAPI):
    """FastAPI whose document says that errors come as ``application/problem+json``, as they do."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document."""
        if self.openapi_schema is None:
            document = get_openapi(
                title=self.title, version=self.version, description=self.description, routes=self.routes
            )
            for path in document["paths"].values():
                for operation in path.values():
                    _as_problems(operation["responses"])
            self.openapi_schema = document
        return self.openapi_schema


def _as_problems(responses: dict[str, Any]) -> None:
    for status, response in responses.items():
        if status >= "400":
            response["content"] = {MEDIA_TYPE: response["content"]["application/json"]}


def create_app(desk: Reads) -> FastAPI:
    """Return the API over ``desk``. Two applications in one process share nothing."""
    app = Api(title="antepost", version=version("antepost"), description=DESCRIPTION)
    app.state.desk = desk
    app.state.metrics = Metrics()
    app.add_middleware(Measured, metrics=app.state.metrics)
    answer_with_problems(app)
    app.include_router(router)
    app.include_router(v1, responses=router.responses)
    return app
