"""Where code of tools runs, and how a call that runs is told that it has been given up."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from types import FrameType, TracebackType

from .errors import Cancelled, GreenroomError
from .incoming_call import IncomingCall
from .stack import need_stack
from .told_errors import to_wire

# Ignored by default, so that a tool which takes it back is not ended by it. Windows has none.
_SIGNAL = getattr(signal, 'SIGURG', None)


_STACK_FRAMES = 80
"""What the worker itself needs of the stack below a tool that calls the host."""


class Outcome:
    """What came of a call: a value, or what is told of the failure."""

    __slots__ = ('value', 'told')

    def __init__(self, value: object, told: dict | None = None) -> None:
        self.value = value
        self.told = told


class Interrupts:
    """Tools run on the main thread. A cancellation is raised there by a signal, whose handler looks
    whether the very call still runs, and whether it is the tool's own code that does: what the
    worker does for it is never cut off in the middle. It is raised once for a call at most."""

    def __init__(self) -> None:
        self._main = threading.main_thread().ident
        self._running: list[IncomingCall] = []
        """Calls whose tools run; each but the last waits for the host, which has called again."""
        self._is_shielded = True
        self._is_forked = False

    def install(self) -> None:
        if _SIGNAL is not None:
            signal.signal(_SIGNAL, self._on_signal)

    def leave_to_parent(self) -> None:
        """This is a process that a tool has forked: what the host wants is its parent's
        business."""
        self._is_forked = True

    @property
    def depth(self) -> int:
        return len(self._running)

    @property
    def is_due(self) -> bool:
        """Whether the call that runs now has been given up and does not know it yet."""
        return bool(self._running) and self._running[-1].is_cancel_due

    def is_main(self) -> bool:
        return threading.get_ident() == self._main

    def request(self, call: IncomingCall) -> bool:
        """From another thread: has `Cancelled` raised in the call. Answers false when that has to
        wait for another one, which runs while this one waits for the host."""
        call.is_given_up = True
        call.is_cancel_due = True
        if _SIGNAL is not None and self._main is not None:
            signal.pthread_kill(self._main, _SIGNAL)
        return call not in self._running[:-1]

    def begin(self, call: IncomingCall) -> None:
        """The call runs from now on, above all others."""
        self._running.append(call)

    def run(self, work: Callable[[], object]) -> Outcome:
        """Runs code of a tool, for the call that was begun last; here, and nowhere else, a
        cancellation can be raised."""
        try:
            return self._run(work)
        except Cancelled as error:  # it came just as the call ended
            return Outcome(None, to_wire(error))
        finally:
            self._is_shielded = True
            if self._is_forked:
                os._exit(0)
            self._running.pop()

    def _run(self, work: Callable[[], object]) -> Outcome:
        try:
            self._is_shielded = False
            self._check()
            value = work()
            self._is_shielded = True
            return Outcome(value)
        except BaseException as error:
            self._is_shielded = True
            return Outcome(None, to_wire(error))

    def shielded(self) -> Shield:
        """While a tool is served by the worker: what should be raised is raised at the end."""
        if self._is_forked:
            raise GreenroomError('session.closed', 'the connection belongs to the parent process')
        need_stack(_STACK_FRAMES)  # now, in the tool, and not later where nobody can handle it
        return Shield(self)

    def enter(self) -> bool:
        was_shielded = self._is_shielded
        if self.is_main():
            self._is_shielded = True
        return was_shielded

    def leave(self, was_shielded: bool) -> None:
        if not self.is_main():
            return
        self._is_shielded = was_shielded
        if not was_shielded:
            self._check()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        if not self._is_shielded:
            self._check()

    def _check(self) -> None:
        if self.is_due:
            self._running[-1].is_cancel_due = False
            raise Cancelled


class Shield:
    __slots__ = ('_interrupts', '_was_shielded')

    def __init__(self, interrupts: Interrupts) -> None:
        self._interrupts = interrupts
        self._was_shielded = True

    def __enter__(self) -> None:
        self._was_shielded = self._interrupts.enter()

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self._interrupts.leave(self._was_shielded)
