"""The stories in notebooks/, executed from the first cell to the last on the home that the pipeline has filled."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from antepost.desk import Desk

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
PICTURES = {"01_first_look": 4, "02_an_idea_in_ten_lines": 1}


def _read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=4)  # pyright: ignore[reportUnknownVariableType]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_its_pictures(
    path: Path, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANTEPOST_HOME", str(desk.settings.home))
    for name in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    story = _read(path)
    NotebookClient(story, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in story.cells for output in cell.get("outputs", [])]
    assert sum("image/png" in output.get("data", {}) for output in outputs) == PICTURES[path.stem]
    assert not [output["text"] for output in outputs if output.get("name") == "stderr"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_committed_without_what_running_it_leaves(path: Path) -> None:
    story = _read(path)
    code = [cell for cell in story.cells if cell.cell_type == "code"]
    assert code
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert set(story.metadata) == {"kernelspec", "language_info"}
    assert not any(cell.metadata for cell in story.cells)


def test_notebooks_are_numbered_and_none_lacks_its_number_of_pictures() -> None:
    assert [path.stem[:2] for path in NOTEBOOKS] == [f"{number:02d}" for number in range(1, len(NOTEBOOKS) + 1)]
    assert {path.stem for path in NOTEBOOKS} == set(PICTURES)
