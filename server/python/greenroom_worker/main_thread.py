"""What the main thread does: calls of the host, one after the other, and small things between
them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from queue import SimpleQueue

from .interrupts import Interrupts

TYPE_CHECKING = False  # `typing` takes longer to load than most of this package
if TYPE_CHECKING:
    from .serving import Serving

_DEEP = 32
"""So many calls deep, those that came before the one which waits are left for later: a thousand
calls that each call back shall not lie on top of each other."""


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

    def wait_until(self, is_over: Callable[[], bool]) -> None:
        """Tools wait here. The main thread serves the host meanwhile; other threads only wait. Ends
        early for a call that has been given up, whose tool is told when it goes on."""
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
        came_after = self.serving.readied if self._interrupts.depth >= _DEEP else 0
        self._serve_until(lambda: is_over() or self._interrupts.is_due, came_after)

    def _serve_until(self, is_over: Callable[[], bool], came_after: int) -> None:
        while not is_over():
            while not self._jobs.empty():
                _do(self._jobs.get())
            call = self.serving.next(came_after)
            if call is not None:
                self.serving.run(call)
                call = None  # what it held ends here
                if self._jobs.empty():
                    self._flush()
                else:
                    self._send_soon()
            else:
                self._flush()
                if not is_over():
                    _do(self._jobs.get())


def _do(job: Callable[[], object] | None) -> None:
    if job is not None:
        job()
