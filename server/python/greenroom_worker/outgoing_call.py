"""A call of the worker, from its sending to the end of its result."""

from __future__ import annotations

from .errors import released, violation
from .values.types import undefined

_OPEN = 'open'
_KEPT = 'kept'
_SUCCEEDED = 'succeeded'
_FAILED = 'failed'


class OutgoingCall:
    __slots__ = (
        'id',
        'name',
        'is_kept',
        'state',
        'value',
        'failure',
        'is_under_way',
        'is_pull_due',
        'is_pulled',
        'is_used',
        'is_dropped',
        'is_seen',
        'batch_items',
        'settles',
    )

    def __init__(self, number: int, name: str, is_kept: bool) -> None:
        self.id = number
        self.name = name
        self.is_kept = is_kept
        """The host keeps the result; else it answers with it."""
        self.state = _OPEN
        self.value: object = undefined
        self.failure: BaseException | None = None
        self.is_under_way = True
        self.is_pulled = False
        self.is_pull_due = False
        self.is_used = False
        """Another call uses the result, and will tell of a failure."""
        self.is_dropped = False
        self.is_seen = False
        """Somebody waits for the result, and will see a failure."""
        self.batch_items: int | None = None
        self.settles = False

    @property
    def is_settled(self) -> bool:
        return self.state in (_SUCCEEDED, _FAILED)

    @property
    def has_failed(self) -> bool:
        return self.state == _FAILED

    @property
    def has_succeeded(self) -> bool:
        return self.state == _SUCCEEDED

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come for it."""
        return not self.is_under_way and not self.is_pull_due

    def use(self) -> int:
        """Its id, for another call that uses the result."""
        if self.is_dropped:
            raise released()
        self.is_used = True
        return self.id

    def answered(self) -> None:
        """An answer with the result has come. One to a pull comes after the answer to the call
        itself, which for a kept result is `done`."""
        if self.is_under_way:
            if self.is_kept:
                raise not_under_way(self.id)
            self.is_under_way = False
        elif self.is_pull_due:
            self.is_pull_due = False
        else:
            raise not_under_way(self.id)

    def failed(self) -> None:
        """An answer with an error has come, to the call itself before one to a pull."""
        if self.is_under_way:
            self.is_under_way = False
        elif self.is_pull_due:
            self.is_pull_due = False
        else:
            raise not_under_way(self.id)

    def done(self) -> None:
        """Word has come that the result is kept."""
        if not self.is_kept or not self.is_under_way:
            raise not_under_way(self.id)
        self.is_under_way = False
        if self.state == _OPEN:
            self.state = _KEPT

    def succeed(self, value: object) -> None:
        self.value = value
        self.state = _SUCCEEDED

    def fail(self, error: BaseException) -> None:
        if not self.is_settled:
            self.failure = error
            self.state = _FAILED


def not_under_way(call: int) -> Exception:
    return violation(f'word came of call {call}, which is not under way')
