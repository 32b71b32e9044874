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
        self._writing = threading.Lock()
        self._frame = bytearray(_LENGTH_BYTES)
        self._closed: deque[bytearray] = deque()
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

    def flush(self) -> None:
        """Sends what there is. If another thread is about it, that one sends this too; it is
        waited for only while so much waits."""
        while self._has_more() and self._writing.acquire(blocking=self.is_crowded):
            try:
                self._send_all()
            finally:
                self._writing.release()

    def flush_all(self) -> None:
        """Sends what there is, and comes back when it has left, whoever has sent it."""
        with self._writing:
            self._send_all()

    def stop(self) -> None:
        """Nothing is sent any more."""
        with self._lock:
            self._is_over = True
            self._closed.clear()
            self._frame = bytearray(_LENGTH_BYTES)

    def _has_more(self) -> bool:
        return len(self._closed) > 0 or len(self._frame) > _LENGTH_BYTES

    def _send_all(self) -> None:
        try:
            while self._has_more():
                self._send_next()
        except OSError as error:
            self._on_error(error)

    def _send_next(self) -> None:
        with self._lock:
            if len(self._frame) > _LENGTH_BYTES:
                self._close()
            if not self._closed:
                return
            frame = self._closed.popleft()
        self._write(frame)
        with self._lock:
            if is_piece(frame):
                self._ahead_bytes -= len(frame)
            else:
                self._unsent_bytes -= len(frame) - _LENGTH_BYTES

    def _add_ahead(self, frames: Sequence[bytearray]) -> None:
        if self._ahead_bytes > MAX_AHEAD_BYTES:
            raise GreenroomError(
                'queue.full', f'{self._ahead_bytes} bytes sent ahead of messages wait already'
            )
        self._close()
        self._closed.extend(frames)
        self._ahead_bytes += sum(map(len, frames))

    def _close(self) -> None:
        frame = self._frame
        if len(frame) == _LENGTH_BYTES:
            return
        frame[:_LENGTH_BYTES] = (len(frame) - _LENGTH_BYTES).to_bytes(_LENGTH_BYTES, 'little')
        self._closed.append(frame)
        self._frame = bytearray(_LENGTH_BYTES)

    def _run(self) -> None:
        while True:
            self._wakes.get()
            self._is_woken = False
            self.flush()
