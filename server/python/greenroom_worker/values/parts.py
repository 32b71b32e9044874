"""The parts of an object while they are written, which know where in it each of them stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .policy import unmarked

_LONGEST_NAME = 40
_LONGEST_INT = 1 << 64


_STEPS_IN_EXCEPTIONS = {'cause': '.__cause__', 'errors': '.exceptions', 'own': '.__dict__'}


class Fields(tuple):
    """The values of what has names, and is no plain dict."""

    names: tuple[str, ...]
    step_to: Callable[[str], str]

    def __new__(
        cls, values: list, names: tuple[str, ...], step_to: Callable[[str], str]
    ) -> Fields:
        fields = super().__new__(cls, values)
        fields.names, fields.step_to = names, step_to
        return fields


class Entries(tuple):
    """Each key, and what a map has under it."""


class Members(tuple):
    """What is in a set."""


def steps_to_current(begun: list[Iterator]) -> list[str]:
    """From the value that the first of them brings to the part that is being written: each iterates
    the parts of what the one before has come to."""
    steps = []
    holder = _current(begun[0])
    for parts in begun[1:]:
        items, index = _where(parts)
        steps.append(_step_in(items, index, holder))
        holder = _current(parts)
    return steps


def _where(parts: Iterator) -> tuple[list | tuple, int]:
    """What it iterates, and how far it has come."""
    _, (items,), passed = parts.__reduce__()  # type: ignore[misc]
    return items, passed - 1


def _current(parts: Iterator) -> object:
    items, index = _where(parts)
    return unmarked(items[index])


def item_step(key: object) -> str:
    """To what a dict has under that key. No code of a tool is run for it."""
    if type(key) is str:
        name = key if len(key) <= _LONGEST_NAME else key[: _LONGEST_NAME - 1] + '…'
        return f'[{name!r}]'
    is_short = type(key) in (float, bool) or (type(key) is int and abs(key) < _LONGEST_INT)
    return f'[{key!r}]' if is_short else '[…]'


def attribute_step(name: str) -> str:
    is_plain = type(name) is str and name.isidentifier() and len(name) <= _LONGEST_NAME
    return f'.{name}' if is_plain else item_step(name)


def exception_step(name: str) -> str:
    """To what an exception is told with."""
    return _STEPS_IN_EXCEPTIONS.get(name, '') if type(name) is str else ''


def _step_in(items: list | tuple, index: int, holder: object) -> str:
    if isinstance(items, Fields):
        return items.step_to(items.names[index])
    if isinstance(items, Entries):
        return '.keys()' if index % 2 == 0 else item_step(items[index - 1])
    if isinstance(items, Members):
        return '{…}'
    if type(holder) is dict:
        keys = [*holder]  # as they are now: what was written may have changed them
        return item_step(keys[index]) if index < len(keys) else '[…]'
    return f'[{index}]' if isinstance(items, list) else ''
