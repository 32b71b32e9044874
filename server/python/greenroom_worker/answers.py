"""What the host is told of its calls."""

from __future__ import annotations

import time

from .batch_run import Attempt, BatchRun, is_too_large
from .errors import GreenroomError, Unsendable
from .incoming_call import IncomingCall
from .kept_results import FAILED, FailedDependency, KeptResult
from .message_writer import Message, Sender
from .told_errors import to_wire
from .values.policy import VALUE
from .wire import Op


_OF_CALL = ('result', 0)
_OF_BATCH = ('results', 1)
"""What users call that which is sent, and how many steps into it are ours."""

_DEPTH_OF_ITEMS = 2
"""The results of a batch stand in a list, beside that of its failures."""


class _NotSent(Exception):
    """Has a message taken back."""


class Answers:
    def __init__(self, sender: Sender) -> None:
        self._sender = sender

    def started(self, call: IncomingCall) -> None:
        """Said before anything of the call runs: whatever happens then, the host knows that it
        began."""
        with self._sender.message() as message:
            message.out.byte(Op.started)
            message.out.count(call.id)
            message.out.float64(call.received_ms)
            message.out.float64(call.started_ms or 0)

    def try_result(
        self, number: int, value: object, passing: str | None, call: IncomingCall | None = None
    ) -> dict | None:
        """Why the result could not be sent, if it could not; nothing of it has been sent then. What
        cannot be sent of a batch fails its item alone."""
        if type(value) is not BatchRun:
            return self._write(number, value, passing, call)
        refused = self._write(number, value.answer, passing, call, _OF_BATCH)
        if refused is None:
            return None
        if value.refuse(lambda results, at: self._attempt(results, at, passing)):
            return to_wire(_too_much_together())
        refused = self._write(number, value.answer, passing, call, _OF_BATCH)
        if refused is None or not is_too_large(refused) or value.has_too_large:
            return refused
        return to_wire(_too_much_together())

    def done(self, call: IncomingCall) -> None:
        """It has a result, which nobody has asked for so far."""
        with self._sender.message() as message:
            message.out.byte(Op.timed_done if call.is_timed else Op.done)
            message.out.count(call.id)
            if call.is_timed:
                _write_times(message, call)

    def error(self, number: int, told: dict, call: IncomingCall | None = None) -> None:
        timed = call if call is not None and call.is_timed else None
        with self._sender.message(VALUE) as message:
            message.out.byte(Op.error)
            message.out.count(number)
            message.out.byte(1 if timed else 0)
            if timed:
                _write_times(message, timed)
            message.values.write(told)

    def kept(self, kept: KeptResult) -> None:
        """Answers a pull."""
        if kept.state == FAILED and kept.answer is None:
            return self.error(kept.id, kept.value)
        refused = self.try_result(kept.id, kept.answer, kept.passing)
        if refused is not None:
            self.error(kept.id, refused)

    def _write(
        self,
        number: int,
        value: object,
        passing: str | None,
        call: IncomingCall | None,
        root: tuple[str, int] = _OF_CALL,
    ) -> dict | None:
        timed = call if call is not None and call.is_timed else None
        try:
            with self._sender.message(passing) as message:
                message.out.byte(Op.timed_result if timed else Op.result)
                message.out.count(number)
                if timed:
                    _write_times(message, timed)
                message.values.write(value)
        except Unsendable as error:
            return tell(error.told(*root))
        except BaseException as error:
            return tell(error)
        return None

    def _attempt(self, results: list[object], at: int, passing: str | None) -> Attempt:
        """Writes results into one message until one cannot be sent, and takes it back."""
        told = None
        written = 0
        share = 0.0
        try:
            with self._sender.message(passing) as message:
                try:
                    for index in range(at, len(results)):
                        message.values.write(results[index], _DEPTH_OF_ITEMS)
                        message.out.assert_room()
                        written += 1
                except Unsendable as error:
                    told = tell(error.told(*_OF_CALL))
                except BaseException as error:
                    told = tell(error)
                share = message.share
                if told is not None and is_too_large(told):
                    share = max(share, 1)  # was looked at to find that out, if not written
                raise _NotSent
        except _NotSent:
            return Attempt(written, told, share)


def tell(error: BaseException) -> dict:
    """What the host is told; the first in a row of failures is the one to name."""
    return error.told if isinstance(error, FailedDependency) else to_wire(error)


def _too_much_together() -> GreenroomError:
    return GreenroomError(
        'frame.tooLarge',
        'the results of the batch are too much for one message; ask for fewer at a time',
    )


def now_ms() -> float:
    """On the machine's clock, which is the host's too."""
    return time.monotonic_ns() / 1e6


def _write_times(message: Message, call: IncomingCall) -> None:
    finished_ms = now_ms()
    message.out.float64(call.received_ms)
    message.out.float64(finished_ms if call.started_ms is None else call.started_ms)
    message.out.float64(finished_ms)
