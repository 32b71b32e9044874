"""Which members of an object the host may reach."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .data_members import data_member, is_index, told_member
from .errors import GreenroomError
from .values.types import gap, undefined

_NEVER = frozenset({'constructor', 'prototype', 'then'})


class ServedObject:
    """An object that offers the host exactly these methods. Every other one offers its own members
    and those of its classes."""

    def __init__(self, methods: Mapping[str, Callable[..., object]]) -> None:
        self._methods = dict(methods)

    def method(self, name: str) -> Callable[..., object]:
        try:
            return self._methods[name]
        except KeyError:
            raise unknown_member(name) from None


def get_member(owner: object, name: str) -> object:
    """A key of a dict, an item of a list, what an exception is told with, else an attribute, or what
    its copy has; `undefined` for one that is not there. Raises `call.unknownMethod` for what must
    not be reached, or what its getter raises."""
    if not _is_reachable(owner, name):
        raise unknown_member(name)
    if isinstance(owner, dict) and name in owner:
        return owner[name]
    if isinstance(owner, (list, tuple)) and is_index(name, len(owner)):
        item = owner[int(name)]
        return undefined if item is gap else item
    if isinstance(owner, BaseException):
        told = told_member(owner, name)
        if told is not undefined:
            return told
    try:
        return getattr(owner, name)
    except AttributeError:
        if any(name in vars(kind) for kind in type(owner).__mro__):
            raise  # it is there; its getter has failed
        return data_member(owner, name)


def get_method(owner: object, name: str) -> Callable[..., object]:
    """Raises `call.unknownMethod` for what cannot be called as well."""
    return to_callable(get_member(owner, name), name)


def to_callable(member: object, name: str | None) -> Callable[..., object]:
    """Raises `call.unknownMethod` for what cannot be called; `name` is None for an object itself."""
    if callable(member):
        return member
    if name is not None and member is undefined:
        raise unknown_member(name)
    what = 'what was called' if name is None else f"'{name}'"
    raise GreenroomError('call.unknownMethod', f'{what} is not a function')


def set_member(owner: object, name: str, value: object) -> None:
    """Raises `call.unknownMethod` for a name that must not be set, or what its setter raises."""
    if not _is_reachable(owner, name):
        raise unknown_member(name)
    if isinstance(owner, dict):
        owner[name] = value
    elif isinstance(owner, list) and is_index(name, len(owner)):
        owner[int(name)] = value
    else:
        setattr(owner, name, value)


def owner_of(target: object, path: list[str]) -> object:
    """The object that has the last member of a path."""
    for name in path[:-1]:
        target = get_member(target, name)
        if target is None or target is undefined:
            raise unknown_member(name)
    return target


def unknown_member(name: str) -> GreenroomError:
    return GreenroomError('call.unknownMethod', f"there is no member '{name}'")


def _is_reachable(owner: object, name: str) -> bool:
    return (
        owner is not None
        and owner is not undefined
        and not isinstance(owner, ServedObject)
        and name not in _NEVER
        and not name.startswith('__')
    )
