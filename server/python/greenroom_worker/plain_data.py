"""Data that every language has: what is told of an exception beside its texts."""

from __future__ import annotations

from .limits import ERROR_NAME_LENGTH
from .units import clip, is_within, units_of
from .values.types import BigInt, undefined
from .wire import MAX_SAFE_INTEGER

_MAX_DEPTH = 8
_MAX_PARTS = 100
_MAX_TEXT = 4_000
_MAX_OWN = 32

_NOT_OWN = frozenset(
    'name message stack cause code failedCall __proto__ remoteName remoteCode remoteStack'.split()
)


class _NotPlainError(Exception):
    """Something is no plain data, or too much of it."""


def own_properties(fields: dict) -> dict:
    """The first properties that are plain data, and not too large."""
    own: dict = {}
    for name, value in fields.items():
        if len(own) == _MAX_OWN:
            break
        if not isinstance(name, str) or name in _NOT_OWN or not is_within(name, ERROR_NAME_LENGTH):
            continue
        try:
            own[name] = _Copy().of(clip(value, _MAX_TEXT) if isinstance(value, str) else value)
        except _NotPlainError:
            continue
    return own


class _Copy:
    """Copies one piece of plain data. Raises `_NotPlainError` for anything else."""

    def __init__(self) -> None:
        self._parts = _MAX_PARTS
        self._text = _MAX_TEXT

    def of(self, value: object, depth: int = _MAX_DEPTH) -> object:
        self._parts -= 1
        if self._parts < 0:
            raise _NotPlainError
        if value is None or isinstance(value, (bool, float)):
            return value
        if isinstance(value, str):
            return self._measured(value)
        if isinstance(value, int):
            if isinstance(value, BigInt) or abs(value) > MAX_SAFE_INTEGER:
                raise _NotPlainError
            return int(value)
        if depth == 0:
            raise _NotPlainError
        if type(value) is list or type(value) is tuple:
            return [self.of(item, depth - 1) for item in value]
        if type(value) is dict:
            return self._record(value, depth - 1)
        raise _NotPlainError

    def _record(self, record: dict, depth: int) -> dict:
        copy: dict = {}
        if len(record) > self._parts:
            raise _NotPlainError
        for name, value in record.items():
            if not isinstance(name, str):
                raise _NotPlainError
            if value is undefined:
                continue
            if name == '__proto__':
                raise _NotPlainError
            copy[self._measured(name)] = self.of(value, depth)
        return copy

    def _measured(self, text: str) -> str:
        if not is_within(text, self._text):
            raise _NotPlainError
        self._text -= units_of(text)
        return text
