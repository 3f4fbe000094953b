from __future__ import annotations

from pathlib import Path

import pytest

from antepost.betting import BettingPolicy
from antepost.desk.rebuild import _close, rebuild
from antepost.domain.seal import seal
from antepost.errors import DataError
from antepost.settings import get_settings

BODY: dict[str, object] = {
    "sport": "nfl", "batch": 1, "bundle": "0" * 64, "fixture": "invented", "as_of": "2031-09-07T17:00:00Z",
    "sealed_at": "2031-09-08T00:00:00Z", "platform": "none", "policy": BettingPolicy().digest(),
    "policy_values": BettingPolicy().model_dump(mode="json"),
}  # fmt: skip


def test_what_is_no_seal_is_refused_by_what_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"hash: Field required; sport: Field required"):
        rebuild(get_settings(home=tmp_path), {"fixture": "a"}, BettingPolicy())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("batch", "1"),
        ("batch", None),
        ("batch", True),
        ("batch", 0),
        ("as_of", "yesterday"),
        ("as_of", 1_900_000_000),
        ("as_of", "2031-09-07T17:00:00"),
        ("sealed_at", None),
        ("fixture", 7),
        ("fixture", ["invented"]),
        ("sport", {}),
        ("bundle", "../keys"),
        ("platform", 1.0),
        ("policy_values", "0" * 64),
        ("policy_values", {"stake_cap": 7}),
    ],
    ids=repr,
)
def test_a_field_of_the_wrong_kind_is_named_even_under_a_hash_that_fits(
    field: str, value: object, tmp_path: Path
) -> None:
    """A record with such a field, hashed anew, once ended in a traceback."""
    with pytest.raises(DataError, match=rf"not a sealed record: {field}\b"):
        rebuild(get_settings(home=tmp_path), seal({**BODY, field: value}, None, 1), BettingPolicy())


def test_an_unknown_sport_is_named_too(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="chess"):
        rebuild(get_settings(home=tmp_path), seal({**BODY, "sport": "chess"}, None, 1), BettingPolicy())


def test_a_record_that_does_not_hash_to_its_name_differs_before_anything_is_computed(tmp_path: Path) -> None:
    found = rebuild(get_settings(home=tmp_path), {**seal(BODY, None, 1), "batch": 2}, BettingPolicy())
    assert (found.equal, found.to_the_bit) == (False, False)
    assert "was altered" in found.differences[0]


def test_a_home_whose_batch_log_ends_earlier_says_so(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="does not reach batch 1 of nfl"):
        rebuild(get_settings(home=tmp_path), seal(BODY, None, 1), BettingPolicy())


def test_on_another_platform_numbers_may_differ_in_their_last_bits_only() -> None:
    assert _close({"home": 0.5, "away": 0.5}, {"home": 0.5 + 1e-12, "away": 0.5 - 1e-12})
    assert not _close({"home": 0.5}, {"home": 0.5 + 1e-6})
    assert not _close({"home": 0.5}, {"away": 0.5})
    assert not _close("home", "away")
    assert not _close(None, 0.0)
