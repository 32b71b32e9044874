"""A batch on the side that serves it."""

from __future__ import annotations

import json
from collections.abc import Callable

from .errors import Cancelled, RemoteError
from .incoming_call import IncomingCall
from .limits import ERROR_NAME_LENGTH
from .told_errors import to_wire
from .units import clip
from .values.policy import by_value, unmarked, whole_by_value
from .values.types import undefined

_MAX_TOLD_TEXT = 4 * 1024 * 1024
"""Characters that the failures of one batch are told with; those beyond are told without tracebacks
and causes."""

_MAX_TRIED = 4
"""Messages that are written and taken back at most, to find out which results cannot be sent."""


class Attempt:
    """What became of some results of a batch that were written into one message, which was taken
    back."""

    __slots__ = ('written', 'told', 'share')

    def __init__(self, written: int, told: dict | None, share: float) -> None:
        self.written = written
        """How many of them can be sent together, one after the other."""
        self.told = told
        """Why the next one cannot."""
        self.share = share
        """How much of all that a message may hold was written."""


class BatchRun:
    """Runs the items in order, each when the one before has ended, and knows how it went."""

    def __init__(self, batch: IncomingCall, call: Callable[[list], object]) -> None:
        self._results: list[object] = []
        self._failures: list[tuple[int, dict]] = []
        self._told_text = 0
        self._runs_all = batch.runs_all
        self.has_too_large = False
        """A result was found that is too large for a message even alone."""
        for index, args in enumerate(batch.items):
            if batch.is_given_up:  # an item may have made something else of that
                raise Cancelled
            try:
                self._results.append(call(args))
            except Cancelled:
                raise
            except BaseException as error:
                self._failures.append((index, self._bounded(to_wire(error))))
                if not self._runs_all:
                    break
                self._results.append(undefined)

    def _bounded(self, told: dict) -> dict:
        if self._told_text > _MAX_TOLD_TEXT:
            return _in_brief(told)
        self._told_text += len(json.dumps(told, default=str))
        return told

    def refuse(self, attempt: Callable[[list[object], int], Attempt]) -> bool:
        """Takes what cannot be sent for the failure of its item, as far as that can be found out
        before long. The items behind it have run then, also of a batch that stops. Answers true
        when some could be sent, but not together."""
        before = len(self._failures)
        tried = 0.0
        is_crowded = False
        at = 0
        while at < len(self._results):
            found = attempt(self._results, at)
            tried += found.share
            if is_crowded and found.written > 0:
                return True
            at += found.written
            if found.told is None or tried > _MAX_TRIED:
                break
            is_crowded = found.written > 0 and is_too_large(found.told)
            if is_crowded:
                continue  # whether it can be sent alone
            self.has_too_large = self.has_too_large or is_too_large(found.told)
            self._failures.append((at, self._bounded(found.told)))
            if not self._runs_all:
                del self._results[at:]
                del self._failures[:before]
                break
            self._results[at] = undefined
            at += 1
        return False

    @property
    def failure(self) -> dict | None:
        """Why other calls cannot use the results; they can use those of a batch that runs all."""
        return None if self._runs_all or not self._failures else self._failures[0][1]

    @property
    def answer(self) -> object:
        """The results, and which items failed with what. Policies hold for what the items bring,
        not for the lists that hold it."""
        failures = [by_value([index, whole_by_value(told)]) for index, told in self._failures]
        return by_value([by_value(self._results), by_value(failures)])

    @property
    def outcome(self) -> list:
        """What other calls see."""
        results = [unmarked(result) for result in self._results]
        if not self._runs_all:
            return results
        told = dict(self._failures)
        return [
            {'status': 'rejected', 'reason': RemoteError(told[index])}
            if index in told
            else {'status': 'fulfilled', 'value': result}
            for index, result in enumerate(results)
        ]


def is_too_large(told: dict) -> bool:
    """Whether that is why something could not be sent."""
    return told.get('code') == 'frame.tooLarge'


def _in_brief(told: dict) -> dict:
    brief = {'name': told['name'], 'message': clip(told['message'], ERROR_NAME_LENGTH)}
    return {**brief, 'code': told['code']} if 'code' in told else brief
