"""Gathers messages into frames and sends them."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from queue import SimpleQueue

from .errors import GreenroomError
from .limits import MAX_AHEAD_BYTES, MAX_FRAME_BYTES, MAX_UNSENT_BYTES
from .pieces import is_piece

_LENGTH_BYTES = 4
_FULL_BYTES = 256 * 1024
"""A frame that has grown so large is closed, and the next one begun."""


class Outbox:
    """Any thread adds messages. Whoever has nothing better to do sends them; what nobody has sent,
    a thread of its own does in a moment, whatever the tool is busy with."""

    def __init__(
        self, write: Callable[[bytearray], None], on_error: Callable[[BaseException], None]
    ) -> None:
        self._write = write
        self._on_error = on_error
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        """Where those wait who need to know what has left."""
        self._writing = threading.Lock()
        self._frame = bytearray(_LENGTH_BYTES)
        self._closed: deque[bytearray] = deque()
        self._passed = 0
        self._gone = 0
        """How many frames there have been so far, and how many of these have left."""
        self._unsent_bytes = 0
        self._ahead_bytes = 0
        """Those of frames with pieces, which are not counted above."""
        self._wakes: SimpleQueue = SimpleQueue()
        self._is_woken = False
        self._is_over = False

    def start(self) -> None:
        threading.Thread(target=self._run, name='greenroom-writer', daemon=True).start()

    def add(self, message: bytearray, ahead: Sequence[bytearray] = ()) -> None:
        """Messages leave in the order in which they are added, each right behind the frames that go
        ahead of it. Raises `queue.full` when too many of these wait already."""
        with self._lock:
            if self._is_over:
                return
            if ahead:
                self._add_ahead(ahead)
            if len(self._frame) - _LENGTH_BYTES + len(message) > MAX_FRAME_BYTES:
                self._close()
            self._frame += message
            self._unsent_bytes += len(message)
            if len(self._frame) >= _FULL_BYTES:
                self._close()
            if self._unsent_bytes > MAX_UNSENT_BYTES:
                self._on_error(
                    BufferError(f'the host does not read: {self._unsent_bytes} bytes wait for it')
                )

    def send_soon(self) -> None:
        """Has what was added sent by another thread."""
        if not self._is_woken:
            self._is_woken = True
            self._wakes.put(None)

    @property
    def is_crowded(self) -> bool:
        """So much waits for the host to read that nothing should be added for a while."""
        return self._unsent_bytes > MAX_UNSENT_BYTES // 2

    @property
    def is_full(self) -> bool:
        """So much waits that no more calls should be made: answers are to have room."""
        return self._unsent_bytes > MAX_UNSENT_BYTES // 16

    def flush(self) -> None:
        """Sends what there is now. If another thread is about it, that one sends this too; it is
        waited for only while so much waits."""
        if not self._has_more():
            return
        self._send_until(self._close_frame())
        if self.is_crowded:
            with self._left:
                self._left.wait_for(lambda: not self.is_crowded or self._is_over)

    def flush_all(self) -> None:
        """The same; comes back when all of it has left, whoever has sent it."""
        until = self._close_frame()
        self._send_until(until)
        with self._left:
            self._left.wait_for(lambda: self._gone >= until)

    def stop(self) -> None:
        """Nothing is sent any more."""
        with self._lock:
            self._is_over = True
            self._gone = self._passed
            self._closed.clear()
            self._frame = bytearray(_LENGTH_BYTES)
            self._left.notify_all()

    def leave_to_parent(self) -> None:
        """The same in a process that a tool has forked, where nobody lets go of locks that another
        thread has held."""
        self._lock = threading.Lock()
        self._left = threading.Condition(self._lock)
        self._writing = threading.Lock()
        self.stop()

    def _has_more(self) -> bool:
        return len(self._closed) > 0 or len(self._frame) > _LENGTH_BYTES

    def _close_frame(self) -> int:
        """How many frames there have been until now."""
        with self._lock:
            self._close()
            return self._passed

    def _send_until(self, frame: int) -> None:
        """What is added meanwhile is left to another thread: there may be no end of it."""
        while self._gone < frame and self._writing.acquire(blocking=False):
            try:
                while self._gone < frame:
                    self._send_next()
            finally:
                self._writing.release()
        if self._has_more():
            self.send_soon()

    def _send_next(self) -> None:
        try:
            with self._lock:
                if not self._closed:
                    return
                frame = self._closed.popleft()
            self._write(frame)
            with self._lock:
                self._gone += 1
                if is_piece(frame):
                    self._ahead_bytes -= len(frame)
                else:
                    self._unsent_bytes -= len(frame) - _LENGTH_BYTES
                self._left.notify_all()
        except BaseException as error:  # a tool's own signal handler may have raised it
            try:
                # First: who waits until it was said that a call begins must not go on to run it.
                self._on_error(error)
            finally:
                self.stop()

    def _add_ahead(self, frames: Sequence[bytearray]) -> None:
        if self._ahead_bytes > MAX_AHEAD_BYTES:
            raise GreenroomError(
                'queue.full', f'{self._ahead_bytes} bytes sent ahead of messages wait already'
            )
        self._close()
        self._closed.extend(frames)
        self._passed += len(frames)
        self._ahead_bytes += sum(map(len, frames))

    def _close(self) -> None:
        frame = self._frame
        if len(frame) == _LENGTH_BYTES:
            return
        frame[:_LENGTH_BYTES] = (len(frame) - _LENGTH_BYTES).to_bytes(_LENGTH_BYTES, 'little')
        self._closed.append(frame)
        self._passed += 1
        self._frame = bytearray(_LENGTH_BYTES)

    def _run(self) -> None:
        while True:
            self._wakes.get()
            self._is_woken = False
            with self._writing:
                while self._has_more():
                    self._close_frame()
                    self._send_next()
