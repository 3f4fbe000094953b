"""The OpenAPI document, and what an import of the room brings along."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable
from typing import Any

import pytest

from antepost.betting import BettingPolicy
from antepost.features import lock_of
from antepost.serving import create_app
from antepost.serving.answers import EXAMPLE_RECORD, Prediction

PATHS = {
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/fixtures",
    "/api/v1/predictions",
    "/api/v1/predictions/{hash}",
    "/api/v1/explanations/{fixture}",
}


@pytest.fixture
def document(desk) -> dict[str, object]:
    return json.loads(json.dumps(create_app(desk).openapi()))


def test_the_document_names_every_path(document) -> None:
    assert set(document["paths"]) == PATHS


def test_every_operation_says_what_it_does_and_how_it_fails(document) -> None:
    for path, operations in document["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            failures = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
            assert {"500", "503"} <= set(failures), path
            for answer in failures.values():
                [(media, content)] = answer["content"].items()
                assert media == "application/problem+json"
                assert content["schema"] == {"$ref": "#/components/schemas/Problem"}


def test_every_reference_in_the_document_leads_somewhere(document) -> None:
    text = json.dumps(document)
    names = {part.split('"')[0] for part in text.split("#/components/schemas/")[1:]}
    assert names <= set(document["components"]["schemas"])
    assert "HTTPValidationError" not in names


def _shown(schema: dict[str, Any], given: Iterable[dict[str, Any]] = ()) -> bool:
    """Return whether a reader sees a value: an example, a default, the one constant, or another schema's fields."""
    if schema.get("examples") or "const" in schema or schema.get("default") is not None or "$ref" in schema:
        return True
    return bool(list(given)) or "$ref" in schema.get("items", {})


def test_every_parameter_and_every_field_of_an_answer_has_an_example(document) -> None:
    bare = [
        f"{path} {parameter['name']}"
        for path, operations in document["paths"].items()
        for operation in operations.values()
        for parameter in operation.get("parameters", ())
        if not parameter["schema"].get("examples")
    ]
    for name, schema in document["components"]["schemas"].items():
        whole = schema.get("examples", [])
        bare += [
            f"{name}.{field}"
            for field, held in schema["properties"].items()
            if not _shown(held, (example for example in whole if field in example))
        ]
    assert bare == []


def test_examples_have_the_shapes_of_what_is_really_served() -> None:
    assert str(EXAMPLE_RECORD["fixture"]).startswith("nfl-2023-")
    assert len(str(EXAMPLE_RECORD["lock"])) == len(lock_of("nfl").digest)
    policy = BettingPolicy.model_validate(EXAMPLE_RECORD["policy_values"])
    assert EXAMPLE_RECORD["policy"] == policy.digest()


def test_the_example_of_a_prediction_is_one_and_says_that_it_is_simulated() -> None:
    example = Prediction.model_validate(EXAMPLE_RECORD)
    assert example.simulated
    assert set(EXAMPLE_RECORD) == set(Prediction.model_fields)


def test_importing_serving_brings_no_registry_and_no_training_library() -> None:
    heavy = {"mlflow", "xgboost", "lightgbm", "sklearn", "pandas", "matplotlib", "cloudpickle"}
    code = f"import sys, antepost.serving; print(*sorted({heavy} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == ""
