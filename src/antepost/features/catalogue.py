"""The catalogue: every column of a sport, which of them an information set may use, and the lock that freezes them."""

from __future__ import annotations

import ast
import hashlib
import inspect
import json
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain

from antepost.domain import SETS
from antepost.errors import DataError, LeakageError
from antepost.features.declaration import MOMENTS, Column, Group, moment_of, moments_of, require_moment
from antepost.features.groups import GROUPS
from antepost.sports import SPORTS, Sport, get_sport


@dataclass(frozen=True, slots=True, kw_only=True)
class Feature:
    """One line of the lock; ``real`` says that real seasons feed it."""

    name: str
    sport: str
    group: str
    dtype: str
    unit: str
    moment: str
    parity: str
    inplay: bool
    real: bool
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """The frozen catalogue of one sport; ``digest`` is what a bundle carries."""

    sport: str
    digest: str
    entries: tuple[tuple[str, str], ...]


@cache
def groups_of(sport: Sport) -> tuple[Group, ...]:
    """Return the groups that ``sport`` has, in catalogue order."""
    if not sport.featured:
        return ()
    return tuple(group for declare in GROUPS if (group := declare(sport)) is not None)


def require_groups(sport: Sport) -> None:
    """Refuse a sport of which no group folds the facts yet.

    Raises:
        DataError: there is none; the message names the sports that have features.
    """
    if not groups_of(sport):
        others = ", ".join(name for name, other in SPORTS.items() if groups_of(other))
        raise DataError(f"{sport.name} has facts and no features yet; features are of {others}", sport=sport.name)


@cache
def features_of(sport: str) -> tuple[Feature, ...]:
    """Return the catalogue of ``sport``, one entry a column."""
    about = get_sport(sport)
    hashes = {group.name: group_hash(group, about) for group in groups_of(about)}
    return tuple(
        Feature(
            name=column.name,
            sport=sport,
            group=group.name,
            dtype="f64",
            unit=column.unit,
            moment=column.moment,
            parity=column.parity,
            inplay=False,
            real=about.archived,
            hash=_digest(hashes[group.name], repr(column)),
        )
        for group in groups_of(about)
        for column in _columns(group, about)
    )


def _columns(group: Group, sport: Sport) -> Iterator[Column]:
    """Yield a group's columns with the moment that holds in ``sport``."""
    for column in group.columns:
        yield replace(column, moment=moment_of(column, sport))


def sets_of(sport: str) -> tuple[str, ...]:
    """Return the information sets that are to be had for ``sport``."""
    return tuple(name for name, moment in SETS.items() if moment in moments_of(get_sport(sport)))


def select(
    sport: str, *, prices: bool, moment: str = "close", columns: tuple[str, ...] | None = None
) -> tuple[str, ...]:
    """Return the columns an information set may use at ``moment``: all, or ``columns`` once they are checked.

    Raises:
        DataError: a name that is not in the catalogue, or a moment that is not to be had.
        LeakageError: a column that is not usable that early, or a price where none is allowed.
    """
    about = get_sport(sport)
    require_moment(about, moment)
    require_groups(about)
    known = {column.name: column for group in groups_of(about) for column in _columns(group, about)}
    if columns is None:
        every = (usable_in(group, about, prices=prices, moment=moment) for group in groups_of(about))
        return tuple(chain.from_iterable(every))
    for name in columns:
        if name not in known:
            raise DataError(f"{sport} has no feature {name!r}; see antepost features list --sport {sport}", name=name)
        if known[name].price and not prices:
            raise LeakageError(f"{name} holds a price, and set 'none' has none; ask for set 'close'", name=name)
        if not _usable(known[name], moment):
            raise LeakageError(
                f"{name} is known from {known[name].moment} on, after the moment {moment}; "
                f"drop it or ask as of {known[name].moment}",
                name=name,
            )
    return columns


