"""What the main thread does: calls of the host, one after the other, and small things between
them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from time import monotonic

from .interrupts import Interrupts
from .stack import has_stack

TYPE_CHECKING = False  # `typing` takes longer to load than most of this package
if TYPE_CHECKING:
    from .incoming_call import IncomingCall
    from .outbox import Outbox
    from .serving import Serving

_DEEP = 32
"""So many calls deep, those that came before what is waited for was sent are left for later: a
thousand calls that each call back shall not lie on top of each other."""

_PATIENCE_S = 0.05
"""After so long, one of those may be what the host waits for."""

_STACK_FRAMES = 300
"""That one is run if so many are left: a tool needs some too."""

_JOBS_AT_ONCE = 64
"""So many small things are done before there is a look for a call: threads of a tool may cause more
of them all the time."""


class MainThread:
    serving: Serving

    def __init__(
        self,
        interrupts: Interrupts,
        outbox: Outbox,
        lock: threading.RLock,
    ) -> None:
        self._interrupts = interrupts
        self._outbox = outbox
        # May be put into from anywhere, also where something is collected as garbage.
        self._jobs: SimpleQueue = SimpleQueue()
        # Whoever wakes them may hold the lock, and so what they wait for may need it.
        self._others = threading.Condition(lock)
        """Where other threads wait."""
        self._waiting_others = 0
        self._is_falling_asleep = False

    def do(self, job: Callable[[], object] | None) -> None:
        """Has the main thread do something small, or with None only look whether there is a
        call."""
        self._jobs.put(job)

    def wake(self) -> None:
        """What somebody waits for may have come."""
        self._jobs.put(None)
        if self._waiting_others > 0:
            with self._others:
                self._others.notify_all()

    def serve(self) -> None:
        """For ever."""
        self._serve_until(lambda: False, self._next)

    def wait_until(self, is_over: Callable[[], bool], came_before: int | None = None) -> None:
        """Tools wait here. The main thread serves the host meanwhile; other threads only wait. Ends
        early for a call that has been given up, whose tool is told when it goes on. `came_before`
        is how many calls had come when what is waited for was sent; now, if absent."""
        if is_over():
            return
        if not self._interrupts.is_main():
            self._outbox.flush()
            with self._others:
                self._waiting_others += 1
                try:
                    self._others.wait_for(is_over)
                finally:
                    self._waiting_others -= 1
            return
        next_call = self._next
        if self._interrupts.depth >= _DEEP:
            came = self.serving.came
            sent = came if came_before is None else came_before
            next_call = partial(self._next_when_deep, came, sent)
        was_falling_asleep = self._is_falling_asleep
        self._is_falling_asleep = False
        try:
            self._serve_until(lambda: is_over() or self._interrupts.is_due, next_call)
        finally:
            if was_falling_asleep:
                # A tool's signal handler waited here, and may have taken what was to wake the other.
                self._is_falling_asleep = True
                self._jobs.put(None)

    def _next(self, _is_patient: bool) -> IncomingCall | None:
        return self.serving.next(0)

    def _next_when_deep(self, came: int, sent: int, is_patient: bool) -> IncomingCall | None:
        """What has come since the wait began may well be for this one, and if it is too deep, it
        fails. What had come by then must find room on the stack, or nothing else to be done; but
        now and then, where there is room, it is looked at first: for one of them all may wait."""
        if not is_patient and has_stack(_STACK_FRAMES):
            return self.serving.next(0)
        call = self.serving.next(came)
        if call is None and (not is_patient or has_stack(_STACK_FRAMES)):
            return self.serving.next(sent)
        return call

    def _serve_until(
        self, is_over: Callable[[], bool], next_call: Callable[[bool], IncomingCall | None]
    ) -> None:
        patient_until = monotonic() + _PATIENCE_S
        while not is_over():
            for _ in range(_JOBS_AT_ONCE):
                try:  # what was there may have been done by one that waited
                    job = self._jobs.get_nowait()
                except Empty:
                    break
                _do(job)
            is_patient = monotonic() < patient_until
            if not is_patient:
                patient_until = monotonic() + _PATIENCE_S
            call = next_call(is_patient)
            if call is not None:
                self.serving.run(call)
                call = None  # what it held ends here
                if self._jobs.empty() or self._outbox.is_crowded:
                    self._outbox.flush()
                else:
                    self._outbox.send_soon()
            else:
                self._outbox.flush()
                self._sleep_until(is_over, patient_until)

    def _sleep_until(self, is_over: Callable[[], bool], patient_until: float) -> None:
        """Or until there is something to do, or what could run already may be run."""
        job = None
        self._is_falling_asleep = True
        try:
            if not is_over():
                most_s = max(0, patient_until - monotonic()) if self.serving.has_ready else None
                job = self._jobs.get(timeout=most_s)
        except Empty:
            pass  # its time has come
        finally:
            self._is_falling_asleep = False
        _do(job)


def _do(job: Callable[[], object] | None) -> None:
    if job is not None:
        job()
