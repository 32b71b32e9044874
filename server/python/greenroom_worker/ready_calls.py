"""Calls that can run."""

from __future__ import annotations

from bisect import bisect_left, insort

from .incoming_call import IncomingCall


class ReadyCalls:
    """In the order in which they came, whenever they could run. Many thousands may wait, and each is
    found without a look at the others."""

    def __init__(self) -> None:
        self._calls: list[tuple[int, IncomingCall]] = []

    def __len__(self) -> int:
        return len(self._calls)

    def add(self, call: IncomingCall) -> None:
        insort(self._calls, (call.order, call))

    def discard(self, call: IncomingCall) -> None:
        at = bisect_left(self._calls, (call.order,))
        if at < len(self._calls) and self._calls[at][1] is call:
            del self._calls[at]

    def take(self, came_after: int) -> IncomingCall | None:
        """The first one, if there is one that is none of the first so many that came."""
        at = bisect_left(self._calls, (came_after + 1,)) if came_after else 0
        return self._calls.pop(at)[1] if at < len(self._calls) else None
