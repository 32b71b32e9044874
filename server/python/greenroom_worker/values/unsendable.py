"""Where in a message something is that cannot be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..errors import GreenroomError, Unsendable
from .collections import Map, Set
from .copies import fields_of
from .policy import ATOMS, unmarked

_MOST_SEARCHED = 100_000
"""So many values are looked at for the one that cannot be sent."""

_LONGEST_PLACE = 120

_LONGEST_NAME = 40


def with_place(
    error: Unsendable, root: object, name: str, is_copied: Callable[[object], bool]
) -> GreenroomError:
    """The same error, told with the place in `root` of what cannot be sent, as a program would
    write it. `is_copied` says of an object whether its parts are sent, or only a reference."""
    try:
        steps = _steps_to(error, root, is_copied)
    except Exception:  # of a class of the tool's, which is only looked at to tell more
        steps = None
    return error.told('' if steps is None else _shortened(name + ''.join(steps)))


def _steps_to(
    error: Unsendable, root: object, is_copied: Callable[[object], bool]
) -> list[str] | None:
    steps: list[str] = []
    begun = [iter([('', root)])]
    seen = {}
    searched = 0
    while begun:
        for step, given in begun[-1]:
            searched += 1
            if searched > _MOST_SEARCHED:
                return None
            value = unmarked(given)
            if error.is_about(value):
                return [*steps, step]
            if id(value) not in seen and is_copied(given):
                seen[id(value)] = value  # held, so that no other gets its id
                steps.append(step)
                begun.append(_parts_of(value))
                break
        else:
            begun.pop()
            if steps:
                steps.pop()
    return None


def _parts_of(value: object) -> Iterator[tuple[str, object]]:
    if isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            yield f'[{index}]', item
    elif isinstance(value, (dict, Map)):
        for key, item in value.items():
            yield '.keys()', key
            yield f'[{_shown(key)}]', item
    elif isinstance(value, (set, frozenset, Set)):
        for item in value:
            yield '{…}', item
    elif isinstance(value, BaseException):
        yield '.__cause__', value.__cause__
        yield from _members(vars(value))
    elif not isinstance(value, ATOMS):
        yield from _members(fields_of(value))


def _members(fields: dict) -> Iterator[tuple[str, object]]:
    for name, value in fields.items():
        yield f'.{name}', value


def _shown(key: object) -> str:
    if isinstance(key, str):
        return repr(key if len(key) <= _LONGEST_NAME else key[: _LONGEST_NAME - 1] + '…')
    return repr(key) if isinstance(key, (int, float)) else '…'


def _shortened(place: str) -> str:
    if len(place) <= _LONGEST_PLACE:
        return place
    half = _LONGEST_PLACE // 2
    return f'{place[:half]}…{place[-half:]}'
