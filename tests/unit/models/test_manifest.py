from __future__ import annotations

import pytest
from pydantic import ValidationError

from antepost.models import Bundle, Manifest


def test_a_manifest_survives_json(bundle: Bundle) -> None:
    assert Manifest.model_validate_json(bundle.manifest.model_dump_json()) == bundle.manifest


def test_the_name_says_sport_target_and_set(bundle: Bundle) -> None:
    assert bundle.manifest.name == "nfl.winner.close"


def test_a_moment_without_a_zone_is_refused(bundle: Bundle) -> None:
    stored = bundle.manifest.model_dump()
    with pytest.raises(ValidationError, match="time zone"):
        Manifest.model_validate({**stored, "trained_through": "2008-01-01T00:00:00"})


def test_a_manifest_of_a_later_format_is_refused(bundle: Bundle) -> None:
    with pytest.raises(ValidationError, match="format"):
        Manifest.model_validate({**bundle.manifest.model_dump(), "format": 2})
