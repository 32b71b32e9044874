"""The asking half of a connection."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable

from .batches import unpack_batch
from .errors import Cancelled, GreenroomError, RemoteError, anew, released
from .imports import Imports, RemoteObject
from .kept_results import FailedDependency, KeptResults
from .limits import MAX_REFERENCES
from .message_writer import Message, Sender, write_call_head
from .outgoing_call import OutgoingCall, not_under_way
from .room_for_calls import has_room_for
from .values.value_reader import ValueReader
from .wire import Flag, Op

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class WaitUntil(Protocol):
        def __call__(self, is_over: Callable[[], bool], came_before: int | None = None) -> None: ...


Path = tuple


class Asking:
    """Tools call the host from any thread; answers come on the thread that reads. Every call ends
    exactly once."""

    def __init__(
        self,
        sender: Sender,
        kept: KeptResults,
        imports: Imports,
        lock: threading.RLock,
        wait_until: WaitUntil,
        wake: Callable[[], None],
        served: Callable[[], int],
        came: Callable[[], int],
        on_unseen: Callable[[str, BaseException | None], None],
    ) -> None:
        self._sender = sender
        self._kept = kept
        self._imports = imports
        self._lock = lock
        self._wait_until = wait_until
        """Serves the host meanwhile, which may be what the answer waits for."""
        self._wake = wake
        self._served = served
        self._came = came
        """How many calls of the host have come."""
        self._on_unseen = on_unseen
        self._ids = itertools.count(1)
        self._pending: dict[int, OutgoingCall] = {}
        self._held_bytes = 0
        """Of the messages of calls that are not answered."""
        self._keeping: set[int] = set()
        self._unseen: set[OutgoingCall] = set()
        """Calls that have failed, of which somebody may still be told."""

    @property
    def size(self) -> int:
        """Calls that are not answered."""
        return len(self._pending)

    @property
    def keeping(self) -> int:
        """Results that the host keeps."""
        return len(self._keeping)

    def send(
        self,
        op: int,
        target: object,
        path: Path,
        write: Callable[[Message], None],
        flags: int,
        batch: tuple[int, bool] | None = None,
    ) -> OutgoingCall:
        """`batch` is how many items there are, and whether all are run. Waits while the host has much
        to read. Raises `Cancelled` when the tool's own call was given up before there was room."""
        name = path[-1] if path else 'the function'
        call = OutgoingCall(next(self._ids), name, is_kept=flags & Flag.keep != 0)
        if batch is not None:
            call.batch_items, call.settles = batch
        if self._sender.outbox.is_full:
            self._sender.outbox.flush_all()
        with self._sender.message() as message:
            write_call_head(message.out, op, flags, call.id, message.target(target), path)
            write(message)
            self._wait_until(lambda: self._has_been_sent(call, message))
            if not call.is_sent:
                raise Cancelled
        return call

    def wait(self, call: OutgoingCall) -> object:
        """The result. Raises what the host raised."""
        call.is_seen = True
        self._wait_until(lambda: call.is_settled, call.came_before)
        if call.failure is None:
            return call.value
        raise anew(call.failure)

    def pull(self, call: OutgoingCall) -> None:
        """Asks for a result that the host keeps, as soon as there is room: it may be as much work
        as the call was."""
        self._wait_until(lambda: self._has_been_pulled(call))

    def drop(self, call: OutgoingCall) -> None:
        """Nobody needs the result any more."""
        with self._lock:
            if not call.give_back():
                return
            self._keeping.discard(call.id)
            self._sender.numbers(Op.drop, call.id)
            if call in self._unseen:
                self._report(call)
        self._sender.outbox.send_soon()

    def release(self, remote: RemoteObject) -> None:
        if self._imports.remove(remote):
            self.tell_release(remote)

    def tell_release(self, remote: RemoteObject) -> None:
        self._sender.numbers(Op.release, remote.number, remote.times)
        self._sender.outbox.send_soon()

    def answered(self, number: int, value: object, values: ValueReader) -> None:
        call = self._expect(number)
        call.answered()
        self._make_room(call)
        if values.failure is not None:
            told = getattr(values.failure, 'told', None)
            call.fail(RemoteError(told) if told else values.failure)
        elif values.later:
            self._kept.fill(values.later, lambda failure: self._filled(call, value, failure))
            return self._wake()
        else:
            self._settle(call, value)
        self._wake()

    def failed(self, number: int, told: dict) -> None:
        call = self._expect(number)
        call.failed()
        self._make_room(call)
        call.fail(RemoteError(told))
        if call.is_kept and call.has_failed_unseen:
            self._unseen.add(call)
            if call.is_dropped:
                self._report(call)
        self._wake()

    def tell_unseen(self) -> None:
        """Nobody will ask for any result any more, or use one."""
        with self._lock:
            for call in [*self._unseen]:
                self._report(call)

    def done(self, number: int) -> None:
        call = self._expect(number)
        call.done()
        self._make_room(call)
        self._wake()

    def _filled(self, call: OutgoingCall, value: object, failure: FailedDependency | None) -> None:
        """Results of calls of the host, which it has answered with, have come."""
        if failure is None:
            self._settle(call, value)
        else:
            call.fail(RemoteError(failure.told))
        self._wake()

    def _settle(self, call: OutgoingCall, value: object) -> None:
        if call.batch_items is None:
            return call.succeed(value)
        try:
            call.succeed(unpack_batch(value, call.batch_items, call.settles))
        except GreenroomError as error:
            call.fail(error)

    def _report(self, call: OutgoingCall) -> None:
        """Nobody can ask for the result any more, or use it."""
        self._unseen.remove(call)
        if call.has_failed_unseen:
            self._on_unseen(call.name, call.failure)

    def _has_been_sent(self, call: OutgoingCall, message: Message) -> bool:
        """Sends the call once there is room. Nobody else can take that in between, and no call that
        is served and makes room can be answered before."""
        with self._lock:
            if call.is_sent:
                return True
            if len(self._keeping) >= MAX_REFERENCES:
                raise GreenroomError(
                    'queue.full', f'{len(self._keeping)} results are kept already'
                )
            if not self._has_room_for(message.size_bytes, len(self._pending)):
                return False
            message.send()
            call.is_sent = True
            call.came_before = self._came()
            self._pending[call.id] = call
            call.size_bytes = message.size_bytes
            self._held_bytes += call.size_bytes
            if call.is_kept:
                self._keeping.add(call.id)
            return True

    def _has_been_pulled(self, call: OutgoingCall) -> bool:
        with self._lock:
            if call.is_settled or call.is_pulled:
                return True
            if call.is_dropped:
                raise released()
            # One that is under way does no more when its pull comes, known here or not.
            others = len(self._pending) - (call.id in self._pending)
            if not self._has_room_for(0, others):
                return False
            call.is_pulled = call.is_pull_due = True
            self._pending[call.id] = call
            self._sender.numbers(Op.pull, call.id)
            return True

    def _has_room_for(self, size_bytes: int, calls: int) -> bool:
        return has_room_for(size_bytes, calls, self._held_bytes, self._served())

    def _expect(self, number: int) -> OutgoingCall:
        call = self._pending.get(number)
        if call is None:
            raise not_under_way(number)
        return call

    def _make_room(self, call: OutgoingCall) -> None:
        """An answer has come, which may not be the last."""
        self._held_bytes -= call.size_bytes
        call.size_bytes = 0
        if call.is_over:
            self._pending.pop(call.id, None)
