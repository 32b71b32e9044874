"""Reads a frame from front to back."""

from __future__ import annotations

import math
import struct

from .errors import violation
from .wire import MAX_SAFE_INTEGER, UTF8_LONG, UTF16

_int32 = struct.Struct('<i')
_uint32 = struct.Struct('<I')
_float64 = struct.Struct('<d')
_LONGEST_COUNT = 8


class ByteReader:
    """Everything it hands out is bounded by the bytes there are. Raises `protocol.violation`."""

    __slots__ = ('_frame', '_at', '_end')

    def __init__(self, frame: bytes) -> None:
        self._frame = frame
        self._at = 0
        self._end = len(frame)

    @property
    def left(self) -> int:
        return self._end - self._at

    def byte(self) -> int:
        at = self._skip(1)
        return self._frame[at]

    def boolean(self) -> bool:
        """A byte that says yes or no."""
        value = self.byte()
        if value > 1:
            raise violation('neither yes nor no')
        return value == 1

    @property
    def next_byte(self) -> int | None:
        """The byte that is read next; None at the end of the frame."""
        return None if self._at == self._end else self._frame[self._at]

    def skip_if(self, byte: int) -> bool:
        """Takes the next byte if it is this one."""
        if self._at == self._end or self._frame[self._at] != byte:
            return False
        self._at += 1
        return True

    def count(self) -> int:
        value = self.byte()
        if value < 0x80:
            return value
        value &= 0x7F
        for place in range(1, _LONGEST_COUNT):
            group = self.byte()
            value |= (group & 0x7F) << (7 * place)
            if group < 0x80:
                break
        else:
            raise violation('a number does not end')
        if value > MAX_SAFE_INTEGER:
            raise violation('a number is too large')
        return value

    def count_of(self, bytes_each: int) -> int:
        """A number of things that follow, each of them at least so long."""
        value = self.count()
        if value * bytes_each > self.left:
            raise _truncated()
        return value

    def int32(self) -> int:
        return _int32.unpack_from(self._frame, self._skip(4))[0]

    def float64(self) -> float:
        return _float64.unpack_from(self._frame, self._skip(8))[0]

    def text(self) -> str:
        form = self.byte()
        if form == UTF16:
            units = _uint32.unpack_from(self._frame, self._skip(4))[0]
            return self.raw(units * 2).decode('utf-16-le', 'surrogatepass')
        length = form
        if form == UTF8_LONG:
            length = _uint32.unpack_from(self._frame, self._skip(4))[0]
        try:
            return self.raw(length).decode()
        except UnicodeDecodeError:
            raise violation('a text is not UTF-8') from None

    def numbers(self, letter: str) -> list[int | float]:
        bytes_each = struct.calcsize(letter)
        count = self.count_of(bytes_each)
        at = self._skip(count * bytes_each)
        values = struct.unpack_from(f'<{count}{letter}', self._frame, at)
        return list(values) if letter != 'd' else [_number(value) for value in values]

    def raw(self, length: int) -> bytes:
        at = self._skip(length)
        return self._frame[at : at + length]

    def _skip(self, length: int) -> int:
        at = self._at
        if length > self._end - at:
            raise _truncated()
        self._at = at + length
        return at


def _number(value: float) -> int | float:
    """What it would be if it had come alone: in a list of JavaScript's they all come as floats."""
    is_whole = value.is_integer() and -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER
    return int(value) if is_whole and (value or math.copysign(1, value) > 0) else value


def _truncated() -> Exception:
    return violation('a frame ends too early')
