"""A batch on the side that serves it."""

from __future__ import annotations

from collections.abc import Callable

from .errors import Cancelled, RemoteError
from .told_errors import to_wire
from .values.policy import by_value, unmarked, whole_by_value
from .values.types import undefined


class BatchRun:
    """Runs the items in order, each when the one before has ended, and knows how it went."""

    def __init__(self, items: list[list], runs_all: bool, call: Callable[[list], object]) -> None:
        self._results: list[object] = []
        self._failures: list[tuple[int, dict]] = []
        self._runs_all = runs_all
        for index, args in enumerate(items):
            try:
                self._results.append(call(args))
            except Cancelled:
                raise
            except BaseException as error:
                self._failures.append((index, to_wire(error)))
                if not runs_all:
                    break
                self._results.append(undefined)

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
