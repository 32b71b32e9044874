"""Objects of the worker that the host may use."""

from __future__ import annotations

import threading

from .errors import GreenroomError, violation
from .limits import MAX_REFERENCES

ROOT = 0
"""The number of the root, which is never released."""


class _Exported:
    __slots__ = ('value', 'times')

    def __init__(self, value: object) -> None:
        self.value = value
        self.times = 0
        """How often it was sent; the host releases it as often."""


class Exports:
    """The same object has the same number as long as the host uses it."""

    def __init__(self, root: object, lock: threading.RLock) -> None:
        self._by_number = {ROOT: _Exported(root)}
        self._numbers: dict[int, int] = {}
        """By the object's identity, which nothing else can get while the object is held here."""
        self._next_number = 1
        self._lock = lock

    @property
    def size(self) -> int:
        """How many there are, the root not counted."""
        return len(self._numbers)

    def add(self, value: object) -> int:
        """The number under which the object is sent once more."""
        with self._lock:
            number = self._numbers.get(id(value))
            if number is None:
                if self.size >= MAX_REFERENCES:
                    raise GreenroomError('queue.full', f'{self.size} objects are kept already')
                number = self._next_number
                self._next_number += 1
                self._numbers[id(value)] = number
                self._by_number[number] = _Exported(value)
            self._by_number[number].times += 1
            return number

    def get(self, number: int) -> object:
        """Raises `reference.released`, or `protocol.violation` for a number that was never sent."""
        exported = self._by_number.get(number)
        if exported is not None:
            return exported.value
        if number >= self._next_number:
            raise violation(f'object {number} is not known here')
        raise GreenroomError('reference.released', f'object {number} has been released')

    def release(self, number: int, times: int) -> object:
        """Answers with the object, so that its end can come where the caller wants it."""
        with self._lock:
            exported = self._by_number.get(number)
            if exported is None or number == ROOT or times > exported.times:
                raise violation(f'object {number} cannot be released')
            exported.times -= times
            if exported.times == 0:
                del self._by_number[number]
                del self._numbers[id(exported.value)]
            return exported.value
