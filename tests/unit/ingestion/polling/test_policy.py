from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from antepost.ingestion.polling import CollectPolicy
from antepost.ingestion.polling import policy as policy_module

SOURCE = Path(policy_module.__file__).parents[2]


def test_every_value_of_the_policy_is_read_by_somebody() -> None:
    texts = [path.read_text() for path in SOURCE.rglob("*.py")]
    assert {name for name in CollectPolicy.model_fields if not any(f"policy.{name}" in text for text in texts)} == set()


@pytest.mark.parametrize(
    "told",
    [
        {"odds_s": 60},
        {"in_play_s": 0},
        {"odds_renewed_on": 31},
        {"odds": [{"within_s": 3600, "every_s": 60}, {"within_s": 600, "every_s": 600}]},
        {"odds": [{"within_s": 3600, "every_s": 600}, {"within_s": 7200, "every_s": 60}]},
    ],
)
def test_a_policy_that_cannot_be_meant_is_refused(told: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CollectPolicy.model_validate(told)