def usable_in(group: Group, sport: Sport, *, prices: bool, moment: str) -> tuple[str, ...]:
    """Return the columns of ``group`` that may be used at ``moment``, with or without prices."""
    return tuple(c.name for c in _columns(group, sport) if (prices or not c.price) and _usable(c, moment))


def _usable(column: Column, moment: str) -> bool:
    return MOMENTS.index(column.moment) <= MOMENTS.index(moment)


def lock_of(sport: str) -> Lock:
    """Return the lock of one sport."""
    entries = tuple((feature.name, feature.hash) for feature in features_of(sport))
    return Lock(sport=sport, digest=_digest(json.dumps(entries)), entries=entries)


def render_lock() -> str:
    """Return the text of ``features.lock``: JSON with one feature a line, so that its diff reads well."""
    lines = ["{"]
    covered = [name for name, sport in SPORTS.items() if groups_of(sport)]
    for i, sport in enumerate(covered):
        lines.append(f'  "{sport}": {{"digest": "{lock_of(sport).digest}", "features": [')
        rows = [json.dumps(_as_dict(feature)) for feature in features_of(sport)]
        lines += [f"    {row}{',' if n + 1 < len(rows) else ''}" for n, row in enumerate(rows)]
        lines.append("  ]}" + ("," if i + 1 < len(covered) else ""))
    return "\n".join([*lines, "}", ""])


def _as_dict(feature: Feature) -> dict[str, object]:
    return {name: getattr(feature, name) for name in Feature.__dataclass_fields__}


def group_hash(group: Group, sport: Sport) -> str:
    """Return the hash of what a group computes for ``sport``: its declaration, the sport's constants, kernels' code.

    Local names, annotations and docstrings do not count; the kernels that its kernels call do. Other sports do not
    either: a new one leaves the locks, and so the bundles, of those there are as they stand.
    """
    constants = [f"{sport.name}:{sport.starter}:{sorted(sport.reference_close.items())!r}:{group.params.tolist()}"]
    declared = [group.name, str(group.version), *group.members, *group.values, *group.row, *group.roles, *constants]
    return _digest(*declared, *code_of(group.facts), *code_of(group.fold), *code_of(group.read))


def code_of(function: Callable[..., object]) -> list[str]:
    """Return normalised syntax trees of ``function`` and of every function of ours that it calls, and its constants."""
    seen: dict[str, str] = {}
    _collect(getattr(function, "py_func", function), seen)
    return [f"{name}={seen[name]}" for name in sorted(seen)]


def _collect(function: Callable[..., object], seen: dict[str, str]) -> None:
    label = f"{function.__module__}.{function.__qualname__}"
    if label in seen:
        return
    seen[label], names = _syntax(function)
    enclosed = inspect.getclosurevars(function).nonlocals
    reached = {**function.__globals__, **enclosed}
    for name in names:
        if name in reached:
            value = reached[name]
            value = getattr(value, "py_func", value)
            if inspect.isfunction(value) and value.__module__.startswith("antepost."):
                _collect(value, seen)
            elif isinstance(value, int | float | str | tuple):
                seen[f"{label}:{name}"] = f"{value!r}"


@cache
def _syntax(function: Callable[..., object]) -> tuple[str, tuple[str, ...]]:
    """Return a function's normalised syntax tree and the names in it, read once for all groups and sports."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    return _normal(tree), tuple({node.id: None for node in ast.walk(tree) if isinstance(node, ast.Name)})


def _normal(tree: ast.Module) -> str:
    local: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and isinstance(node.body[0], ast.Expr) and len(node.body) > 1:
            node.body = node.body[1:]
        if isinstance(node, ast.FunctionDef):
            node.decorator_list = []
            node.returns = None
        if isinstance(node, ast.arg):
            node.arg = local.setdefault(node.arg, f"v{len(local)}")
            node.annotation = None
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            local.setdefault(node.id, f"v{len(local)}")
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            node.id = local.get(node.id, node.id)
    return ast.dump(tree)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
