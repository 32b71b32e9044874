"""Writes values into a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..byte_writer import ByteWriter
from ..errors import GreenroomError, Unsendable, unsendable
from ..limits import MAX_BIGINT_BYTES, MAX_DEPTH, MAX_WEIGHT
from ..wire import MAX_SAFE_INTEGER, SMALL_MAX, SMALL_MIN, SMALL_ZERO, Tag
from .object_writers import CONTAINER_WRITERS, find_object_writer
from .parts import Fields, steps_to_current
from .policy import VALUE, Marked, Policy
from .types import BigInt, gap, undefined
from .weights import WEIGHTS

_LIST_PARTS: type = type(iter([]))
"""Only the parts of a list are iterated as a list: among them, and nowhere else, a gap may
stand."""


class ValueWriter:
    """Writes the values of one message: cycles and identity are kept. What lives goes by reference.
    Objects in objects are no calls in calls: however deep a value is, the stack is not."""

    def __init__(
        self,
        out: ByteWriter,
        policy: Policy,
        passing: str | None,
        write_reference: Callable[[object], None],
        put: Callable[[memoryview], int | None],
    ) -> None:
        self.out = out
        self.put = put
        """Puts bytes into shared memory, if there is room and they are worth it."""
        self._policy = policy
        self._passing = passing
        self._is_natural = passing is None and policy.is_natural
        self._write_reference = write_reference
        self._begun: list[Iterator] = []
        self._depth = 0
        """Of what the first of those iterates."""
        self._seen: dict[int, tuple[int, object]] = {}
        self._count = 0
        self._weight = 0
        self._shapes: dict[tuple[str, ...], int] = {}

    @property
    def weight(self) -> int:
        """Of the message so far."""
        return self._weight

    def write(self, value: object, depth: int = 0) -> None:
        """Writes a value that lies so deep in others. Raises `value.unserializable` for what can
        neither be copied nor referred to, and `frame.tooLarge` for more than the other side
        accepts."""
        enclosing, depth_of_enclosing = self._begun, self._depth
        begun = self._begun = [iter((value,))]
        self._depth = depth
        try:
            while begun:
                for part in begun[-1]:
                    parts = self._begin(part)
                    if parts is not None:
                        begun.append(parts)
                        break
                else:
                    begun.pop()
        except Unsendable as error:
            error.inside(steps_to_current(begun))
            raise
        self._begun, self._depth = enclosing, depth_of_enclosing
        self.bear(0)

    def write_instead(self, value: object) -> None:
        """Writes a value in the place of the one that is being referred to."""
        self.write(value, self._depth_here)

    @property
    def _depth_here(self) -> int:
        return self._depth + len(self._begun) - 1

    def _begin(self, value: object) -> Iterator | None:
        """Writes a value; of an object only how it begins, and answers with its parts."""
        self._weight += 1
        kind = type(value)
        write = _SIMPLE.get(kind)
        if write is not None:
            return write(self, value)
        if self._is_natural and kind in CONTAINER_WRITERS:
            return CONTAINER_WRITERS[kind](self, value)
        if isinstance(value, Marked):
            passing, value = value.passing, value.value
            if type(value) in _SIMPLE:
                return self._begin(value)
        else:
            for base in _SIMPLE_BASES:
                if isinstance(value, base):
                    return _SIMPLE[base](self, value)
            passing = self._policy.decide(value, self._passing)
        if passing == VALUE:
            return find_object_writer(value)(self, value)
        self.bear(WEIGHTS[Tag.mine])  # what it refers to is not known here
        return self._write_reference(value)

    def again(self, value: object, has_identity: bool = True) -> bool:
        """Writes where in this message an object has occurred, if it has; gives it a number if
        not."""
        if self._depth_here > MAX_DEPTH:
            raise unsendable(f'a value that is nested too deeply: in more than {MAX_DEPTH} others')
        self.out.assert_room()
        found = self._seen.get(id(value)) if has_identity else None
        if found is not None:
            self.out.byte(Tag.same)
            self.out.count(found[0])
            return True
        if has_identity:
            self._seen[id(value)] = (self._count, value)  # held, so that no other gets its id
        self._count += 1
        return False

    def tag(self, tag: int) -> None:
        """Begins an object."""
        self.out.byte(tag)
        self.bear(WEIGHTS[tag])

    def bear(self, weight: int) -> None:
        self._weight += weight
        if self._weight > MAX_WEIGHT:
            raise GreenroomError(
                'frame.tooLarge', 'a message has too many values; send it in parts'
            )

    def fields(self, fields: dict, step_to: Callable[[str], str] | None = None) -> Iterator:
        """Writes the shape of an object, and answers with its values. `step_to` says where in it
        the value of that name stands; where it is itself that dict, nobody has to."""
        items = list(fields.items())
        names = tuple([name for name, _ in items])
        shape = self._shapes.get(names)
        if shape is None:
            self._shapes[names] = len(self._shapes) + 1
            self.out.byte(0)
            self.out.count(len(names))
            self.bear(len(names))
            for name in names:
                self.out.text(name)
        else:
            self.out.count(shape)
        values = [value for _, value in items]
        return iter(tuple(values) if step_to is None else Fields(values, names, step_to))

    def integer(self, value: int) -> None:
        out = self.out
        if SMALL_MIN <= value <= SMALL_MAX:
            out.byte(value + SMALL_ZERO)
        elif -0x80000000 <= value <= 0x7FFFFFFF:
            out.byte(Tag.int32)
            out.int32(value)
        elif -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
            out.byte(Tag.integer)
            out.float64(value)
        else:
            self.bigint(value)

    def bigint(self, value: int) -> None:
        if value.bit_length() > 8 * MAX_BIGINT_BYTES:
            raise unsendable(f'an int of {value.bit_length()} bits')
        magnitude = abs(value).to_bytes(max(1, (value.bit_length() + 7) // 8), 'little')
        self.out.byte(Tag.bigint)
        self.out.byte(1 if value < 0 else 0)
        self.out.count(len(magnitude))
        self.out.raw(magnitude)

    def floating(self, value: float) -> None:
        self.out.byte(Tag.float64)
        self.out.float64(value)

    def text(self, value: str) -> None:
        self.out.byte(Tag.text)
        self.out.text(value)

    def gap(self, _value: object) -> None:
        if type(self._begun[-1]) is not _LIST_PARTS:
            raise unsendable('a gap that is in no list')
        self.out.byte(Tag.gap)


_SIMPLE: dict[type, Callable[..., None]] = {
    type(None): lambda writer, _: writer.out.byte(Tag.null),
    bool: lambda writer, value: writer.out.byte(Tag.true if value else Tag.false),
    int: ValueWriter.integer,
    float: ValueWriter.floating,
    str: ValueWriter.text,
    BigInt: ValueWriter.bigint,
    type(undefined): lambda writer, value: (
        writer.gap(value) if value is gap else writer.out.byte(Tag.undefined)
    ),
}
"""How values are written that are no objects to JavaScript."""

_SIMPLE_BASES = (str, BigInt, int, float)
