"""The kinds of binary data."""

from __future__ import annotations

import struct

from .types import BigInt

_KINDS = (
    ('ArrayBuffer', 1, None),
    ('Int8Array', 1, 'b'),
    ('Uint8Array', 1, 'B'),
    ('Uint8ClampedArray', 1, 'B'),
    ('Int16Array', 2, 'h'),
    ('Uint16Array', 2, 'H'),
    ('Int32Array', 4, 'i'),
    ('Uint32Array', 4, 'I'),
    ('Float32Array', 4, 'f'),
    ('Float64Array', 8, 'd'),
    ('BigInt64Array', 8, 'q'),
    ('BigUint64Array', 8, 'Q'),
    ('DataView', 1, None),
    ('Float16Array', 2, 'e'),
)
"""Their names, how many bytes an element has, and how it is read where they have elements."""

_NUMBERS = {name: number for number, (name, _, _) in enumerate(_KINDS)}

BYTES_KIND = _NUMBERS['Uint8Array']


def kind_number(name: str, length: int) -> int | None:
    """None for a kind that there is not, or that so many bytes do not fit."""
    number = _NUMBERS.get(name)
    return number if number is not None and length % _KINDS[number][1] == 0 else None


def kind_name(number: int, length: int) -> str | None:
    """None for a kind that there is not, or that so many bytes do not fit."""
    if number >= len(_KINDS):
        return None
    name, unit, _ = _KINDS[number]
    return name if length % unit == 0 else None


def elements_of(kind: str, length: int) -> int | None:
    """How many there are in so many bytes; None for a kind that has none, or that there is not."""
    number = _NUMBERS.get(kind)
    if number is None or _KINDS[number][2] is None:
        return None
    return length // _KINDS[number][1]


def element_at(kind: str, data: bytes | bytearray, index: int) -> object:
    """Of a kind that has elements, one that is there."""
    _, unit, form = _KINDS[_NUMBERS[kind]]
    (value,) = struct.unpack_from(f'={form}', data, index * unit)
    return BigInt(value) if unit == 8 and form != 'd' else value
