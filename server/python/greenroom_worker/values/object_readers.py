"""How the objects of a message are read, by their tags. Those with parts are generators: each asks
for its parts, is sent them, and returns the object."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator

from ..errors import GreenroomError, violation
from ..limits import MAX_PATTERN_UNITS
from ..units import is_within
from ..wire import NUMBER_FORMS, SMALL_TAG, Tag
from .byte_kinds import BYTES_KIND, kind_name
from .collections import Map, Set, another, set_of
from .later import Later
from .regexps import are_flags, is_source
from .types import Binary, Boxed, Date, ErrorValue, RegExp, gap
from .weights import NUMBERS_PER_UNIT

TYPE_CHECKING = False  # `typing` takes longer to load than most of this package
if TYPE_CHECKING:
    from .value_reader import ValueReader

Parts = Generator[None, object, object]


def _array(reader: ValueReader) -> Parts:
    items: list = []
    reader.known(items)
    for _ in range(reader.source.count_of(1)):
        if reader.source.skip_if(Tag.gap):
            reader.bear(1)
            items.append(gap)
        else:
            value = yield
            items.append(reader.placed(value, items, len(items)))
    return items


def _numbers(reader: ValueReader) -> object:
    form = reader.source.byte()
    if form >= len(NUMBER_FORMS):
        raise violation('numbers of a strange form')
    numbers = reader.source.numbers(NUMBER_FORMS[form])
    reader.bear(math.ceil(len(numbers) / NUMBERS_PER_UNIT))
    return reader.known(numbers)


def _object(reader: ValueReader) -> Parts:
    fields: dict = {}
    reader.known(fields)
    return _fields(reader, fields)


def _fields(reader: ValueReader, into: dict) -> Parts:
    for name in _shape(reader):
        value = yield
        into[name] = reader.placed(value, into, name)
    return into


def _shape(reader: ValueReader) -> list[str]:
    number = reader.source.count()
    if number > len(reader.shapes):
        raise violation('a shape that was not told')
    if number > 0:
        return reader.shapes[number - 1]
    length = reader.source.count_of(1)
    reader.bear(length)
    shape = [reader.source.text() for _ in range(length)]
    reader.shapes.append(shape)
    return shape


def _map(reader: ValueReader) -> Parts:
    entries = Map()
    reader.known(entries)
    for _ in range(reader.source.count_of(2)):
        index = len(reader.objects)
        key = _another(reader, (yield), entries, index)
        if type(key) is Later:
            reader.later.remove(key)
            no_key = GreenroomError('value.unserializable', 'a result as the key of a map')
            reader.failure = reader.failure or no_key
        value = yield
        entries[key] = reader.placed(value, entries, key)
    return entries


def _set(reader: ValueReader) -> Parts:
    items = Set()
    index = len(reader.objects)
    reader.known(items)
    told = []
    for _ in range(reader.source.count_of(1)):
        at = len(reader.objects)
        item = _another(reader, (yield), items, at)
        told.append(reader.placed(item, items, None))
        items.add(item)
    simple = set_of(told)
    if simple is None:
        return items
    reader.objects[index] = simple  # what is in it cannot have held it
    return simple


def _another(reader: ValueReader, item: object, holder: Map | Set, index: int) -> object:
    """`index` is that of the item in the message, unless it occurred before."""
    other = another(item, holder)
    if other is not item and index < len(reader.objects):
        reader.objects[index] = other
    return other


def _date(reader: ValueReader) -> object:
    return reader.known(Date(reader.source.float64()))


def _regexp(reader: ValueReader) -> object:
    source, flags = reader.source.text(), reader.source.text()
    if not is_within(source, MAX_PATTERN_UNITS):
        raise violation('a regular expression that is too long')
    if not is_source(source) or not are_flags(flags):
        raise violation('a regular expression that is none')
    return reader.known(RegExp(source, flags))


def _error(reader: ValueReader) -> Parts:
    name = reader.source.text()
    error = ErrorValue(name, {}, reader.source.boolean())
    reader.known(error)
    yield from _fields(reader, error.fields)
    cause = error.fields.get('cause')
    if isinstance(cause, BaseException):
        error.__cause__ = cause
    return error


def _bytes(reader: ValueReader) -> object:
    kind = reader.source.byte()
    return _binary(reader, kind, reader.source.raw(reader.source.count_of(1)))


def _segment(reader: ValueReader) -> object:
    kind = reader.source.byte()
    segment = reader.source.count()
    return _binary(reader, kind, reader.references.take(segment, reader.source.count()))


def _binary(reader: ValueReader, kind: int, data: bytes) -> object:
    if kind == BYTES_KIND:
        return reader.known(data)
    name = kind_name(kind, len(data))
    if name is None:
        raise violation('bytes of an unknown kind')
    return reader.known(Binary(name, data))


def _boxed(reader: ValueReader) -> Parts:
    tag = reader.source.next_byte
    if tag is None or not (tag >= SMALL_TAG or tag in _PRIMITIVES):
        raise violation('an object for what has none')
    boxed = Boxed(None)
    reader.known(boxed)
    boxed.value = yield
    return boxed


_PRIMITIVES = (
    Tag.false,
    Tag.true,
    Tag.int32,
    Tag.float64,
    Tag.integer,
    Tag.text,
    Tag.bigint,
)
"""What JavaScript has objects for; only the tag tells, since a result may be anything."""


OBJECT_READERS: dict[int, Callable[[ValueReader], object]] = {
    Tag.numbers: _numbers,
    Tag.date: _date,
    Tag.regexp: _regexp,
    Tag.bytes: _bytes,
    Tag.segment: _segment,
}

PARTS_READERS: dict[int, Callable[[ValueReader], Parts]] = {
    Tag.array: _array,
    Tag.object: _object,
    Tag.map: _map,
    Tag.set: _set,
    Tag.error: _error,
    Tag.boxed: _boxed,
}
