"""Results that the worker keeps for the host, by the calls that brought them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from .errors import GreenroomError, violation
from .limits import MAX_REFERENCES
from .values.later import Later
from .values.policy import unmarked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

RUNNING = 'running'
SUCCEEDED = 'succeeded'
FAILED = 'failed'


class FailedDependency(GreenroomError):
    """A call cannot be made, because one that it depends on has failed."""

    def __init__(self, kept: KeptResult) -> None:
        told = kept.value
        super().__init__('call.failed', f"'{kept.name}' failed")
        self.told = {
            **told,
            'failedCall': told.get('failedCall', kept.name),
            'failedId': told.get('failedId', kept.id),
        }
        """The failure of the first in the row, with that one's name and id."""


class KeptResult:
    __slots__ = ('id', 'name', 'passing', 'state', 'value', 'answer', 'is_asked_for', '_waiting')

    def __init__(self, call: int, name: str, passing: str | None) -> None:
        self.id = call
        self.name = name
        self.passing = passing
        self.state = RUNNING
        self.value: Any = None
        """The result as other calls use it; or what is told of the failure."""
        self.answer: object = None
        """What its caller is answered, of a batch how it went; None for a failure."""
        self.is_asked_for = False
        """By the caller, who does so once; before it is there perhaps."""
        self._waiting: dict[object, Callable[[], None]] = {}

    def succeed(self, value: object, answer: object) -> None:
        self.state = SUCCEEDED
        self.value = unmarked(value)
        self.answer = answer
        self._tell()

    def fail(self, told: dict, answer: object = None) -> None:
        self.state = FAILED
        self.value = told
        self.answer = answer
        self._tell()

    def on_end(self, go_on: Callable[[], None]) -> Callable[[], None]:
        """Calls back when the result is there; what it answers has it not do so."""
        key = object()
        self._waiting[key] = go_on
        return lambda: self._stop(key)

    def _stop(self, key: object) -> None:
        self._waiting.pop(key, None)

    def _tell(self) -> None:
        waiting, self._waiting = self._waiting, {}
        for go_on in waiting.values():
            go_on()


class KeptResults:
    def __init__(self) -> None:
        self._by_call: dict[int, KeptResult] = {}

    @property
    def size(self) -> int:
        return len(self._by_call)

    def __contains__(self, call: int) -> bool:
        return call in self._by_call

    def keep(self, call: int, name: str, passing: str | None) -> KeptResult:
        if call in self._by_call:
            raise violation(f'call {call} is under way already')
        if len(self._by_call) >= MAX_REFERENCES:
            raise violation('too many results at once')
        kept = self._by_call[call] = KeptResult(call, name, passing)
        return kept

    def get(self, call: int) -> KeptResult:
        kept = self._by_call.get(call)
        if kept is None:
            raise violation(f'the result of call {call} is not kept')
        return kept

    def result(self, call: int) -> object:
        """What the call has brought, or a `Later`. Raises `FailedDependency`."""
        kept = self.get(call)
        if kept.state == RUNNING:
            return Later(call)
        if kept.state == FAILED:
            raise FailedDependency(kept)
        return kept.value

    def fill(
        self, places: list[Later], go_on: Callable[[FailedDependency | None], None]
    ) -> Callable[[], None]:
        """Puts results into their places as they come, and calls back when none is missing; what it
        answers stops it."""
        missing = len(places)
        failure: FailedDependency | None = None

        def put(place: Later, kept: KeptResult) -> None:
            nonlocal missing, failure
            if kept.state == FAILED:
                failure = failure or FailedDependency(kept)
                place.leave()
            else:
                place.put(kept.value)
            missing -= 1
            if missing == 0:
                go_on(failure)

        stops = []
        for place in places:
            kept = self.get(place.call)
            stops.append(kept.on_end(partial(put, place, kept)))

        def stop() -> None:
            for stop_one, place in zip(stops, places):
                stop_one()
                place.leave()

        return stop

    def drop(self, call: int) -> KeptResult:
        """Answers with the result, so that its end can come where the caller wants it."""
        kept = self.get(call)
        del self._by_call[call]
        return kept
