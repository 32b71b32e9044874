"""Parses frames into messages, and gives each to the part of the connection that it concerns."""

from __future__ import annotations

import math

from .byte_reader import ByteReader
from .errors import GreenroomError, violation
from .incoming_call import IncomingCall
from .limits import MAX_AHEAD_BYTES, MAX_NAME_UNITS, MAX_PATH_NAMES
from .pieces import SENT_AHEAD, HeldPieces
from .signals import CancelSignal
from .told_errors import parse_wire_error
from .units import is_within
from .values.later import Later
from .values.value_reader import References, ValueReader
from .values.weights import BATCH_ITEM
from .wire import Flag, Op

_BOTH_WAYS = Flag.by_value | Flag.by_reference

TYPE_CHECKING = False  # `typing` takes longer to load than most of this package
if TYPE_CHECKING:
    from .inbox import Inbox


class MessageReader(References):
    """Raises `protocol.violation`; nothing behind it needs to check again."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._current: IncomingCall | None = None
        self._pieces = HeldPieces()
        self._beside_bytes = 0
        """Bytes of the message that is being read which are not in it."""

    def read(self, frame: bytes) -> None:
        """Reads all messages of a frame, in order."""
        source = ByteReader(frame)
        while source.left > 0:
            if source.skip_if(Op.piece):
                self._pieces.add(source.raw(source.count_of(1)))
            else:
                self._beside_bytes = 0
                self._message(source, ValueReader(source, self))
                self._pieces.assert_taken()

    def theirs(self, number: int, is_function: bool) -> object:
        if number == 0:
            raise violation('an object without a number')
        return self._inbox.imports.receive(number, is_function)

    def ours(self, number: int) -> object:
        return self._inbox.exports.get(number)

    def result(self, call: int) -> object:
        return self._inbox.kept.result(call)

    def signal(self) -> object:
        call = self._current
        if call is None or not call.is_traced:
            raise violation('a signal of no call that could be cancelled')
        call.signal = call.signal or CancelSignal()
        return call.signal

    def take(self, segment: int, length: int) -> bytes:
        self._beside_bytes += length
        if self._beside_bytes > MAX_AHEAD_BYTES:
            raise violation('a message has too many bytes')
        if segment == SENT_AHEAD:
            return self._pieces.take(length)
        return self._inbox.take(segment, length)

    def _message(self, source: ByteReader, values: ValueReader) -> None:
        inbox = self._inbox
        begin = source.left
        op = source.byte()
        if op in (Op.call, Op.batch, Op.get, Op.set):
            call = self._call(op, source, values)
            call.size_bytes = begin - source.left + self._beside_bytes
            inbox.call(call)
        elif op == Op.result:
            number = source.count()
            inbox.result(number, values.read(), values)
        elif op == Op.error:
            number = source.count()
            if source.boolean():
                self._times(source, 3)
            inbox.error(number, parse_wire_error(values.read()))
        elif op in (Op.pull, Op.cancel, Op.cancelling, Op.done, Op.drop, Op.free_segment):
            inbox.number(op, source.count())
        elif op == Op.release:
            inbox.release(source.count(), source.count())
        elif op == Op.welcome:
            inbox.welcome(values.read())
        elif op == Op.bye:
            inbox.bye()
        elif op == Op.started:
            number = source.count()
            self._times(source, 2)
            raise violation(f'call {number} is not one whose start is told')
        elif op in (Op.timed_result, Op.timed_done):
            raise violation(f'call {source.count()} is not one whose times are told')
        elif op == Op.hello:
            raise violation('a greeting came, which this side does not expect')
        else:
            raise violation(f'a message of the unknown kind {op}')

    def _call(self, op: int, source: ByteReader, values: ValueReader) -> IncomingCall:
        flags = source.byte()
        if flags & (Flag.want | Flag.keep) == 0:
            raise violation('a call for nothing')
        if flags & Flag.synchronous:
            raise violation('a call that is waited for came by the channel of those that are not')
        if flags & _BOTH_WAYS == _BOTH_WAYS:
            raise violation('a result by value and by reference')
        if flags & Flag.construct and op != Op.call:
            raise violation('only calls construct')
        number = source.count()
        if number == 0:
            raise violation('a call without an id')
        call = self._current = IncomingCall(op, flags, number)
        self._read_target(call, source.count())
        call.path = self._path(source)
        if op == Op.set and not call.path:
            raise violation('nothing is to be set')
        self._read_args(call, source, values)
        self._current = None
        call.needs += values.later
        call.refusal = call.refusal or values.failure
        if flags & Flag.keep:
            call.kept = self._inbox.kept.keep(call.id, call.name, call.passing)
        return call

    def _read_target(self, call: IncomingCall, word: int) -> None:
        number = word >> 1
        try:
            target = self.result(number) if word & 1 else self.ours(number)
        except GreenroomError as error:
            if error.code == 'protocol.violation':
                raise
            call.refusal = error
            return
        call.target.append(target)
        if type(target) is Later:
            target.owner = call.target
            target.key = 0
            call.needs.append(target)

    def _read_args(self, call: IncomingCall, source: ByteReader, values: ValueReader) -> None:
        if call.op == Op.batch:
            call.runs_all = source.boolean()
            items = source.count_of(1)
            values.bear(items * BATCH_ITEM)
            for _ in range(items):
                call.items.append(self._args(source, values))
        elif call.op == Op.call:
            call.args = self._args(source, values)
        elif call.op == Op.set:
            values.read_into(call.args)

    def _args(self, source: ByteReader, values: ValueReader) -> list:
        args: list = []
        for _ in range(source.count_of(1)):
            values.read_into(args)
        return args

    def _path(self, source: ByteReader) -> list[str]:
        length = source.count_of(1)
        if length > MAX_PATH_NAMES:
            raise violation('a path is too long')
        path = []
        for _ in range(length):
            name = source.text()
            if not is_within(name, MAX_NAME_UNITS):
                raise violation('a name is too long')
            path.append(name)
        return path

    def _times(self, source: ByteReader, count: int) -> None:
        for _ in range(count):
            if not math.isfinite(source.float64()):
                raise violation('a time is not a number')
