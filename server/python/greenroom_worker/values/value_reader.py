"""Reads values from a message."""

from __future__ import annotations

import math
from collections.abc import Callable

from ..byte_reader import ByteReader
from ..errors import GreenroomError, violation
from ..limits import MAX_BIGINT_BYTES, MAX_DEPTH, MAX_WEIGHT
from ..wire import MAX_SAFE_INTEGER, SMALL_TAG, SMALL_ZERO, Tag
from .later import Later
from .object_readers import OBJECT_READERS, PARTS_READERS, Parts
from .types import BigInt, undefined
from .weights import WEIGHTS


class References:
    """Gives what the references in a message stand for."""

    def theirs(self, number: int, is_function: bool) -> object:
        """A stand-in for an object of the other side."""
        raise NotImplementedError

    def ours(self, number: int) -> object:
        """The object of ours that comes home. Raises `reference.released` when it is ours no
        more."""
        raise NotImplementedError

    def result(self, call: int) -> object:
        """What a call of the other side has brought, or a `Later`. Raises what the call told."""
        raise NotImplementedError

    def signal(self) -> object:
        """The signal of the call that is being read."""
        raise NotImplementedError

    def take(self, segment: int, length: int) -> bytes:
        """A copy of what the other side has put into shared memory."""
        raise NotImplementedError


class ValueReader:
    """Reads what one message holds. Raises `protocol.violation` for what no writer would have
    written. Objects in objects are no calls in calls: however deep a value is, the stack is not."""

    def __init__(self, source: ByteReader, references: References) -> None:
        self.source = source
        self.references = references
        self.objects: list[object] = []
        self.shapes: list[list[str]] = []
        self.later: list[Later] = []
        """Results in this message that are not there yet."""
        self.failure: BaseException | None = None
        """Why the message cannot be used although it is well-formed: a reference leads nowhere."""
        self._weight = 0

    def read(self) -> object:
        begun: list[Parts] = []
        value = self._next(begun)
        while begun:
            try:
                begun[-1].send(value)
            except StopIteration as end:
                begun.pop()
                value = end.value
            else:
                value = self._next(begun)
        return value

    def read_into(self, owner: list) -> None:
        """Reads a value to the end of a list, which is its place should it come only later."""
        owner.append(self.placed(self.read(), owner, len(owner)))

    def placed(self, value: object, owner: object, key: object) -> object:
        if type(value) is Later:
            value.owner = owner
            value.key = key
        return value

    def _next(self, begun: list[Parts]) -> object:
        """A value; or None and one more that is begun, which reads it. By their types the two could
        not be told apart: a value may be a generator of a tool."""
        tag = self.source.byte()
        self.bear(_COSTS[tag])
        if tag >= SMALL_TAG:
            return tag - SMALL_ZERO
        read = _READERS.get(tag)
        if read is not None:
            return read(self)
        begin = PARTS_READERS.get(tag)
        if begin is None:
            raise violation(f'a value of the unknown kind {tag}')
        if len(begun) > MAX_DEPTH:
            raise violation('a value is nested too deeply')
        begun.append(begin(self))
        return None

    def bear(self, weight: int) -> None:
        self._weight += weight
        if self._weight > MAX_WEIGHT:
            raise violation('a message has too many values')

    def known(self, value: object) -> object:
        self.objects.append(value)
        return value

    def _integer(self) -> int:
        value = self.source.float64()
        is_zero_below = value == 0 and math.copysign(1, value) < 0
        is_within = -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER  # not a number is not
        if is_zero_below or not is_within or not value.is_integer():
            raise violation('a whole number that is none')
        return int(value)

    def _bigint(self) -> BigInt:
        is_negative = self.source.boolean()
        length = self.source.count_of(1)
        if length > MAX_BIGINT_BYTES:
            raise violation('a whole number that is too large')
        magnitude = int.from_bytes(self.source.raw(length), 'little')
        return BigInt(-magnitude if is_negative else magnitude)

    def _same(self) -> object:
        index = self.source.count()
        if index >= len(self.objects):
            raise violation('an object that did not occur')
        return self.objects[index]

    def _theirs(self) -> object:
        word = self.source.count()
        return self.references.theirs(word >> 1, word & 1 == 1)

    def _ours(self) -> object:
        number = self.source.count()
        return self._usable(lambda: self.references.ours(number))

    def _result(self) -> object:
        call = self.source.count()
        value = self._usable(lambda: self.references.result(call))
        if type(value) is Later:
            self.later.append(value)
        return value

    def _usable(self, find: Callable[[], object]) -> object:
        """The message is still read to its end; only one that none would have written is not."""
        try:
            return find()
        except GreenroomError as error:
            if error.code == 'protocol.violation':
                raise
            self.failure = self.failure or error
            return undefined


_COSTS = [1 + WEIGHTS.get(tag, 0) for tag in range(256)]
"""What a value weighs, by its tag."""

_READERS: dict[int, Callable[[ValueReader], object]] = {
    Tag.undefined: lambda reader: undefined,
    Tag.null: lambda reader: None,
    Tag.false: lambda reader: False,
    Tag.true: lambda reader: True,
    Tag.int32: lambda reader: reader.source.int32(),
    Tag.float64: lambda reader: reader.source.float64(),
    Tag.integer: ValueReader._integer,
    Tag.text: lambda reader: reader.source.text(),
    Tag.bigint: ValueReader._bigint,
    Tag.same: ValueReader._same,
    Tag.mine: ValueReader._theirs,
    Tag.yours: ValueReader._ours,
    Tag.result: ValueReader._result,
    Tag.signal: lambda reader: reader.references.signal(),
    **OBJECT_READERS,
}
