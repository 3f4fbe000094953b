"""From a trial to a file of the catalogue: the text that was proven, the line in ``GROUPS``, and what to run next."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import override

from antepost.desk.trial import Trial
from antepost.errors import DataError, LeakageError, PolicyError
from antepost.features import groups
from antepost.features.catalogue import groups_of
from antepost.features.declaration import Declare, Group
from antepost.lake.files import write_whole
from antepost.sports import SPORTS, get_sport


@dataclass(frozen=True, slots=True, kw_only=True)
class Promoted:
    """Where a group was written. ``listed`` says whether it stands in ``GROUPS`` now; ``faults`` are the linter's."""

    path: Path
    listed: bool
    lines: tuple[str, str]
    faults: tuple[str, ...]

    def __repr__(self) -> str:
        told = [f"wrote {self.path}"]
        if self.listed:
            told.append(f"added to GROUPS in {self.path.with_name('__init__.py')}: {self.lines[1]}")
            told.append("now run: make lock-features")
        else:
            told.append(f"add to features/groups/__init__.py: {self.lines[0]}")
            told.append(f"and {self.lines[1]} to the tuple GROUPS there; then run: make lock-features")
        told += [f"ruff says: {fault}" for fault in self.faults]
        return "\n".join(told)


def promote(trial: Trial, path: str | Path | None = None) -> Promoted:
    """Write the group of ``trial`` as a file of the catalogue and add it to ``GROUPS``; return what is left to do.

    ``path`` is a folder, or a file named for the group; the line in ``GROUPS`` is added where the ``__init__.py``
    beside it has one. By default it is ``features/groups`` of the checkout that antepost runs from.

    Raises:
        LeakageError: the group leaks.
        PolicyError: another proof of it does not hold.
        DataError: the declaration cannot be written as a file, the name is taken, the file exists, or there is no
            checkout to write to.
    """
    name = trial.group.name
    if trial.leaks:
        raise LeakageError(f"{trial.verdict}; a group that leaks is not promoted", columns=trial.leaks)
    if trial.silent:
        raise PolicyError(f"{trial.verdict}; only what was compared is promoted")
    if trial.broken:
        raise PolicyError(f"{trial.verdict}; only what holds every proof is promoted")
    if trial.file.faults:
        raise DataError(f"group {name} cannot be a file yet: {'; '.join(trial.file.faults)}", faults=trial.file.faults)
    target = _target(name, path)
    door = target.with_name("__init__.py")
    taken = [sport for sport in SPORTS if name in {group.name for group in groups_of(get_sport(sport))}]
    if taken or target.exists():
        where = f"{', '.join(taken)} have a group of this name" if taken else f"{target} is there already"
        raise DataError(f"group {name} is not written: {where}; call yours otherwise", path=target)
    lines = (f"from antepost.features.groups.{name} import {name}", f"{name},")
    listed = _listed(door.read_text(encoding="utf-8"), name, lines) if door.is_file() else None
    target.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as undone:
        undone.callback(target.unlink, missing_ok=True)
        write_whole(target, trial.file.text.encode())
        faults = _tidied(target, target.parent)
        _require_same(trial, target)
        if listed is not None:
            write_whole(door, listed.encode())
        undone.pop_all()
    return Promoted(path=target, listed=listed is not None, lines=lines, faults=faults)


def _target(name: str, path: str | Path | None) -> Path:
    if path is None:
        folder = Path(groups.__file__).parent
        if not (folder.parents[3] / "pyproject.toml").is_file():
            raise DataError(
                f"antepost runs from {folder.parents[1]}, which is no checkout; give the path of a file or a folder"
            )
        return folder / f"{name}.py"
    given = Path(path).absolute()
    target = given if given.suffix == ".py" else given / f"{name}.py"
    if target.stem != name:
        raise DataError(f"the file of group {name} is called {name}.py, not {target.name}; give its folder")
    return target


def _listed(text: str, name: str, lines: tuple[str, str]) -> str | None:
    """Return the text of the catalogue's door with the group in it, or None where it has no tuple ``GROUPS``."""
    body = ast.parse(text).body
    tuples = [
        node.value
        for node in body
        if isinstance(node, ast.AnnAssign)
        and isinstance(node.target, ast.Name)
        and node.target.id == "GROUPS"
        and isinstance(node.value, ast.Tuple)
    ]
    imports = [node for node in body if isinstance(node, ast.ImportFrom) and node.module != "__future__"]
    if not tuples or not imports:
        return None
    written = text.splitlines()
    last = tuples[0].elts[-1]
    row, column = (last.end_lineno or 0) - 1, last.end_col_offset
    written[row] = f"{written[row][:column]}, {name}{written[row][column:]}"
    before = [node for node in imports if (node.module or "") < f"antepost.features.groups.{name}"]
    written.insert(before[-1].end_lineno or 0 if before else imports[0].lineno - 1, lines[0])
    return "\n".join(written) + "\n"


def _tidied(target: Path, folder: Path) -> tuple[str, ...]:
    """Put the file in order with ruff, where there is one, and return what it still finds fault with."""
    beside = Path(sys.executable).with_name("ruff")
    ruff = str(beside) if beside.is_file() else shutil.which("ruff")
    if ruff is None:
        return ()

    def run(*words: str) -> str:
        done = subprocess.run(  # noqa: S603  # our own linter on the file that was just written
            [ruff, *words, str(target)],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "NO_COLOR": "1"},
        )
        return done.stdout

    run("check", "--quiet", "--select", "I", "--fix", "--no-cache")
    run("format", "--quiet", "--no-cache")
    return tuple(run("check", "--quiet", "--output-format", "concise", "--no-cache").split("\n")[:-1])


class _Afresh(SourceFileLoader):
    """Reads the source, and keeps no bytecode that would stand beside it or for another text of the same second."""

    @override
    def get_code(self, fullname: str) -> CodeType:
        return self.source_to_code(self.get_data(self.path), self.path)


def _require_same(trial: Trial, target: Path) -> None:
    """Read the file back; it has to declare what was tried.

    Raises:
        DataError: it does not load, or declares something else.
    """
    name = f"antepost.features.groups.{trial.group.name}"
    spec = spec_from_file_location(name, target, loader=_Afresh(name, str(target)))
    if spec is None or spec.loader is None:
        raise DataError(f"{target} is not a module that Python can load")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
        declare: Declare = getattr(module, trial.file.declare)
        group = declare(get_sport(trial.sport))
    except (NameError, ImportError, SyntaxError, AttributeError) as error:
        raise DataError(
            f"group {trial.group.name} does not stand alone as a file ({error}); what it uses has to be functions, "
            "numbers and texts, and imports",
        ) from error
    if group is None or _said(group) != _said(trial.group):
        raise DataError(f"group {trial.group.name} declares something else now than when it was tried; try it again")


def _said(group: Group) -> tuple[object, ...]:
    return (group.name, group.version, group.values, group.row, group.roles, group.columns, group.carry,
            group.members, group.params.tolist())  # fmt: skip
