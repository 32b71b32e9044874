"""The kinds of binary data."""

from __future__ import annotations

_KINDS = (
    ('ArrayBuffer', 1),
    ('Int8Array', 1),
    ('Uint8Array', 1),
    ('Uint8ClampedArray', 1),
    ('Int16Array', 2),
    ('Uint16Array', 2),
    ('Int32Array', 4),
    ('Uint32Array', 4),
    ('Float32Array', 4),
    ('Float64Array', 8),
    ('BigInt64Array', 8),
    ('BigUint64Array', 8),
    ('DataView', 1),
    ('Float16Array', 2),
)
_NUMBERS = {name: number for number, (name, _) in enumerate(_KINDS)}

BYTES_KIND = _NUMBERS['Uint8Array']


def kind_number(name: str, length: int) -> int | None:
    """None for a kind that there is not, or that so many bytes do not fit."""
    number = _NUMBERS.get(name)
    return number if number is not None and length % _KINDS[number][1] == 0 else None


def kind_name(number: int, length: int) -> str | None:
    """None for a kind that there is not, or that so many bytes do not fit."""
    if number >= len(_KINDS):
        return None
    name, unit = _KINDS[number]
    return name if length % unit == 0 else None
