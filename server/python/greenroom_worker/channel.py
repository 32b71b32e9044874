"""The worker's end of the socket to the host: frames, and nothing about what they hold."""

from __future__ import annotations

import os
import select
import time
from collections.abc import Callable

from .errors import violation
from .limits import MAX_FRAME_BYTES

_LENGTH_BYTES = 4
_CHUNK_BYTES = 256 * 1024
_PRIVATE_FROM = 100
_LONGEST_WAIT_S = 0.05
_LOOK_EVERY_S = 0.00005
_CAN_LOOK = os.name == 'posix'
"""Elsewhere nobody can say whether a pipe has something to read."""


def adopt(number: int) -> int:
    """Takes a descriptor out of the reach of tools: to a high number, so that a tool which closes
    all it does not know, or opens a file in its place, does not meet it, and into no other
    program."""
    try:
        import fcntl

        private = fcntl.fcntl(number, fcntl.F_DUPFD_CLOEXEC, _PRIVATE_FROM)
    except (ImportError, ValueError, OSError):  # not on this system, or not so high a number
        private = os.dup(number)
    os.close(number)
    os.set_blocking(private, True)
    return private


class Channel:
    """Reads frames on a thread of its own."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._rest = bytearray()
        self._chunks_read = 0
        self._is_reading = False

    def read_frames(self, on_frame: Callable[[bytes], None]) -> None:
        """Hands out every frame until the host closes the channel. Raises `protocol.violation` for
        one that is too large, and `EOFError` when the end comes in the middle of one."""
        while True:
            if _CAN_LOOK:
                select.select([self.descriptor], [], [])
            self._is_reading = True
            chunk = os.read(self.descriptor, _CHUNK_BYTES)
            if not chunk:
                break
            self._rest += chunk
            self._cut(on_frame)
            self._chunks_read += 1
            self._is_reading = False
        if self._rest:
            raise EOFError(f'the pipe closed {len(self._rest)} bytes into a frame')

    def let_read(self) -> None:
        """What has arrived so far, a cancellation perhaps, is read before this returns."""
        before = self._chunks_read
        until = time.monotonic() + _LONGEST_WAIT_S
        while self._chunks_read == before and self._has_input() and time.monotonic() < until:
            time.sleep(_LOOK_EVERY_S)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        left = memoryview(data)
        while left:
            left = left[os.write(self.descriptor, left) :]

    def _has_input(self) -> bool:
        if self._is_reading:
            return True
        return _CAN_LOOK and bool(select.select([self.descriptor], [], [], 0)[0])

    def _cut(self, on_frame: Callable[[bytes], None]) -> None:
        rest = self._rest
        at = 0
        while len(rest) - at >= _LENGTH_BYTES:
            begin = at + _LENGTH_BYTES
            length = int.from_bytes(rest[at:begin], 'little')
            if length > MAX_FRAME_BYTES:
                raise violation(
                    f'a frame of {length} bytes was announced; the limit is {MAX_FRAME_BYTES}'
                )
            if begin + length > len(rest):
                break
            on_frame(bytes(memoryview(rest)[begin : begin + length]))
            at = begin + length
        if at > 0:
            del rest[:at]
