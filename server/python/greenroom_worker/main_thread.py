"""What the main thread does: calls of the host, one after the other, and small things between
them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import Empty, SimpleQueue

from .interrupts import Interrupts
from .stack import has_stack

TYPE_CHECKING = False  # `typing` takes longer to load than most of this package
if TYPE_CHECKING:
    from .incoming_call import IncomingCall
    from .serving import Serving

_DEEP = 32
"""So many calls deep, those of the host that came before what is waited for was sent are left for
later: a thousand calls that each call back shall not lie on top of each other."""

_QUIET_S = 0.1
"""After so long without anything else, one of those may be what the host waits for."""

_STACK_FRAMES = 300
"""That one is run if so many are left: a tool needs some too."""


class MainThread:
    serving: Serving

    def __init__(
        self,
        interrupts: Interrupts,
        flush: Callable[[], None],
        send_soon: Callable[[], None],
        lock: threading.RLock,
    ) -> None:
        self._interrupts = interrupts
        self._flush = flush
        self._send_soon = send_soon
        # May be put into from anywhere, also where something is collected as garbage.
        self._jobs: SimpleQueue = SimpleQueue()
        # Whoever wakes them may hold the lock, and so what they wait for may need it.
        self._others = threading.Condition(lock)
        """Where other threads wait."""
        self._waiting_others = 0

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
        self._serve_until(lambda: False, came_after=0)

    def wait_until(self, is_over: Callable[[], bool], came_before: int | None = None) -> None:
        """Tools wait here. The main thread serves the host meanwhile; other threads only wait. Ends
        early for a call that has been given up, whose tool is told when it goes on. `came_before`
        is how many calls had come when what is waited for was sent; now, if absent."""
        if is_over():
            return
        if not self._interrupts.is_main():
            self._flush()
            with self._others:
                self._waiting_others += 1
                try:
                    self._others.wait_for(is_over)
                finally:
                    self._waiting_others -= 1
            return
        came_after = self.serving.came if came_before is None else came_before
        is_deep = self._interrupts.depth >= _DEEP
        self._serve_until(
            lambda: is_over() or self._interrupts.is_due, came_after if is_deep else 0
        )

    def _serve_until(self, is_over: Callable[[], bool], came_after: int) -> None:
        while not is_over():
            while not self._jobs.empty():
                _do(self._jobs.get())
            call = self.serving.next(came_after) or self._sleep(is_over, came_after)
            if call is not None:
                self.serving.run(call)
                call = None  # what it held ends here
                if self._jobs.empty():
                    self._flush()
                else:
                    self._send_soon()

    def _sleep(self, is_over: Callable[[], bool], came_after: int) -> IncomingCall | None:
        """Until there is something to do. Answers with one of the calls that came before, if nothing
        else comes."""
        self._flush()
        if is_over():
            return None
        may_be_older = came_after > 0 and self.serving.has_ready
        try:
            _do(self._jobs.get(timeout=_QUIET_S if may_be_older else None))
        except Empty:
            if has_stack(_STACK_FRAMES):
                return self.serving.next(0)
        return None


def _do(job: Callable[[], object] | None) -> None:
    if job is not None:
        job()
