"""Objects of the host that the worker uses."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable


class RemoteObject:
    """An object or function of the host, as far as it is known here."""

    __slots__ = ('number', 'is_function', 'times', 'is_released', 'proxy')

    def __init__(self, number: int, is_function: bool) -> None:
        self.number = number
        self.is_function = is_function
        self.times = 0
        """How often the host has sent it; so often it is released."""
        self.is_released = False
        self.proxy: weakref.ref | None = None


class Imports:
    """The same object is the same proxy."""

    def __init__(
        self,
        lock: threading.RLock,
        create_proxy: Callable[[RemoteObject], object],
        on_unused: Callable[[RemoteObject], None],
    ) -> None:
        self._by_number: dict[int, RemoteObject] = {}
        self._lock = lock
        self._create_proxy = create_proxy
        self._on_unused = on_unused

    @property
    def size(self) -> int:
        return len(self._by_number)

    def receive(self, number: int, is_function: bool) -> object:
        """The host has sent this object."""
        with self._lock:
            remote = self._by_number.get(number)
            if remote is None:
                remote = self._by_number[number] = RemoteObject(number, is_function)
            remote.times += 1
            proxy = remote.proxy and remote.proxy()
            if proxy is None:
                proxy = self._create_proxy(remote)
                remote.proxy = weakref.ref(proxy)
                weakref.finalize(proxy, self._on_unused, remote).atexit = False
            return proxy

    def collect(self, remote: RemoteObject) -> bool:
        """Its proxy has gone; false when it has come again meanwhile, with a proxy of its own."""
        with self._lock:
            is_used = remote.proxy is not None and remote.proxy() is not None
            return not is_used and self.remove(remote)

    def remove(self, remote: RemoteObject) -> bool:
        """Forgets it; false when it was forgotten before."""
        with self._lock:
            if remote.is_released:
                return False
            remote.is_released = True
            del self._by_number[remote.number]
            return True
