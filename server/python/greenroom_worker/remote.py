"""Stand-ins for objects of the host, for their members, and for results that are still to come."""

from __future__ import annotations

import weakref
from collections.abc import Callable, Iterable

from .batches import list_items
from .errors import Unsendable
from .handles import Handle, handle_of
from .imports import RemoteObject
from .outgoing_call import OutgoingCall
from .values.weights import BATCH_ITEM
from .wire import Flag, Op

TYPE_CHECKING = False  # `typing` takes longer to load than most of this package
if TYPE_CHECKING:
    from .connection import Connection
    from .message_writer import Message


_A_MEMBER = object()
"""Stands where a remote has what it stands for: a member is nothing yet."""


class _Target(Handle):
    """Something of the host that can be called, constructed and got, and whose members can.

    Names that this class has itself are got with `remote['name']`.
    """

    __slots__ = ('_connection', '_is_later', '_path', '_target')
    _connection: Connection
    _target: object
    _path: tuple
    _is_later: bool

    def __init__(
        self, connection: Connection, target: object, path: tuple = (), is_later: bool = False
    ) -> None:
        put = object.__setattr__
        put(self, '_handle', _A_MEMBER)
        put(self, '_connection', connection)
        put(self, '_target', target)
        put(self, '_path', path)
        put(self, '_is_later', is_later)

    @property
    def later(self) -> _Target:
        """The same, but calls answer at once with a `Result`, which may be used before it is
        there."""
        return Member(self._connection, self._holder, self._path, is_later=True)

    def __call__(self, *args: object) -> object:
        return self._send(Op.call, lambda message: _write_args(message, args))

    def new(self, *args: object) -> object:
        """Constructs an object of this class."""
        return self._send(Op.call, lambda message: _write_args(message, args), Flag.construct)

    def batch(self, items: Iterable[Iterable[object]], settle: bool = False) -> object:
        """Many calls in one message, in order: a list of what they bring. The first that fails
        stops it, as a `BatchError`; with `settle`, all are run, and each is told as a `Settled`."""
        lists = list_items(items)

        def write(message: Message) -> None:
            message.out.byte(1 if settle else 0)
            message.out.count(len(lists))
            message.values.bear(len(lists) * BATCH_ITEM)
            for index, args in enumerate(lists):
                _write_args(message, args, index)

        return self._send(Op.batch, write, batch=(len(lists), settle))

    def __getattr__(self, name: str) -> _Target:
        if name.startswith('__'):
            raise AttributeError(name)
        return Member(self._connection, self._holder, (*self._path, name), self._is_later)

    def __setattr__(self, name: str, value: object) -> None:
        self[name] = value

    def __getitem__(self, name: str) -> object:
        return self._member(name)._send(Op.get, lambda message: None)

    def __setitem__(self, name: str, value: object) -> None:
        self._member(name)._send(Op.set, lambda message: _write_assigned(message, value))

    # With only the above, Python would take it for a sequence.
    __iter__ = None
    __contains__ = None

    def __repr__(self) -> str:
        return '[remote]'

    @property
    def _holder(self) -> object:
        """What must live as long as a member does; the target knows no proxy."""
        return self._target

    def _member(self, name: str) -> _Target:
        return Member(self._connection, self._holder, (*self._path, str(name)), self._is_later)

    def _send(
        self,
        op: int,
        write: Callable[[Message], None],
        flags: int = 0,
        batch: tuple[int, bool] | None = None,
    ) -> object:
        holder = self._holder
        return self._connection.ask(
            op, handle_of(holder), self._path, write, flags, batch, is_later=self._is_later
        )


class Member(_Target):
    """A member of something, by its path: to be called, or gone further from."""

    __slots__ = ()


class Remote(_Target):
    """An object or function of the host. Usable in a `with`, which releases it at its end; else it
    is released when nothing refers to it any more."""

    __slots__ = ()
    _handle: RemoteObject

    def __init__(self, connection: Connection, remote: RemoteObject) -> None:
        super().__init__(connection, remote)
        object.__setattr__(self, '_handle', remote)

    @property
    def _holder(self) -> object:
        return self

    def release(self) -> None:
        """The host may forget it; using it fails from now on with `reference.released`."""
        self._connection.release(self._handle)

    def __enter__(self) -> Remote:
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


class Result(_Target):
    """What a call will bring. Its members can be called, and it can be passed, before it is
    there."""

    __slots__ = ()
    _handle: OutgoingCall

    def __init__(self, connection: Connection, call: OutgoingCall) -> None:
        super().__init__(connection, call)
        object.__setattr__(self, '_handle', call)
        weakref.finalize(self, connection.abandon, call).atexit = False

    @property
    def _holder(self) -> object:
        return self

    def get(self) -> object:
        """Waits for it. Raises what the host raised."""
        return self._connection.wait(self._handle)

    def release(self) -> None:
        """It is not needed any more."""
        self._connection.drop(self._handle)

    def __enter__(self) -> Result:
        return self

    def __exit__(self, *_error: object) -> None:
        self.release()


def _write_args(message: Message, args: Iterable[object], item: int | None = None) -> None:
    """`item` is the number of the call in a batch."""
    args = list(args)
    message.out.count(len(args))
    for index, arg in enumerate(args):
        try:
            message.values.write(arg)
            continue
        except Unsendable as error:
            root = 'args' if item is None else f'items[{item}]'
            told = error.told(f'{root}[{index}]')
        raise told  # not in there, where the other one would be its context


def _write_assigned(message: Message, value: object) -> None:
    try:
        return message.values.write(value)
    except Unsendable as error:
        told = error.told('value')
    raise told
