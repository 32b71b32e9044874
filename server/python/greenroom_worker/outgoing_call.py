"""A call of the worker, from its sending to the end of its result."""

from __future__ import annotations

from .errors import anew, released, violation
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
        'is_sent',
        'size_bytes',
        'came_before',
        'state',
        'value',
        'failure',
        'is_under_way',
        'is_pull_due',
        'is_pulled',
        'is_passed_on',
        'holds',
        'is_drop_due',
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
        self.is_sent = False
        self.size_bytes = 0
        """Of its message, with the large binary values beside it, until it is answered."""
        self.came_before = 0
        """How many calls of the host had come when it was sent."""
        self.state = _OPEN
        self.value: object = undefined
        self.failure: BaseException | None = None
        """Never raised itself: its traceback would hold whoever waits, and with that the result,
        which holds this."""
        self.is_under_way = True
        self.is_pulled = False
        self.is_pull_due = False
        self.is_passed_on = False
        """A message that uses the result has been sent: what comes of that tells of a failure."""
        self.holds = 0
        """How many messages use it that have not been sent; it is dropped only after these, if that
        was asked for."""
        self.is_drop_due = False
        self.is_dropped = False
        self.is_seen = False
        """Somebody has seen a failure, or waits for the result and will."""
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
    def has_failed_unseen(self) -> bool:
        return self.has_failed and not self.is_seen and not self.is_passed_on

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come for it."""
        return not self.is_under_way and not self.is_pull_due

    def use(self) -> int | None:
        """Its id, for a message that uses the result, which is kept until that lets go; None when
        the result is here. Raises why there is none, or `reference.released`."""
        if self.has_succeeded:
            return None
        if self.failure is not None:
            self.is_seen = True
            raise anew(self.failure)
        if self.is_dropped:
            raise released()
        self.holds += 1
        return self.id

    def let_go(self, is_sent: bool) -> bool:
        """A message that uses the result has been sent, or never will be. Whether the result is to
        be dropped now."""
        self.is_passed_on |= is_sent
        self.holds -= 1
        return self.holds == 0 and self.is_drop_due

    def give_back(self) -> bool:
        """Nobody needs the result any more. Whether it is to be dropped now: that is so once, and
        not while a message uses it."""
        if self.is_dropped:
            return False
        self.is_drop_due = self.holds > 0
        self.is_dropped = not self.is_drop_due
        return self.is_dropped

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
        """How it ended first counts, here and below: a call that has failed may be pulled too."""
        if not self.is_settled:
            self.value = value
            self.state = _SUCCEEDED

    def fail(self, error: BaseException) -> None:
        if not self.is_settled:
            self.failure = error.with_traceback(None)
            self.state = _FAILED


def not_under_way(call: int) -> Exception:
    return violation(f'word came of call {call}, which is not under way')
