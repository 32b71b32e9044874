"""Values of the wire that Python has no class for."""

from __future__ import annotations

import datetime as _datetime

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class _Nothing:
    """One of the two things that are nothing, beside `None`."""

    __slots__ = ('_name',)

    def __init__(self, name: str) -> None:
        self._name = name

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return self._name

    def __reduce__(self) -> str:
        return self._name


undefined = _Nothing('undefined')
"""What JavaScript has where there is no value; `None` is its `null`."""

gap = _Nothing('gap')
"""Stands in a list where a JavaScript array has nothing at all."""


class BigInt(int):
    """A whole number that was a bigint and goes back as one."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f'BigInt({int(self)})'


class _Plain:
    """Equal when all its parts are."""

    __slots__: tuple[str, ...] = ()

    def _parts(self) -> tuple:
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other: Any) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash((type(self), self._parts()))

    def __repr__(self) -> str:
        return f'{type(self).__name__}({", ".join(map(repr, self._parts()))})'


class Date(_Plain):
    """A moment in milliseconds since 1970, or none, which is not a number."""

    __slots__ = ('ms',)

    def __init__(self, ms: float) -> None:
        self.ms = ms

    @property
    def datetime(self) -> _datetime.datetime | None:
        """The same in UTC; None for no moment, and for one before or after those that Python
        knows."""
        try:
            return _EPOCH + _datetime.timedelta(milliseconds=self.ms)
        except (ValueError, OverflowError):
            return None


_EPOCH = _datetime.datetime(1970, 1, 1, tzinfo=_datetime.timezone.utc)


def ms_of(moment: _datetime.datetime) -> float:
    """A moment without a zone is one of this machine's zone, as everywhere in Python."""
    return (moment.astimezone(_datetime.timezone.utc) - _EPOCH) / _datetime.timedelta(
        milliseconds=1
    )


class RegExp(_Plain):
    """A regular expression of JavaScript, whose language is not quite that of `re`."""

    __slots__ = ('source', 'flags')

    def __init__(self, source: str, flags: str = '') -> None:
        self.source = source
        self.flags = flags


class Binary(_Plain):
    """Binary data of another kind than `Uint8Array`, which is `bytes`: its bytes as in memory."""

    __slots__ = ('kind', 'data')

    def __init__(self, kind: str, data: bytes) -> None:
        self.kind = kind
        self.data = data


class Boxed(_Plain):
    """JavaScript's object for a number, a text, a boolean or a bigint."""

    __slots__ = ('value',)

    def __init__(self, value: object) -> None:
        self.value = value


class ErrorValue(Exception):
    """An error as a value, as the host has it; it may be raised."""

    def __init__(self, name: str, fields: dict, is_aggregate: bool = False) -> None:
        super().__init__()
        self.remote_name = name
        self.fields = fields
        """`message` and, where there is one, `stack`, `cause`, `errors` and `own`."""
        self.is_aggregate = is_aggregate

    @property
    def code(self) -> object:
        own = self.fields.get('own')
        return own.get('code') if isinstance(own, dict) else None

    def __str__(self) -> str:
        return str(self.fields.get('message', ''))

    def __repr__(self) -> str:
        return f'ErrorValue({self.remote_name}: {self})'
