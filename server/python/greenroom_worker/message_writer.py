"""Writes messages whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import CoroutineType, TracebackType

from .byte_writer import ByteWriter
from .errors import GreenroomError, Unsendable, released, unsendable
from .exports import Exports
from .handles import handle_of
from .imports import RemoteObject
from .limits import (
    MAX_AHEAD_BYTES,
    MAX_FRAME_BYTES,
    MAX_NAME_UNITS,
    MAX_PATH_NAMES,
    MAX_WEIGHT,
    SEGMENT_FROM_BYTES,
)
from .outbox import Outbox
from .outgoing_call import OutgoingCall
from .pieces import SENT_AHEAD, belong_ahead, pieces_of
from .segments import Segments
from .signals import CancelSignal
from .units import is_within
from .values.policy import Policy
from .values.value_writer import ValueWriter
from .wire import Tag


class Sender:
    """What messages need of their connection."""

    def __init__(
        self,
        outbox: Outbox,
        exports: Exports,
        segments: Segments,
        policy: Policy,
        lock: threading.RLock,
        drop: Callable[[OutgoingCall], None],
    ) -> None:
        self.outbox = outbox
        self.exports = exports
        self.segments = segments
        self.policy = policy
        self._lock = lock
        self._drop = drop

    def message(self, passing: str | None = None) -> Message:
        return Message(self, passing)

    def numbers(self, op: int, *numbers: int) -> None:
        """Sends a message that is nothing but its kind and some numbers."""
        out = ByteWriter()
        out.byte(op)
        for number in numbers:
            out.count(number)
        self.outbox.add(out.buffer)

    def use(self, call: OutgoingCall) -> int | None:
        with self._lock:
            return call.use()

    def let_go(self, call: OutgoingCall, is_sent: bool) -> None:
        with self._lock:
            if call.let_go(is_sent):
                self._drop(call)


class Message:
    """A message under construction, sent at the end of a `with` if not before; what one that failed
    has taken is given back. `passing` is what its call says of the objects in it."""

    __slots__ = (
        'out',
        'values',
        '_sender',
        '_exported',
        '_segments',
        '_used',
        '_ahead',
        '_large_bytes',
        'beside_bytes',
        '_is_sent',
    )

    def __init__(self, sender: Sender, passing: str | None) -> None:
        self._sender = sender
        self._exported: list[int] = []
        self._segments: list[int] = []
        self._used: list[OutgoingCall] = []
        """Calls whose results must be kept until this has been sent."""
        self._ahead: list[bytearray] = []
        self._large_bytes = 0
        """Of the large binary values in it, whatever road they take."""
        self.beside_bytes = 0
        """Of those that take another road than the message."""
        self._is_sent = False
        self.out = ByteWriter()
        self.values = ValueWriter(
            self.out, sender.policy, passing, self._write_reference, self._put
        )

    def __enter__(self) -> Message:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        # It refers to this, and has seen every value: together they would stay until Python looks for
        # such rings, which it hardly does for a few large values.
        del self.values
        try:
            if kind is None and not self._is_sent:
                self.send()
        finally:
            if not self._is_sent:
                self._undo()
            for call in self._used:
                self._sender.let_go(call, self._is_sent)

    @property
    def size_bytes(self) -> int:
        """From its kind to its end, with the large binary values beside it."""
        return len(self.out.buffer) + self.beside_bytes

    @property
    def share(self) -> float:
        """How much of all that a message may hold is in it: from 0 on, 1 when it is full."""
        return max(
            len(self.out.buffer) / MAX_FRAME_BYTES,
            self.beside_bytes / MAX_AHEAD_BYTES,
            self.values.weight / MAX_WEIGHT,
        )

    def send(self) -> None:
        """Raises `frame.tooLarge`, or `queue.full`."""
        self.out.assert_room()
        self._sender.outbox.add(self.out.buffer, self._ahead)
        self._is_sent = True

    def target(self, target: object) -> int:
        """How the target of a call is told: results of calls are odd, objects of the host even."""
        if isinstance(target, RemoteObject):
            if target.is_released:
                raise released()
            return target.number * 2
        assert isinstance(target, OutgoingCall)
        number = self._use(target)
        if number is not None:
            return number * 2 + 1
        brought = handle_of(target.value)
        if isinstance(brought, RemoteObject):
            return self.target(brought)
        raise GreenroomError('call.unknownMethod', f"'{target.name}' brought a copy")

    def _use(self, call: OutgoingCall) -> int | None:
        number = self._sender.use(call)
        if number is not None:
            self._used.append(call)
        return number

    def _undo(self) -> None:
        for number in self._exported:
            self._sender.exports.release(number, 1)
        for segment in self._segments:
            self._sender.segments.free(segment)

    def _put(self, data: memoryview) -> int | None:
        """Large bytes go by shared memory, or else ahead of the message if they would make it
        long."""
        if len(data) >= SEGMENT_FROM_BYTES:
            self._count(len(data))
        segment = self._sender.segments.put(data)
        if segment is not None:
            self._segments.append(segment)
        elif belong_ahead(len(data), len(self.out.buffer)):
            self._ahead += pieces_of(data)
            segment = SENT_AHEAD
        if segment is not None:
            self.beside_bytes += len(data)
        return segment

    def _count(self, large_bytes: int) -> None:
        self._large_bytes += large_bytes
        if self._large_bytes > MAX_AHEAD_BYTES:
            raise GreenroomError(
                'frame.tooLarge',
                f'a message has {self._large_bytes} bytes in large binary values, '
                f'more than the limit of {MAX_AHEAD_BYTES}',
            )

    def _write_reference(self, value: object) -> None:
        out = self.out
        handle = handle_of(value)
        if isinstance(handle, RemoteObject):
            if handle.is_released:
                raise released(Unsendable)
            out.byte(Tag.yours)
            out.count(handle.number)
        elif isinstance(handle, OutgoingCall):
            number = self._use(handle)
            if number is None:
                return self.values.write_instead(handle.value)
            out.byte(Tag.result)
            out.count(number)
        elif handle is not None:
            raise unsendable('a member of a remote object; get it first')
        elif isinstance(value, CancelSignal):
            raise unsendable('a signal')
        elif isinstance(value, CoroutineType):
            raise unsendable('a coroutine; await it first')
        else:
            number = self._sender.exports.add(value)
            self._exported.append(number)
            out.byte(Tag.mine)
            out.count(number * 2 + (1 if callable(value) else 0))


def write_call_head(
    out: ByteWriter, op: int, flags: int, call: int, target: int, path: tuple[str, ...]
) -> None:
    """Writes what every call begins with."""
    if len(path) > MAX_PATH_NAMES:
        raise GreenroomError('call.unknownMethod', f'a path has {MAX_PATH_NAMES} names at most')
    out.byte(op)
    out.byte(flags)
    out.count(call)
    out.count(target)
    out.count(len(path))
    for name in path:
        if not is_within(name, MAX_NAME_UNITS):
            raise GreenroomError('call.unknownMethod', f'a name of {len(name)} characters is none')
        out.text(name)
