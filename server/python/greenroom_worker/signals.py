"""What a tool may ask about the call that it serves."""

from __future__ import annotations

import threading


class CancelSignal:
    """Whether the host has given up the call that this was an argument of."""

    __slots__ = ('_event',)

    def __init__(self) -> None:
        self._event = threading.Event()

    @property
    def aborted(self) -> bool:
        return self._event.is_set()

    def wait(self, timeout: float | None = None) -> bool:
        """For threads of the tool: waits until the call is given up, and says whether it was."""
        return self._event.wait(timeout)

    def abort(self) -> None:
        self._event.set()
