"""The file of a group that was written in a notebook: all that its declaration reaches, gathered while it is tried.

What is promoted is what was proven: a name that the notebook gives another meaning afterwards changes nothing.
"""

from __future__ import annotations

import ast
import dis
import inspect
import math
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from types import CodeType, FunctionType, ModuleType
from typing import cast

from antepost.features.declaration import Declare, Group

ALLOWED = ("antepost", "numpy", "polars")
"""What a group file may import, beside the standard library: polars moves, kernels compute."""
VOCABULARY = ("kernels", "declaration", "means", "facts", "spine")
"""The modules of features whose words a group is declared in; a word is imported from there, not copied."""
_PLAIN = (bool, int, float, str, type(None))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupFile:
    """A group's module as text; without one ``faults`` say what has to be otherwise first."""

    group: str
    declare: str
    text: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Gathered:
    """What a declaration reaches: imports, constants, and definitions in the order in which each may be read."""

    home: str
    plain: list[str] = field(default_factory=list[str])
    taken: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    constants: list[str] = field(default_factory=list[str])
    definitions: list[str] = field(default_factory=list[str])
    faults: list[str] = field(default_factory=list[str])
    seen: set[str] = field(default_factory=set[str])


def group_file(declare: Declare | Group, group: Group) -> GroupFile:
    """Return the module that ``declare``, which gave ``group``, would be written as."""
    name = getattr(declare, "__name__", "")
    if not isinstance(declare, FunctionType):
        return GroupFile(
            group=group.name, declare="", text="", faults=("it is a Group; try the function that gives it",)
        )
    if declare.__closure__ or name == "<lambda>" or name != declare.__qualname__:
        return GroupFile(
            group=group.name, declare=name, text="", faults=("its function lies inside another; define it by itself",)
        )
    gathered = _Gathered(home=declare.__module__)
    _gather(name, declare, gathered)
    if name != group.name:
        gathered.faults.append(f"the function is called {name} and the group {group.name}; give both one name")
    text = _text(inspect.getdoc(declare) or "", gathered)
    return GroupFile(group=group.name, declare=name, text=text, faults=tuple(dict.fromkeys(gathered.faults)))


def _gather(name: str, function: Callable[..., object], into: _Gathered) -> None:
    into.seen.add(name)
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        into.faults.append(f"the source of {name} is not to be had; write it in a cell or a file")
        return
    tree = ast.parse(source)
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        into.faults.append(f"{name} is no function defined by def; define it so")
        return
    into.faults.extend(_undocumented(definition))
    own = cast("FunctionType", function)
    for used in dict.fromkeys([*_outside(definition), *_globals(own.__code__)]):
        if used not in into.seen and used in own.__globals__:
            into.seen.add(used)
            _place(used, own.__globals__[used], into)
    into.definitions.append(source.rstrip())


def _outside(definition: ast.FunctionDef) -> Iterator[str]:
    """Yield the names that are read where a function is defined: in decorators, defaults and annotations."""
    for node in ast.walk(definition):
        told: list[ast.expr | None] = []
        if isinstance(node, ast.arg | ast.AnnAssign):
            told = [node.annotation]
        if isinstance(node, ast.FunctionDef):
            told = [*node.decorator_list, node.returns, *node.args.defaults, *node.args.kw_defaults]
        for one in told:
            if one is not None:
                yield from (name.id for name in ast.walk(one) if isinstance(name, ast.Name))


def _globals(code: CodeType) -> Iterator[str]:
    """Yield the global names that a function reads when it runs, those of functions inside it too."""
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL":
            yield str(step.argval)
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _globals(constant)


def _place(name: str, value: object, into: _Gathered) -> None:
    """Put what ``name`` stands for where it belongs: an import, a constant, a definition of our own."""
    if isinstance(value, ModuleType):
        if _importable(value.__name__, into, name):
            into.plain.append(f"import {value.__name__}" + ("" if name == value.__name__ else f" as {name}"))
        return
    function = getattr(value, "py_func", value)
    home = cast("str | None", getattr(function, "__module__", None))
    if home == into.home and isinstance(function, FunctionType):
        _gather(name, function, into)
    elif (word := _word(name, value)) is not None:
        into.taken.setdefault(word, []).append(name)
    elif _is_plain(value):
        into.constants.append(f"{name} = {value!r}")
    elif home is not None and getattr(sys.modules.get(home), name, None) is value:
        if _importable(home, into, name):
            into.taken.setdefault(_door(home, name), []).append(name)
    else:
        into.faults.append(
            f"{name} is a {type(value).__name__} of the notebook; make it a function, or numbers and texts"
        )


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return all(_is_plain(one) for one in cast("tuple[object, ...]", value))
    return isinstance(value, _PLAIN) and not (isinstance(value, float) and not math.isfinite(value))


def _word(name: str, value: object) -> str | None:
    """Return the module of the vocabulary in which ``name`` means ``value``, by itself and not by an import."""
    function = getattr(value, "py_func", value)
    for short in VOCABULARY:
        module = f"antepost.features.{short}"
        held = vars(import_module(module))
        own = not inspect.isclass(value) and not inspect.isfunction(function)
        if name in held and held[name] is value and (own or function.__module__ == module):
            return module
    return None


def _door(module: str, name: str) -> str:
    """Return the door of the room that ``module`` lies in where it hands out ``name``, else the module itself."""
    door = ".".join(module.split(".")[:2])
    return door if name in getattr(sys.modules.get(door), "__all__", ()) else module


def _importable(module: str, into: _Gathered, name: str) -> bool:
    top = module.partition(".")[0]
    if top in ALLOWED or (top in sys.stdlib_module_names and top != "__main__"):
        return True
    into.faults.append(f"{name} comes from {module}; a group file imports {', '.join(ALLOWED)} only")
    return False


def _undocumented(definition: ast.FunctionDef) -> Iterator[str]:
    every = [*definition.args.posonlyargs, *definition.args.args, *definition.args.kwonlyargs]
    if ast.get_docstring(definition) is None:
        yield f"{definition.name} has no docstring; say in a sentence what it returns"
    if definition.returns is None or any(one.annotation is None for one in every):
        yield f"{definition.name} lacks types; annotate what it takes and returns"


def _text(about: str, gathered: _Gathered) -> str:
    """Return the module; imports stand as the checks want them: standard library, third parties, ours."""
    taken = [f"from {module} import {', '.join(sorted(names, key=_order))}" for module, names in gathered.taken.items()]
    sections: tuple[list[str], ...] = ([], [], [])
    for line in [*sorted(gathered.plain), *sorted(taken)]:
        top = line.split()[1].partition(".")[0]
        sections[2 if top == "antepost" else 1 if top in ALLOWED else 0].append(line)
    head = [f'"""{about.strip()}\n"""' if "\n" in about.strip() else f'"""{about.strip()}"""']
    blocks = [*head, "from __future__ import annotations", *("\n".join(lines) for lines in sections if lines)]
    if gathered.constants:
        blocks.append("\n".join(gathered.constants))
    return "\n\n".join(blocks) + "\n\n\n" + "\n\n\n".join(gathered.definitions) + "\n"


def _order(name: str) -> tuple[int, str]:
    """Return where isort puts a name: constants, classes, functions."""
    return (0 if name.isupper() else 1 if name[:1].isupper() else 2, name)
