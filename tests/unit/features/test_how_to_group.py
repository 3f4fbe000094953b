"""The page docs/how-to/add-a-feature-group.md, followed to the letter."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from antepost.features import catalogue
from antepost.features.catalogue import groups_of
from antepost.features.groups import GROUPS
from antepost.features.prove import prove
from tests.worlds import TINY, tiny_tables

PAGE = Path(__file__).resolve().parents[3] / "docs" / "how-to" / "add-a-feature-group.md"


def test_the_group_of_the_page_passes_all_proofs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    (tmp_path / "overtime_of_the_page.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    overtime = importlib.import_module("overtime_of_the_page").overtime
    # Beside one of ours; the others have proofs of their own.
    monkeypatch.setattr(catalogue, "GROUPS", (GROUPS[0], overtime))
    groups_of.cache_clear()
    try:
        columns = [column.name for group in groups_of(TINY) for column in group.columns]
        assert columns[-4:] == [f"overtime.share.{w}.{side}" for side in ("home", "away") for w in ("10", "season")]
        assert [proof.name for proof in prove(TINY, tiny_tables(), draw=12) if not proof.holds] == []
    finally:
        groups_of.cache_clear()
