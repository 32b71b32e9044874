"""By value or by reference: what marks, policies and the nature of a value say."""

from __future__ import annotations

import datetime
import types

from ..handles import Handle
from ..signals import CancelSignal
from .collections import Map, Set
from .types import Binary, Boxed, Date, RegExp

VALUE = 'value'
REFERENCE = 'reference'

_ATOMS = (
    bytes,
    bytearray,
    memoryview,
    datetime.datetime,
    Date,
    RegExp,
    Binary,
    Boxed,
    BaseException,
)
_CONTAINERS = (list, tuple, dict, set, frozenset, Map, Set)
_CODE = (type, types.FunctionType, types.BuiltinFunctionType, types.MethodType)
_NEVER_COPIED = (*_CODE, types.ModuleType, Handle, CancelSignal)


class Marked:
    """A value that goes by reference or by value, wherever in a message it occurs."""

    __slots__ = ('value', 'passing')

    def __init__(self, value: object, passing: str) -> None:
        self.value = value
        self.passing = passing


def by_ref(value: object) -> Marked:
    """Passes this object by reference, whatever policies and other marks say."""
    return Marked(unmarked(value), REFERENCE)


def by_value(value: object) -> Marked:
    """Passes a copy of this object, whatever policies and other marks say.

    A function cannot be copied.
    """
    return Marked(unmarked(value), VALUE)


def whole_by_value(part: object) -> object:
    """A dict or list with all that is in it, each part of which would have a policy of its own."""
    if isinstance(part, dict):
        return by_value({name: whole_by_value(inner) for name, inner in part.items()})
    if isinstance(part, list):
        return by_value([whole_by_value(item) for item in part])
    return part


def unmarked(value: object) -> object:
    return value.value if type(value) is Marked else value  # its class may not let itself be asked for


class Policy:
    """What holds for a session: rules by name of class, then the default. Told by the welcome."""

    def __init__(self) -> None:
        self.types: dict[str, str] = {}
        self.objects: str | None = None

    @property
    def is_natural(self) -> bool:
        return not self.types and self.objects is None

    def decide(self, value: object, of_call: str | None) -> str:
        """What the call says, then the rule of the nearest class, then the session's default."""
        if isinstance(value, _NEVER_COPIED):
            return REFERENCE
        if isinstance(value, _ATOMS):
            return VALUE
        if of_call is not None:
            return of_call
        if self.types:
            for kind in type(value).__mro__:
                rule = self.types.get(kind.__name__)
                if rule is not None:
                    return rule
        if self.objects is not None:
            return self.objects
        return VALUE if isinstance(value, _CONTAINERS) else REFERENCE


def is_never_copied(value: object) -> bool:
    return isinstance(value, _NEVER_COPIED)
