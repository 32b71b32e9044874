"""A call of the host, from its arrival to its answer."""

from __future__ import annotations

from collections.abc import Callable

from .kept_results import KeptResult
from .signals import CancelSignal
from .values.later import Later
from .values.policy import REFERENCE, VALUE
from .wire import Flag, Op


def _nothing() -> None:
    pass


class IncomingCall:
    __slots__ = (
        'op',
        'flags',
        'id',
        'target',
        'path',
        'args',
        'items',
        'runs_all',
        'needs',
        'refusal',
        'kept',
        'signal',
        'received_ms',
        'started_ms',
        'order',
        'size_bytes',
        'is_cancel_due',
        'is_given_up',
        'stop_waiting',
    )

    def __init__(self, op: int, flags: int, number: int) -> None:
        self.op = op
        self.flags = flags
        self.id = number
        self.target: list = []
        """One object, in a list where a later result finds its place."""
        self.path: list[str] = []
        self.args: list = []
        """Of a call or construction; of a set, the value."""
        self.items: list[list] = []
        """Of a batch."""
        self.runs_all = False
        self.needs: list[Later] = []
        """Results that the call must wait for."""
        self.refusal: BaseException | None = None
        """Why it cannot be made although it is well-formed."""
        self.kept: KeptResult | None = None
        self.signal: CancelSignal | None = None
        self.received_ms = 0.0
        self.started_ms: float | None = None
        self.order = 0
        """Among the calls that have come, from 1."""
        self.size_bytes = 0
        """Of its message, with the large binary values beside it."""
        self.is_cancel_due = False
        """The host has given it up, and the tool has not been told yet."""
        self.is_given_up = False
        """The host has given it up, whatever the tool makes of that."""
        self.stop_waiting: Callable[[], None] = _nothing
        """Has it wait for no result any more."""

    @property
    def is_traced(self) -> bool:
        return self.flags & Flag.traced != 0

    @property
    def is_timed(self) -> bool:
        """Whether its answer tells when it came, started and ended."""
        return self.flags & (Flag.traced | Flag.timed) != 0

    @property
    def is_wanted(self) -> bool:
        return self.flags & Flag.want != 0

    @property
    def is_construction(self) -> bool:
        return self.op == Op.call and self.flags & Flag.construct != 0

    @property
    def passing(self) -> str | None:
        """How the caller wants the result, whatever the policies say."""
        if self.flags & Flag.by_value:
            return VALUE
        return REFERENCE if self.flags & Flag.by_reference else None

    @property
    def name(self) -> str:
        """For people: what was called."""
        return self.path[-1] if self.path else 'the function'
