"""Large bytes beside the messages: files in a folder of shared memory, written and read by
position."""

from __future__ import annotations

import os
import stat
import threading

from .errors import GreenroomError, violation
from .limits import (
    MAX_FREE_SEGMENT_BYTES,
    MAX_OPEN_SEGMENTS,
    MAX_SEGMENT_BYTES,
    SEGMENT_FROM_BYTES,
)


_MEBIBYTE = 1024 * 1024


class _Segment:
    __slots__ = ('number', 'descriptor', 'capacity', 'is_free')

    def __init__(self, number: int, descriptor: int, capacity: int) -> None:
        self.number = number
        self.descriptor = descriptor
        self.capacity = capacity
        self.is_free = False


class Segments:
    """The worker writes its own files and reads those of the host. One whose bytes have been taken
    is written again."""

    def __init__(self) -> None:
        self._folder: str | None = None
        self._own: dict[int, _Segment] = {}
        self._others: dict[int, int] = {}
        """Descriptors of the host's segments."""
        self._own_bytes = 0
        self._free_bytes = 0
        self._next_number = 1
        self._lock = threading.Lock()

    def open(self, folder: str) -> None:
        """From now on large bytes go by this folder."""
        self._folder = folder

    def put(self, data: memoryview) -> int | None:
        """The number of the segment; None when the bytes are few or there is no room."""
        if self._folder is None or len(data) < SEGMENT_FROM_BYTES:
            return None
        with self._lock:
            segment = self._find_free(len(data)) or self._create(len(data))
            if segment is None:
                return None
            if segment.is_free:
                self._free_bytes -= segment.capacity
            segment.is_free = False
            try:
                _write_all(segment.descriptor, data)
            except OSError:  # the memory is full; there is the other road
                self._remove(segment)
                return None
            return segment.number

    def take(self, number: int, length: int) -> bytes:
        """A copy of what the host has put. Raises `protocol.violation` when it is not there."""
        if self._folder is None:
            raise violation('there is no shared memory here')
        if length > MAX_SEGMENT_BYTES:
            raise violation('a segment is too large')
        descriptor = self._others.get(number)
        if descriptor is None:
            descriptor = self._open_other(number)
        data = _read_all(descriptor, length)
        if len(data) != length:
            raise violation(f'segment {number} has {len(data)} bytes, not {length}')
        return data

    def free(self, number: int) -> None:
        """The host has taken what was put: the segment may be used again."""
        with self._lock:
            segment = self._own.get(number)
            if segment is None or segment.is_free:
                raise violation(f'segment {number} is not in use')
            segment.is_free = True
            self._free_bytes += segment.capacity
            if self._free_bytes > MAX_FREE_SEGMENT_BYTES:
                self._remove(segment)

    def _find_free(self, length: int) -> _Segment | None:
        fitting = [one for one in self._own.values() if one.is_free and one.capacity >= length]
        return min(fitting, key=lambda one: one.capacity) if fitting else None

    def _create(self, length: int) -> _Segment | None:
        capacity = _capacity_for(length)
        self._make_room(capacity)
        if self._own_bytes + capacity > MAX_SEGMENT_BYTES:
            return None
        number = self._next_number
        self._next_number += 1
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
            descriptor = os.open(self._file('w', number), flags, 0o600)
        except OSError:  # no more descriptors, or the folder has gone: there is the other road
            return None
        segment = self._own[number] = _Segment(number, descriptor, capacity)
        self._own_bytes += capacity
        return segment

    def _make_room(self, capacity: int) -> None:
        """What is kept to be used again gives way."""
        if self._own_bytes - self._free_bytes + capacity > MAX_SEGMENT_BYTES:
            return  # that would not do
        for segment in list(self._own.values()):
            if self._own_bytes + capacity <= MAX_SEGMENT_BYTES:
                break
            if segment.is_free:
                self._remove(segment)

    def _remove(self, segment: _Segment) -> None:
        del self._own[segment.number]
        self._own_bytes -= segment.capacity
        if segment.is_free:
            self._free_bytes -= segment.capacity
        try:
            _empty_and_close(segment.descriptor)
        except OSError:  # a tool has closed the descriptor
            pass
        try:
            os.unlink(self._file('w', segment.number))
        except OSError:  # the folder has gone
            pass

    def _open_other(self, number: int) -> int:
        """The host's side of the folder is not trusted either: a file, of the same user, and no
        link."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            descriptor = os.open(self._file('h', number), flags)
        except OSError:
            raise violation(f'segment {number} is not there') from None
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.getuid() or status.st_nlink > 1:
            os.close(descriptor)
            raise violation(f'segment {number} is no file of this user')
        if len(self._others) >= MAX_OPEN_SEGMENTS:
            # Numbers of segments only grow: the oldest is the likeliest to have been removed.
            os.close(self._others.pop(next(iter(self._others))))
        self._others[number] = descriptor
        return descriptor

    def _file(self, side: str, number: int) -> str:
        if self._folder is None:
            raise GreenroomError('protocol.violation', 'there is no shared memory here')
        return os.path.join(self._folder, f'{side}{number}')


def _capacity_for(length: int) -> int:
    """Sizes that others have too, so that a segment serves again."""
    if length > _MEBIBYTE:
        return -(-length // _MEBIBYTE) * _MEBIBYTE
    return 1 << (length - 1).bit_length()


def _empty_and_close(descriptor: int) -> None:
    """The host may have the file open; its memory is given back all the same."""
    try:
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def _write_all(descriptor: int, data: memoryview) -> None:
    at = 0
    while at < len(data):
        at += os.pwrite(descriptor, data[at:], at)


def _read_all(descriptor: int, length: int) -> bytes:
    first = os.pread(descriptor, length, 0)
    if len(first) in (0, length):
        return first
    parts = [first]
    at = len(first)
    while at < length:
        part = os.pread(descriptor, length - at, at)
        if not part:
            break
        parts.append(part)
        at += len(part)
    return b''.join(parts)
