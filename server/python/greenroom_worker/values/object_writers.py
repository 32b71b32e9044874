"""How the objects of a message are written, by their classes: each writes how the object begins,
and answers with its parts, if it has any that are still to be written."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Iterator
from itertools import chain

from ..errors import unsendable
from ..limits import MAX_PATTERN_UNITS
from ..units import is_within
from ..wire import MAX_SAFE_INTEGER, NUMBER_FORMS, Tag
from .byte_kinds import BYTES_KIND, kind_number
from .collections import Map, Set
from .copies import error_of, fields_of
from .parts import Entries, Members, attribute_step, exception_step, item_step
from .types import Binary, Boxed, Date, RegExp, ms_of
from .weights import NUMBERS_PER_UNIT

TYPE_CHECKING = False  # `typing` takes longer to load than most of this package
if TYPE_CHECKING:
    from .value_writer import ValueWriter

_PACKED_FROM = 8


def _array(writer: ValueWriter, value: list | tuple) -> Iterator | None:
    # There is only one empty tuple: that two are the same says nothing.
    if writer.again(value, has_identity=value != ()):
        return None
    items = list(value)
    if len(items) >= _PACKED_FROM and _packed(writer, items):
        return None
    writer.tag(Tag.array)
    writer.out.count(len(items))
    return iter(items)


def _packed(writer: ValueWriter, items: list) -> bool:
    """Writes a list of numbers and nothing else; whole ones take as many bytes as the largest
    needs."""
    kinds = set(map(type, items))
    if not kinds <= {int, float}:
        return False
    whole = items if float not in kinds else [item for item in items if type(item) is int]
    least, most = min(whole, default=0), max(whole, default=0)
    if least < -MAX_SAFE_INTEGER or most > MAX_SAFE_INTEGER:
        return False
    letter = _letter_for(least, most) if whole is items else 'd'
    out = writer.out
    writer.tag(Tag.numbers)
    writer.bear(math.ceil(len(items) / NUMBERS_PER_UNIT))
    out.byte(NUMBER_FORMS.index(letter))
    out.count(len(items))
    out.numbers(items, letter)
    return True


def _letter_for(least: int, most: int) -> str:
    """Of the form that takes the fewest bytes."""
    if least >= 0 and most < 0x1_0000:
        return 'B' if most < 0x100 else 'H'
    if least >= -0x8000 and most < 0x8000:
        return 'b' if least >= -0x80 and most < 0x80 else 'h'
    return 'i' if least >= -0x8000_0000 and most < 0x8000_0000 else 'd'


def _dict(writer: ValueWriter, value: dict) -> Iterator | None:
    if not all(isinstance(key, str) for key in value):
        return _map(writer, value)
    if writer.again(value):
        return None
    writer.tag(Tag.object)
    return writer.fields(value, None if type(value) is dict else item_step)


def _map(writer: ValueWriter, value: dict | Map) -> Iterator | None:
    if writer.again(value):
        return None
    entries = list(value.items())
    writer.tag(Tag.map)
    writer.out.count(len(entries))
    return iter(Entries(chain.from_iterable(entries)))


def _set(writer: ValueWriter, value: set | frozenset | Set) -> Iterator | None:
    if writer.again(value):
        return None
    items = Members(value)
    writer.tag(Tag.set)
    writer.out.count(len(items))
    return iter(items)


def _date(writer: ValueWriter, value: Date | datetime.datetime) -> None:
    ms = value.ms if isinstance(value, Date) else _ms_of(value)
    if not writer.again(value):
        writer.tag(Tag.date)
        writer.out.float64(ms)


def _ms_of(moment: datetime.datetime) -> float:
    try:
        return ms_of(moment)
    except (ValueError, OverflowError):
        raise unsendable(f'{moment!r}, which is none in UTC') from None


def _regexp(writer: ValueWriter, value: RegExp) -> None:
    if not is_within(value.source, MAX_PATTERN_UNITS):
        raise unsendable(f'a regular expression of {len(value.source)} characters')
    if not writer.again(value):
        writer.tag(Tag.regexp)
        writer.out.text(value.source)
        writer.out.text(value.flags)


def _error(writer: ValueWriter, value: BaseException) -> Iterator | None:
    if writer.again(value):
        return None
    told = error_of(value)
    writer.tag(Tag.error)
    writer.out.text(told.remote_name)
    writer.out.byte(1 if told.is_aggregate else 0)
    return writer.fields(told.fields, exception_step)


def _bytes(writer: ValueWriter, value: bytes | bytearray | memoryview) -> None:
    # So short ones are the same everywhere in Python: that says nothing.
    has_identity = not isinstance(value, bytes) or len(value) > 1
    if not writer.again(value, has_identity):
        _binary(writer, BYTES_KIND, value)


def _other_binary(writer: ValueWriter, value: Binary) -> None:
    kind = kind_number(value.kind, len(value.data))
    if kind is None:
        raise unsendable(f'{len(value.data)} bytes as {value.kind}')
    if not writer.again(value):
        _binary(writer, kind, value.data)


def _binary(writer: ValueWriter, kind: int, data: bytes | bytearray | memoryview) -> None:
    flat = memoryview(data)
    flat = flat.cast('B') if flat.contiguous and flat.nbytes > 0 else memoryview(bytes(data))
    segment = writer.put(flat)
    writer.tag(Tag.bytes if segment is None else Tag.segment)
    writer.out.byte(kind)
    if segment is not None:
        writer.out.count(segment)
    writer.out.count(len(flat))
    if segment is None:
        writer.out.raw(flat)


def _boxed(writer: ValueWriter, value: Boxed) -> Iterator | None:
    if not isinstance(value.value, (bool, int, float, str)):
        raise unsendable(f'a Boxed {type(value.value).__name__}')
    if writer.again(value):
        return None
    writer.tag(Tag.boxed)
    return iter((value.value,))


def _live(writer: ValueWriter, value: object) -> Iterator | None:
    if writer.again(value):
        return None
    fields = fields_of(value)
    writer.tag(Tag.object)
    return writer.fields(fields, attribute_step)


Write = Callable[..., 'Iterator | None']

CONTAINER_WRITERS: dict[type, Write] = {
    list: _array,
    tuple: _array,
    dict: _dict,
    set: _set,
    frozenset: _set,
    Map: _map,
    Set: _set,
}

_WRITERS: tuple[tuple[type | tuple[type, ...], Write], ...] = (
    ((list, tuple), _array),
    (dict, _dict),
    (Map, _map),
    ((set, frozenset, Set), _set),
    ((bytes, bytearray, memoryview), _bytes),
    (Binary, _other_binary),
    ((Date, datetime.datetime), _date),
    (RegExp, _regexp),
    (BaseException, _error),
    (Boxed, _boxed),
)


def find_object_writer(value: object) -> Write:
    """What copies an object of this class."""
    for kinds, write in _WRITERS:
        if isinstance(value, kinds):
            return write
    return _live
