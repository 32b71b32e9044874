"""Bytes of a message under construction."""

from __future__ import annotations

import struct

from .errors import GreenroomError
from .limits import MAX_FRAME_BYTES
from .wire import UTF8_LONG, UTF16

_int32 = struct.Struct('<i')
_uint32 = struct.Struct('<I')
_float64 = struct.Struct('<d')


class ByteWriter:
    """Appends primitives to `buffer`."""

    __slots__ = ('buffer',)

    def __init__(self) -> None:
        self.buffer = bytearray()

    def byte(self, value: int) -> None:
        self.buffer.append(value)

    def count(self, value: int) -> None:
        while value >= 0x80:
            self.buffer.append(value & 0x7F | 0x80)
            value >>= 7
        self.buffer.append(value)

    def int32(self, value: int) -> None:
        self.buffer += _int32.pack(value)

    def float64(self, value: float) -> None:
        self.buffer += _float64.pack(value)

    def text(self, text: str) -> None:
        self.assert_room(len(text))
        try:
            encoded = text.encode()
        except UnicodeEncodeError:  # half a surrogate pair
            return self._utf16(text)
        if len(encoded) < UTF16:
            self.buffer.append(len(encoded))
        else:
            self.buffer.append(UTF8_LONG)
            self.buffer += _uint32.pack(len(encoded))
        self.raw(encoded)

    def numbers(self, numbers: list[int] | list[float], letter: str) -> None:
        form = f'<{len(numbers)}{letter}'
        self.assert_room(struct.calcsize(form))
        self.raw(struct.pack(form, *numbers))

    def raw(self, data: bytes | memoryview) -> None:
        self.assert_room(len(data))
        self.buffer += data

    def assert_room(self, more: int = 0) -> None:
        """Raises `frame.tooLarge` before memory is spent on what can never be sent."""
        size = len(self.buffer) + more
        if size > MAX_FRAME_BYTES:
            raise GreenroomError(
                'frame.tooLarge',
                f'a message could become {size} bytes long, more than the limit of {MAX_FRAME_BYTES}; '
                'large binary values do not count',
            )

    def _utf16(self, text: str) -> None:
        encoded = text.encode('utf-16-le', 'surrogatepass')
        self.buffer.append(UTF16)
        self.buffer += _uint32.pack(len(encoded) // 2)
        self.raw(encoded)
