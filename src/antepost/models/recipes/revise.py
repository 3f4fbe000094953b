"""A recipe's file with some of its values changed and everything else, its comments too, as somebody wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import yaml

from antepost.errors import ModelError

type Scalar = bool | int | float | str
type Place = tuple[str, ...]


def revised(text: str, changes: Mapping[Place, Scalar]) -> str:
    """Return the YAML ``text`` with each value of ``changes`` at its place, a name a level.

    Raises:
        ModelError: the file is no mapping of mappings, or what comes of it would not read as it should.
    """
    try:
        for place, value in changes.items():
            text = _changed(text, place, value)
        read: object = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise ModelError(f"the recipe cannot be changed where it lies: {error}") from error
    for place, value in changes.items():
        found = read
        for name in place:
            found = cast("dict[str, object]", found).get(name) if isinstance(found, dict) else None
        if found != value:
            raise ModelError(f"{'.'.join(place)} would read {found!r}, not {value!r}; write the recipe out plainly")
    return text


def _changed(text: str, place: Place, value: Scalar) -> str:
    node = cast("yaml.Node | None", yaml.compose(text, Loader=yaml.SafeLoader))
    for level, name in enumerate(place):
        if not isinstance(node, yaml.MappingNode):
            raise ModelError(f"{'.'.join(place[:level]) or 'the recipe'} is no mapping; write the recipe out plainly")
        child = next((its for key, its in node.value if key.value == name), None)
        if child is None:
            return _added(text, node, place[level:], value)
        node = child
    if not isinstance(node, yaml.ScalarNode):
        raise ModelError(f"{'.'.join(place)} is no single value; write the recipe out plainly")
    return text[: node.start_mark.index] + _told(value) + text[node.end_mark.index :]


def _added(text: str, parent: yaml.MappingNode, rest: Place, value: Scalar) -> str:
    """Return the text with a value under names that ``parent`` lacks, behind what it has."""
    if parent.flow_style:
        # {} or {a: 1}: the brace that closes it is the last sign of the node.
        told = f"{rest[-1]}: {_told(value)}"
        for name in reversed(rest[:-1]):
            told = f"{name}: {{{told}}}"
        end = parent.end_mark.index - 1
        return f"{text[:end]}{', ' if parent.value else ''}{told}{text[end:]}"
    column = parent.value[0][0].start_mark.column
    lines = [f"{' ' * (column + 2 * depth)}{name}:" for depth, name in enumerate(rest)]
    lines[-1] += f" {_told(value)}"
    last: yaml.Node = parent
    while isinstance(last, yaml.MappingNode) and not last.flow_style:
        last = last.value[-1][1]
    end = text.find("\n", last.end_mark.index)
    end = len(text) if end < 0 else end
    return "\n".join([text[:end], *lines]) + (text[end:] or "\n")


def _told(value: Scalar) -> str:
    return yaml.safe_dump(value).removesuffix("\n").removesuffix("\n...")
