"""The serving half of a connection."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial

from .answers import Answers, now_ms, tell
from .batch_run import BatchRun
from .errors import GreenroomError, violation
from .incoming_call import IncomingCall
from .interrupts import Interrupts, Outcome
from .kept_results import RUNNING, FailedDependency, KeptResults
from .message_writer import Sender
from .performing import perform
from .ready_calls import ReadyCalls
from .room_for_calls import has_room_for
from .told_errors import to_wire
from .wire import Op


class Serving:
    """Calls come on the thread that reads, and run on the main thread, in the order they came, as
    soon as what they depend on is there. Every call is answered exactly once: by whoever takes it
    out of the table of those under way."""

    def __init__(
        self,
        sender: Sender,
        kept: KeptResults,
        interrupts: Interrupts,
        lock: threading.RLock,
        on_main: Callable[[Callable[[], None] | None], None],
        wake: Callable[[], None],
        let_read: Callable[[], None],
        asked: Callable[[], int],
    ) -> None:
        self._sender = sender
        self._answers = Answers(sender)
        self._kept = kept
        self._interrupts = interrupts
        self._lock = lock
        self._on_main = on_main
        """Wakes the main thread, to do something perhaps."""
        self._wake = wake
        """Wakes all that wait: there is a call to run, or room for one more of this side."""
        self._let_read = let_read
        self._asked = asked
        """How many calls of this side are not answered: the host may need as many more to end
        them."""
        self._under_way: dict[int, IncomingCall] = {}
        self._held_bytes = 0
        """Of the messages of those."""
        self._ready = ReadyCalls()
        self.came = 0
        """How many calls have come so far."""

    @property
    def size(self) -> int:
        """Calls that have come and are not answered."""
        return len(self._under_way)

    @property
    def has_ready(self) -> bool:
        """Whether a call could run."""
        return len(self._ready) > 0

    def accept(self, call: IncomingCall) -> None:
        if call.id in self._under_way:
            raise violation(f'call {call.id} is under way already')
        if call.kept is None and call.id in self._kept:
            raise violation(f'the result of call {call.id} is kept already')
        if not has_room_for(call.size_bytes, self.size, self._held_bytes, self._asked()):
            raise violation('too many calls at once, or calls with too many bytes')
        self.came += 1
        call.order = self.came
        call.received_ms = now_ms()
        self._under_way[call.id] = call
        self._held_bytes += call.size_bytes
        if call.needs:
            go_on = partial(self._filled, call)
            call.stop_waiting = self._kept.fill(call.needs, go_on)
        else:
            self._ready.add(call)
        self._wake()

    def cancel(self, number: int) -> None:
        """A cancellation of a call that has been answered already is late, not wrong."""
        call = self._under_way.get(number)
        if call is None:
            return
        if not call.is_traced:
            raise violation(f'call {number} is not one that can be cancelled')
        if call.signal is not None:
            call.signal.abort()
        if call.started_ms is None:
            never_ran = GreenroomError('call.cancelled', 'the call was cancelled before it started')
            call.stop_waiting()
            self._ready.discard(call)
            self._failed(call, to_wire(never_ran))
        elif self._interrupts.request(call):
            self._sender.numbers(Op.cancelling, number)
            self._on_main(None)
        else:
            below = GreenroomError('call.cancelled', 'the call was cancelled while another one ran')
            self._failed(call, to_wire(below))
        self._sender.outbox.send_soon()

    def pull(self, number: int) -> None:
        """The host asks for a result that is kept for it, once."""
        kept = self._kept.get(number)
        if kept.is_asked_for:
            raise violation(f'the result of call {number} was asked for already')
        with self._lock:
            kept.is_asked_for = True
            is_there = kept.state != RUNNING
        if is_there:
            self._on_main(lambda: self._answers.kept(kept))

    def next(self, came_after: int) -> IncomingCall | None:
        """The next call that can run, if it is none of the first so many that came."""
        with self._lock:
            return self._ready.take(came_after)

    def run(self, call: IncomingCall) -> None:
        if call.is_traced:
            self._let_read()
        with self._lock:
            if self._under_way.get(call.id) is not call:
                return  # cancelled before its turn
            if self._interrupts.is_due:
                return self._ready.add(call)  # the one below has been given up, and goes on first
            call.started_ms = now_ms()
            if call.is_traced:
                self._answers.started(call)
            if call.refusal is None:
                self._interrupts.begin(call)
        if call.is_traced:
            self._sender.outbox.flush_all()
        if call.refusal is not None:
            return self._failed(call, tell(call.refusal))
        outcome = self._interrupts.run(lambda: perform(call))
        if outcome.told is not None:
            self._failed(call, outcome.told)
        else:
            self._succeeded(call, outcome)

    def _filled(self, call: IncomingCall, failure: FailedDependency | None) -> None:
        call.refusal = call.refusal or failure
        self._ready.add(call)
        self._wake()

    def _take(self, call: IncomingCall) -> bool:
        """Whether the call was still to be answered; from now on it is not."""
        with self._lock:
            if self._under_way.get(call.id) is not call:
                return False
            del self._under_way[call.id]
            self._held_bytes -= call.size_bytes
            return True

    def _succeeded(self, call: IncomingCall, outcome: Outcome) -> None:
        if not self._take(call):
            return
        value = outcome.value
        if call.is_wanted:
            refused = self._answers.try_result(call.id, value, call.passing, call)
            if refused is not None:
                self._answers.error(call.id, refused, call)
                return self._end_kept(call, failure=refused)
        else:
            self._answers.done(call)
        if type(value) is BatchRun:
            self._end_kept(call, value.outcome, value, value.failure)
        else:
            self._end_kept(call, value, value)

    def _failed(self, call: IncomingCall, told: dict) -> None:
        if self._take(call):
            self._answers.error(call.id, told, call)
            self._end_kept(call, failure=told)

    def _end_kept(
        self,
        call: IncomingCall,
        value: object = None,
        answer: object = None,
        failure: dict | None = None,
    ) -> None:
        kept = call.kept
        if kept is None:
            return
        with self._lock:
            if failure is None:
                kept.succeed(value, answer)
            else:
                kept.fail(failure, answer)
            is_asked_for = kept.is_asked_for
        if is_asked_for:
            self._on_main(partial(self._answers.kept, kept))
