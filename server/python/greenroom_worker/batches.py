"""Batches of calls of the host."""

from __future__ import annotations

from collections.abc import Iterable

from .errors import BatchError, RemoteError, violation
from .told_errors import parse_wire_error


class Settled:
    """How one item of a batch went that ran all: one of the two is None."""

    __slots__ = ('value', 'error')

    def __init__(self, value: object, error: RemoteError | None) -> None:
        self.value = value
        self.error = error

    def __repr__(self) -> str:
        return f'Settled(value={self.value!r}, error={self.error!r})'


def list_items(items: Iterable[Iterable[object]]) -> list[list]:
    """The arguments of each call. Raises `TypeError` for what is no list of lists."""
    lists = _listed(items, 'the batch', 'a list of lists of arguments')
    return [_listed(args, 'an item of the batch', 'a list of arguments') for args in lists]


_SINGLE = (str, bytes, bytearray, memoryview, dict)
"""They can be iterated too, but are arguments that somebody forgot to put into a list."""


def _listed(given: object, what: str, takes: str) -> list:
    if isinstance(given, Iterable) and not isinstance(given, _SINGLE):
        return list(given)
    raise TypeError(f'{what} is {given!r:.100}; it takes {takes}')


def unpack_batch(answer: object, items: int, settles: bool) -> list:
    """What the caller gets. Raises `BatchError` when an item has stopped it, and
    `protocol.violation` for an answer that is none to it."""
    if not isinstance(answer, list) or len(answer) != 2:
        raise violation('the answer to a batch is no pair of lists')
    results, failures = answer
    if not isinstance(results, list) or not isinstance(failures, list):
        raise _misfit()
    told = dict(_parse_failure(failure, items) for failure in failures)
    # The first failure stops a batch that does not settle: the items before it have results.
    wanted = items if settles else next(iter(told), items)
    if len(results) != wanted or (not settles and len(failures) > 1):
        raise _misfit()
    if settles:
        return [
            Settled(None, RemoteError(told[index])) if index in told else Settled(result, None)
            for index, result in enumerate(results)
        ]
    for index, error in told.items():
        raise BatchError(error, index, results)
    return results


def _parse_failure(failure: object, items: int) -> tuple[int, dict]:
    if not isinstance(failure, list) or len(failure) != 2:
        raise _misfit()
    index, error = failure
    if type(index) is not int or not 0 <= index < items:
        raise _misfit()
    return index, parse_wire_error(error)


def _misfit() -> Exception:
    return violation('the answer to a batch does not fit it')
