"""The worker's end of a connection to the host."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from .asking import Asking
from .channel import Channel
from .exports import Exports
from .imports import Imports, RemoteObject
from .inbox import Inbox
from .interrupts import Interrupts
from .kept_results import KeptResults
from .main_thread import MainThread
from .message_reader import MessageReader
from .message_writer import Sender
from .outbox import Outbox
from .outgoing_call import OutgoingCall
from .remote import Remote, Result
from .segments import Segments
from .serving import Serving
from .unseen_failures import UnseenFailures
from .values.policy import Policy
from .wire import Flag, Op


class Connection:
    """One thread reads, one sends what nobody else has sent, and tools run on the main thread,
    which serves the host whenever a tool waits for it."""

    def __init__(
        self, channel: Channel, root: object, on_end: Callable[[BaseException | None], None]
    ) -> None:
        self._channel = channel
        self._on_end = on_end
        self._lock = threading.RLock()
        self.outbox = Outbox(channel.write, on_end)
        self._exports = Exports(root, self._lock)
        self._imports = Imports(self._lock, lambda remote: Remote(self, remote), self._unused)
        self._kept = KeptResults()
        self._interrupts = Interrupts()
        self._main = MainThread(self._interrupts, self.outbox, self._lock)
        self._sender = Sender(
            self.outbox,
            self._exports,
            Segments(),
            Policy(),
            self._lock,
            lambda call: self._asking.drop(call),
        )
        self._asking = Asking(
            self._sender,
            self._kept,
            self._imports,
            self._lock,
            self._main.wait_until,
            self._main.wake,
            lambda: self._serving.size,
            lambda: self._serving.came,
            UnseenFailures().tell,
        )
        self._serving = Serving(
            self._sender,
            self._kept,
            self._interrupts,
            self._lock,
            self._main.do,
            self._main.wake,
            channel.let_read,
            lambda: self._asking.size,
        )
        inbox = Inbox(
            self._sender,
            self._asking,
            self._serving,
            self._kept,
            self._imports,
            self._end,
            lambda value: self._main.do(lambda: value),
        )
        self._main.serving = self._serving
        self._reader = MessageReader(inbox)

    @property
    def live(self) -> dict[str, int]:
        """What this side holds for the host and of it. The call that runs now is not counted."""
        return {
            'calls': self._asking.size,
            'results': self._asking.keeping,
            'remotes': self._imports.size,
            'served': max(0, self._serving.size - min(1, self._interrupts.depth)),
            'kept': self._kept.size,
            'objects': self._exports.size,
        }

    def serve(self, hello: dict) -> None:
        """Greets the host and serves it on this thread, which is the main one, for ever."""
        self._interrupts.install()
        if hasattr(os, 'register_at_fork'):  # not on Windows
            os.register_at_fork(after_in_child=self._leave_to_parent)
        self.outbox.start()
        with self._sender.message() as message:
            message.out.byte(Op.hello)
            message.values.write(hello)
        self.outbox.flush()
        threading.Thread(target=self._read, name='greenroom-reader', daemon=True).start()
        self._main.serve()

    def ask(
        self,
        op: int,
        target: object,
        path: tuple,
        write: Callable,
        flags: int,
        batch: tuple[int, bool] | None,
        is_later: bool,
    ) -> object:
        with self._interrupts.shielded():
            flags |= Flag.keep if is_later else Flag.want
            call = self._asking.send(op, target, path, write, flags, batch)
            if not is_later:
                return self._asking.wait(call)
            self.outbox.send_soon()
            return Result(self, call)

    def wait(self, call: OutgoingCall) -> object:
        with self._interrupts.shielded():
            self._asking.pull(call)
            try:
                return self._asking.wait(call)
            finally:
                if call.is_settled:
                    self._asking.drop(call)

    def drop(self, call: OutgoingCall) -> None:
        with self._interrupts.shielded():
            self._asking.drop(call)

    def release(self, remote: RemoteObject) -> None:
        with self._interrupts.shielded():
            self._asking.release(remote)

    def abandon(self, call: OutgoingCall) -> None:
        """Nobody can reach the result any more. Called wherever that comes about."""
        self._main.do(lambda: self._asking.drop(call))

    def _unused(self, remote: RemoteObject) -> None:
        def release() -> None:
            if self._imports.collect(remote):
                self._asking.tell_release(remote)

        self._main.do(release)

    def _read(self) -> None:
        try:
            self._channel.read_frames(self._receive)
        except BaseException as error:
            self._on_end(error)
        else:
            self._on_end(None)

    def _receive(self, frame: bytes) -> None:
        with self._lock:
            self._reader.read(frame)

    def _end(self) -> None:
        """The host has said goodbye."""
        try:
            self._asking.tell_unseen()
        finally:
            self._on_end(None)

    def _leave_to_parent(self) -> None:
        """A process that a tool forks is no worker: the channel is its parent's."""
        self.outbox.leave_to_parent()
        self._interrupts.leave_to_parent()
        os.close(self._channel.descriptor)
